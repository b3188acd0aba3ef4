//! `yorisoi evaluate`: a model judged on rows it has not learned from.

use yorisoi::data::{DatasetOptions, Features};
use yorisoi::effects::EffectParams;
use yorisoi::{HeldOutShare, Repeats, StudyOptions};

use crate::args::EvaluateArgs;
use crate::commands::study;
use crate::failure::{Exit, Failure};
use crate::session::Session;
use crate::{asked, input, model_file, output, terminal};

/// Judges a model and prints the summary.
///
/// # Errors
///
/// A [`Failure`] where the table fits neither its roles nor the model.
pub(crate) fn run(args: &EvaluateArgs, session: &Session) -> Result<Exit, Failure> {
    let mut roles = asked::roles(&args.roles)?;
    let model = model_file::read(&args.model)?;
    roles.features = Features::Only(model.binner().names.clone());
    let plan = asked::plan(&args.plan);
    let input = input::table(&args.table, asked::columns(&roles, &plan), &session.bars)?;
    let options = StudyOptions {
        name: input.name.clone(),
        dataset: DatasetOptions::default(),
        effects: EffectParams { seed: args.seed, ..EffectParams::default() },
        held_out: HeldOutShare::Auto,
        repeats: Repeats::Auto,
        trim: args.trim,
        plan,
    };
    let mut summary = yorisoi::evaluate(&model, &input.table, &roles, &options, &session.bars)
        .map_err(|error| Failure::from(error).in_file(&input.name))?;
    summary.data.notices.splice(0..0, input.notices);
    summary.timings = session.timings();
    session.warn(&summary.data.notices);
    output::print(if session.is_json {
        study::json(&summary)?
    } else {
        terminal::study(&summary, session.lang, session.style).into_bytes()
    })?;
    let is_refused = args.require_proof && !summary.verdict.proven;
    Ok(if is_refused { Exit::NotProven } else { Exit::Ok })
}

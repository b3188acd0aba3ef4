//! `yorisoi fit`: a model from every row of a table.

use serde_json::json;
use yorisoi::data::{Progress as _, TreatmentKind};
use yorisoi::{Fitted, PlanOptions};

use crate::args::{FitArgs, JudgeArgs};
use crate::commands::study;
use crate::failure::{Exit, Failure};
use crate::session::Session;
use crate::staging::Staging;
use crate::terminal::count;
use crate::{asked, input, output};

/// Learns a model and writes it.
///
/// # Errors
///
/// A [`Failure`]; then nothing was written.
pub(crate) fn run(args: &FitArgs, session: &Session) -> Result<Exit, Failure> {
    let roles = asked::roles(&args.roles)?;
    let staging = Staging::for_file(&args.model)?;
    let plan = PlanOptions::default();
    let input = input::table(&args.table, asked::columns(&roles, &plan), &session.bars)?;
    let mut options = asked::study(input.name.clone(), plan, &JudgeArgs::default(), &args.engine);
    if args.dose {
        options.dataset.treatment = TreatmentKind::Dose;
    }
    let fitted = yorisoi::fit(&input.table, &roles, &options, &session.bars)
        .map_err(|error| Failure::from(error).in_file(&input.name))?;
    session.bars.stage("write", 0);
    staging.write("model", &fitted.model.to_bytes())?;
    staging.commit_file("model", &args.model)?;
    let timings = session.timings();
    session.warn(&input.notices);
    session.warn(&fitted.data.notices);
    if session.is_json {
        let told = json!({
            "model": args.model.display().to_string(),
            "rows": input.table.n_rows(),
            "used_rows": fitted.data.n_units(),
            "fingerprint": fitted.data.fingerprint,
            "dropped": fitted.data.dropped,
            "notices": fitted.data.notices,
            "arms": fitted.model.arm_names(),
            "features": fitted.model.binner().names,
            "tuning": fitted.tuning,
            "better": roles.better,
            "settings": options.effects,
            "timings": timings,
        });
        output::print(study::json(&told)?)?;
    } else {
        tell(args, &fitted, session);
    }
    Ok(Exit::Ok)
}

fn tell(args: &FitArgs, fitted: &Fitted, session: &Session) {
    let (rows, features) = (count(fitted.data.n_units()), count(fitted.model.binner().names.len()));
    let model = args.model.display();
    session.tell(
        &format!("model: {model}, learned from {rows} rows and {features} features"),
        &format!("モデル: {model}（{rows} 行、特徴 {features} 個から学習）"),
    );
}

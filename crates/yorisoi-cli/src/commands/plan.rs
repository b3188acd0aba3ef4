//! `yorisoi plan`: who is offered what, from effects and costs.

use std::io::BufWriter;

use serde_json::json;
use yorisoi::files::write_plan;
use yorisoi::{EffectRows, PlanTable};

use crate::args::PlanCommandArgs;
use crate::commands::study;
use crate::failure::{Exit, Failure};
use crate::session::Session;
use crate::staging::Staging;
use crate::terminal::{amount, count};
use crate::{asked, effects_file, input, output};

/// Plans and writes the plan as CSV.
///
/// # Errors
///
/// A [`Failure`]; then nothing was written.
pub(crate) fn run(args: &PlanCommandArgs, session: &Session) -> Result<Exit, Failure> {
    let options = asked::plan(&args.plan);
    let out = args.out.as_deref().filter(|out| !input::is_stdin(out));
    let staging = out.map(Staging::for_file).transpose()?;
    let rows = effects(args, session)?;
    let costs = match &args.table {
        None => None,
        Some(table) => {
            let columns = options.cost_columns().map(str::to_owned).collect();
            Some(input::table(table, Some(columns), &session.bars)?.table)
        }
    };
    let plan = yorisoi::plan(&rows, costs.as_ref(), &options, args.seed)?;
    session.timings();
    match (staging, out) {
        (Some(staging), Some(out)) => {
            let file = BufWriter::new(staging.create("plan")?);
            write_plan(file, plan.rows(&rows)).map_err(|error| study::cannot_write(&error))?;
            staging.commit_file("plan", out)?;
            if session.is_json {
                output::print(study::json(&totals(&plan, &rows.arms))?)?;
            }
        }
        _ => output::stream(|out| write_plan(out, plan.rows(&rows)))?,
    }
    let (people, spend) = (count(plan.n_reached()), amount(plan.spend()));
    session.tell(
        &format!("offers to {people} people, spending {spend}"),
        &format!("{people} 人に提案、費用 {spend}"),
    );
    Ok(Exit::Ok)
}

/// Reads the effects. The table they stand in goes before costs are read: of a million people and twenty arms each of
/// the two is most of a gigabyte.
fn effects(args: &PlanCommandArgs, session: &Session) -> Result<EffectRows, Failure> {
    let effects = input::table(&args.effects, None, &session.bars)?;
    effects_file::from_table(&effects.table).map_err(|failure| failure.in_file(&effects.name))
}

fn totals(plan: &PlanTable, arms: &[String]) -> serde_json::Value {
    let by_arm = arms.iter().zip(plan.people_by_arm());
    json!({
        "people": plan.n_reached(),
        "people_by_arm": by_arm.map(|(arm, people)| json!({"arm": arm, "people": people})).collect::<Vec<_>>(),
        "spend": plan.spend(),
        "expected_gain": plan.expected_gain(),
        "prices": plan.prices(arms),
    })
}

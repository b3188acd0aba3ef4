//! `yorisoi study`: the whole way from a table to a report.

use std::io::BufWriter;
use std::path::Path;

use yorisoi::data::{Progress as _, Roles, TreatmentKind};
use yorisoi::files::{self, write_effects, write_plan};
use yorisoi::{Study, StudyOptions};

use crate::args::StudyArgs;
use crate::commands::report;
use crate::failure::{Exit, Failure};
use crate::input::{self, Input};
use crate::session::Session;
use crate::staging::Staging;
use crate::{asked, output, terminal};

/// Studies a table and writes the five results.
///
/// # Errors
///
/// A [`Failure`]; then nothing was written.
pub(crate) fn run(args: &StudyArgs, session: &Session) -> Result<Exit, Failure> {
    let (roles, plan) = (asked::roles(&args.roles)?, asked::plan(&args.plan));
    // Before the long work, so that a place one may not write to is known at once.
    let staging = Staging::for_folder(&args.out)?;
    let input = input::table(&args.table, asked::columns(&roles, &plan), &session.bars)?;
    let mut options = asked::study(input.name.clone(), plan, &args.judge, &args.engine);
    if args.dose {
        options.dataset.treatment = TreatmentKind::Dose;
    }
    let summary_is_proven =
        study_and_write(input, &roles, &options, (staging, &args.out), session)?;
    let is_refused = args.judge.require_proof && !summary_is_proven;
    Ok(if is_refused { Exit::NotProven } else { Exit::Ok })
}

/// Studies a table, writes the results into `out`, prints what was found and returns whether it is proven.
///
/// # Errors
///
/// A [`Failure`]; then nothing was written.
pub(crate) fn study_and_write(
    input: Input,
    roles: &Roles,
    options: &StudyOptions,
    (staging, out): (Staging, &Path),
    session: &Session,
) -> Result<bool, Failure> {
    let in_file = |error: yorisoi::StudyError| Failure::from(error).in_file(&input.name);
    let mut study = yorisoi::study(&input.table, roles, options, &session.bars).map_err(in_file)?;
    // The table is the largest thing in memory, and nothing below needs it.
    drop(input.table);
    study.summary.data.notices.splice(0..0, input.notices);
    session.bars.stage("write", 0);
    write_rows(&staging, &study)?;
    study.summary.timings = session.timings();
    staging.write("summary.json", &json(&study.summary)?)?;
    staging.write("report.html", report::render(&study.summary)?.as_bytes())?;
    staging.commit_folder(out)?;

    session.warn(&study.summary.data.notices);
    output::print(if session.is_json {
        json(&study.summary)?
    } else {
        terminal::study(&study.summary, session.lang, session.style).into_bytes()
    })?;
    let report = out.join("report.html");
    let report = report.display();
    session.tell(&format!("report: {report}"), &format!("レポート: {report}"));
    Ok(study.summary.verdict.proven)
}

fn write_rows(staging: &Staging, study: &Study) -> Result<(), Failure> {
    let effects = BufWriter::new(staging.create("effects.parquet")?);
    write_effects(effects, &study.effects).map_err(|error| cannot_write(&error))?;
    let plan = BufWriter::new(staging.create("plan.csv")?);
    write_plan(plan, study.plan.rows(&study.effects)).map_err(|error| cannot_write(&error))?;
    staging.write("model.yorisoi", &study.model.to_bytes())
}

/// Returns a result as indented JSON with a line end.
///
/// # Errors
///
/// A [`Failure`] of the internal kind for what JSON cannot say.
pub(crate) fn json(result: &impl serde::Serialize) -> Result<Vec<u8>, Failure> {
    files::json(result).map_err(|error| {
        Failure::internal(
            format!("cannot write JSON: {error}"),
            format!("JSON にできません: {error}"),
        )
    })
}

/// Returns the failure of a full disk and the like.
pub(crate) fn cannot_write(error: &dyn std::fmt::Display) -> Failure {
    Failure::input(
        format!("cannot write results: {error}"),
        format!("結果を書き込めません: {error}"),
    )
    .hint("free some space there", "空き容量を確認してください")
}

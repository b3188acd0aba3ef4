//! `yorisoi ledger export`: what leaves the ledger as lines of entries, or as a table for a study?

use std::io::BufWriter;
use std::path::Path;

use serde_json::json;
use yorisoi::data::read::{ReadOptions, read_table};
use yorisoi_app::{App, Caller, Role, StudyAsk, StudyTable};

use crate::args::LedgerArgs;
use crate::commands::ledger::{broken, refuse_existing, tell};
use crate::commands::serve::{refused, runtime};
use crate::commands::study::cannot_write;
use crate::failure::{Exit, Failure};
use crate::session::Session;
use crate::staging::Staging;
use crate::{output, table_parquet};

/// Writes every entry as a line of JSON, to a new file or to standard output.
///
/// # Errors
///
/// A [`Failure`] where ledger or file cannot be used.
pub(crate) fn entries(
    app: &App,
    target: Option<&Path>,
    session: &Session,
) -> Result<Exit, Failure> {
    let Some(path) = target else {
        app.ledger().export(std::io::stdout()).map_err(broken)?;
        return Ok(Exit::Ok);
    };
    refuse_existing(path)?;
    let staging = Staging::for_file(path)?;
    let entries = app.ledger().export(staging.create("export")?).map_err(broken)?;
    staging.commit_file("export", path)?;
    let file = path.display().to_string();
    let said = (
        format!("{entries} entries written to {file}\n"),
        format!("{entries} 件の記録を {file} に書き出しました\n"),
    );
    tell(session, &json!({ "entries": entries, "file": file }), &said)
}

/// Writes the decisions with their outcomes as a table that `yorisoi study` reads.
///
/// # Errors
///
/// A [`Failure`] where there is no decision with an outcome, or the file cannot be written.
pub(crate) fn study(app: &App, args: &LedgerArgs, session: &Session) -> Result<Exit, Failure> {
    let ask = StudyAsk {
        outcome: args.outcome.clone(),
        outcome_days: args.outcome_days,
        actions: args.action.clone(),
        ..StudyAsk::default()
    };
    if let Some(path) = &args.target {
        refuse_existing(path)?;
    }
    let table = runtime()?.block_on(app.export_study(&analyst(), ask)).map_err(refused)?;
    let Some(path) = &args.target else {
        output::print(&table.csv)?;
        return Ok(Exit::Ok);
    };
    let staging = Staging::for_file(path)?;
    if path.extension().is_some_and(|it| it.eq_ignore_ascii_case("parquet")) {
        let options = ReadOptions::default();
        let name = "the table of decisions";
        let (columns, _) = read_table(name, table.csv.as_bytes(), &options, &session.bars)?;
        session.timings();
        let file = BufWriter::new(staging.create("study")?);
        table_parquet::write(file, &columns).map_err(|error| cannot_write(&error))?;
    } else {
        staging.write("study", table.csv.as_bytes())?;
    }
    staging.commit_file("study", path)?;
    say_written(&table, path, session)
}

/// What came out, what was left out, and how it is read.
fn say_written(table: &StudyTable, path: &Path, session: &Session) -> Result<Exit, Failure> {
    let file = path.display().to_string();
    let command = table.command.replacen("decisions.csv", &file, 1);
    let StudyTable { rows, without_outcome, erased, not_comparable, chances_known, .. } = table;
    let (en, ja) = if *chances_known {
        ("", "")
    } else {
        (
            "some actions were not possible for everybody, so the study estimates propensities; compare \
             a few with `--action A,B` to use the logged chances\n",
            "誰にでも可能ではなかった働きかけがあるため、確率は推定されます。`--action A,B` でいくつかに絞ると、\
             記録された確率を使えます\n",
        )
    };
    let said = (
        format!(
            "{rows} decisions written to {file}; left out: {without_outcome} without an outcome \
             yet, {erased} of people who were erased, {not_comparable} that cannot be compared\n{en}{command}\n"
        ),
        format!(
            "{rows} 件の判断を {file} に書き出しました（結果待ちの {without_outcome} 件、\
             消去された方の {erased} 件、比べられない {not_comparable} 件を除く）\n{ja}{command}\n"
        ),
    );
    let data = json!({
        "file": file, "rows": rows, "without_outcome": without_outcome, "erased": erased,
        "not_comparable": not_comparable, "chances_known": chances_known, "command": command,
    });
    tell(session, &data, &said)
}

/// Whoever can open the folder may study what is in it.
pub(crate) fn analyst() -> Caller {
    Caller { token: "console".to_owned(), role: Role::Analyst, team: None, agent: None }
}

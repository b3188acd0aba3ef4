//! `yorisoi report`: the report of a finished study, made again.

use std::path::Path;

use yorisoi::summary::Summary;

use crate::args::ReportArgs;
use crate::failure::{Exit, Failure};
use crate::session::Session;
use crate::staging::Staging;
use crate::{input, output};

/// Renders `summary.json` as HTML.
///
/// # Errors
///
/// A [`Failure`] where the summary cannot be read or the report cannot be written.
pub(crate) fn run(args: &ReportArgs, session: &Session) -> Result<Exit, Failure> {
    let path = if args.summary.is_dir() {
        args.summary.join("summary.json")
    } else {
        args.summary.clone()
    };
    let summary = read_summary(&path)?;
    let html = render(&summary)?;
    match args.out.as_deref().filter(|out| !input::is_stdin(out)) {
        None => output::print(html)?,
        Some(out) => {
            let staging = Staging::for_file(out)?;
            staging.write("report.html", html.as_bytes())?;
            staging.commit_file("report.html", out)?;
            let place = out.display();
            session.tell(&format!("report: {place}"), &format!("レポート: {place}"));
        }
    }
    Ok(Exit::Ok)
}

/// Returns the report as HTML.
///
/// # Errors
///
/// A [`Failure`] where the summary contradicts itself.
pub(crate) fn render(summary: &Summary) -> Result<String, Failure> {
    Ok(yorisoi_report::render(summary)?)
}

fn read_summary(path: &Path) -> Result<Summary, Failure> {
    let bytes = input::bytes(path)?;
    serde_json::from_slice(&bytes).map_err(|error| {
        Failure::input(
            format!("not a summary of a study: {error}"),
            format!("スタディの要約ではありません: {error}"),
        )
        .hint(
            "give the `summary.json` that `yorisoi study` wrote with this version",
            "この版の `yorisoi study` が書いた `summary.json` を指定してください",
        )
        .in_file(&input::name_of(path))
    })
}

//! `yorisoi world compare`: which policy keeps more people, and harms fewer? In worlds whose truth is known.

use comfy_table::{CellAlignment, Table, presets};
use yorisoi_rehearsal::{Comparison, PolicyKind, PolicyRow, Spread, WorldKind, compare};

use crate::args::WorldArgs;
use crate::failure::{Exit, Failure};
use crate::output;
use crate::session::Session;

/// Compares policies in every world asked for.
///
/// # Errors
///
/// A [`Failure`] of the usage kind for a name that means nothing.
pub(crate) fn run(args: &WorldArgs, session: &Session) -> Result<Exit, Failure> {
    let wrong = |error: yorisoi_rehearsal::RehearsalError| {
        Failure::usage(error.to_string(), format!("指定に誤りがあります: {error}"))
    };
    let policies: Vec<PolicyKind> = if args.policies.is_empty() {
        PolicyKind::ALL.to_vec()
    } else {
        args.policies.iter().map(|name| name.parse()).collect::<Result<_, _>>().map_err(wrong)?
    };
    let worlds: Vec<WorldKind> = if args.worlds.is_empty() {
        WorldKind::ALL.to_vec()
    } else {
        args.worlds.iter().map(|name| name.parse()).collect::<Result<_, _>>().map_err(wrong)?
    };
    let seeds: Vec<u64> = (1..=u64::from(args.seeds)).collect();
    let mut found = Vec::new();
    for world in worlds {
        session.tell(&format!("{} …", world.as_str()), &format!("{} …", world.as_str()));
        found.push(compare(world, &policies, &seeds).map_err(wrong)?);
    }
    if session.is_json {
        let text = serde_json::to_string(&found)
            .map_err(|error| Failure::internal(error.to_string(), error.to_string()))?;
        output::print(text + "\n")?;
    } else {
        for comparison in &found {
            output::print(table(comparison, session))?;
        }
    }
    Ok(Exit::Ok)
}

fn table(found: &Comparison, session: &Session) -> String {
    let pick = |en: &'static str, ja: &'static str| session.lang.pick(en, ja).to_owned();
    let title = format!(
        "{}: {} {}, {} {}\n",
        found.world.as_str(),
        found.n_clients,
        pick("clients", "人"),
        found.n_seeds,
        pick("seeds", "回"),
    );
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header([
        pick("policy", "方針"),
        pick("kept more", "続いた方の増加"),
        pick("value more", "価値の増加"),
        pick("nuisances", "ご迷惑"),
        pick("closed hearts", "閉ざされた心"),
        pick("minutes", "分"),
        pick("yorisoi ahead by", "yorisoi との差"),
    ]);
    for (row, ahead) in found.rows.iter().zip(&found.ahead_minor) {
        table.add_row(cells(row, ahead.as_ref()));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("{title}{table}\n\n")
}

fn cells(row: &PolicyRow, ahead: Option<&Spread>) -> [String; 7] {
    [
        row.policy.as_str().to_owned(),
        shown(&row.kept_more),
        shown(&row.value_more_minor),
        shown(&row.nuisances),
        shown(&row.closed_hearts),
        format!("{:.0}", row.minutes.mean),
        ahead.map_or_else(|| "–".to_owned(), shown),
    ]
}

fn shown(spread: &Spread) -> String {
    let digits = usize::from(spread.mean.abs() < 1_000.0);
    format!("{:.digits$} [{:.digits$}, {:.digits$}]", spread.mean, spread.low, spread.high)
}

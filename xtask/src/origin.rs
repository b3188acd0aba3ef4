//! Does `docs/origin.md` answer every statement of the essays, with an honest status?

use crate::markdown::table_rows;
use crate::parts::Outcome;
use crate::repo::Repo;

const ORIGIN: &str = "docs/origin.md";

/// The statements, by id.
const STATEMENTS: [&str; 18] = [
    "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "B1", "B2", "B3", "B4", "B5", "B6", "B7",
    "B8", "C1",
];

const STATUSES: [&str; 3] = ["works", "in part", "not yet"];

/// Checks that each statement has one row that ends in a status.
pub(crate) fn check(repo: &Repo) -> Outcome {
    let text = repo.read(ORIGIN)?;
    let rows: Vec<Vec<String>> = table_rows(&text).into_iter().map(|(_, cells)| cells).collect();
    let mut findings = Vec::new();
    let mut counts = [0_usize; STATUSES.len()];
    for id in STATEMENTS {
        let mut statuses =
            rows.iter().filter(|cells| cells[0] == id).filter_map(|cells| cells.last());
        match (statuses.next(), statuses.next()) {
            (Some(status), None) => match STATUSES.iter().position(|known| known == status) {
                Some(position) => counts[position] += 1,
                None => {
                    findings.push(format!("{ORIGIN}: {id} ends in `{status}`, not in a status"));
                }
            },
            (None, _) => findings.push(format!("{ORIGIN}: {id} has no row")),
            (Some(_), Some(_)) => findings.push(format!("{ORIGIN}: {id} has more than one row")),
        }
    }
    if findings.is_empty() {
        return Ok(format!("{} work, {} in part, {} not yet", counts[0], counts[1], counts[2]));
    }
    Err(findings)
}

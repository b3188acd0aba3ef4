//! `plan.csv`: who is offered what, and why the others are left in peace.

use std::io::{self, Write};

use crate::PlanRow;

/// The first line.
const HEADER: &str = "row,action,arm,effect,low,high,value,cost,group,reason";

/// Writes the plan as CSV. Numbers are written so that they read back as the same numbers.
///
/// # Errors
///
/// What the sink answers.
pub fn write_plan<'a>(
    mut sink: impl Write,
    rows: impl IntoIterator<Item = PlanRow<'a>>,
) -> io::Result<()> {
    writeln!(sink, "{HEADER}")?;
    for row in rows {
        write!(sink, "{},{},{}", row.row, row.action(), csv_field(row.arm))?;
        for number in [row.effect, row.low, row.high, row.value, row.cost] {
            // A number that is unknown is an empty field, never the word `NaN`.
            if number.is_finite() { write!(sink, ",{number}")? } else { write!(sink, ",")? }
        }
        writeln!(sink, ",{},{}", row.group_code(), row.reason.code())?;
    }
    sink.flush()
}

/// Returns a text as a CSV field, in quotes where it needs them.
pub fn csv_field(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(['"', ',', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\"")).into();
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Group, Reason};

    #[test]
    fn a_plan_row_is_one_line_and_awkward_names_are_quoted() {
        let row = PlanRow {
            row: 7,
            arm: "call, \"warm\"",
            effect: 0.1,
            low: -0.25,
            high: f64::NAN,
            value: 3.0,
            cost: 80.0,
            group: Group::Undecided,
            reason: Reason::OfferBestValue,
        };
        let mut csv = Vec::new();
        write_plan(&mut csv, [row]).unwrap();
        let expected = format!(
            "{HEADER}\n7,offer,\"call, \"\"warm\"\"\",0.1,-0.25,,3,80,undecided,offer.best_value\n"
        );
        assert_eq!(String::from_utf8(csv).unwrap(), expected);
    }
}

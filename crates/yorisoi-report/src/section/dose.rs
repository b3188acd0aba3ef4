//! What does one unit more mean? The amounts, who could have got another, and what cannot be said.

use maud::html;
use yorisoi::summary::Dose;

use super::Section;
use super::arms::{BalanceWords, arms_with_balance, balance};
use crate::chart::Table;
use crate::number;
use crate::study::Study;
use crate::text::Text;
use crate::words::dose as words;

const BALANCE: BalanceWords = BalanceWords {
    title: words::LOVE,
    note: words::LOVE_NOTE,
    axis: words::LOVE_AXIS,
    adjusted: words::ADJUSTED,
};

/// Returns the section.
pub(crate) fn section(study: &Study<'_>, dose: &Dose) -> Section {
    let body = html! {
        p.lead { (words::LEAD) }
        ul.plain { @for limit in &words::CANNOT { li { (limit) } } }
        div.figures {
            @for (i, arm) in arms_with_balance(study).into_iter().enumerate() {
                (balance(study, i, arm, &BALANCE))
            }
        }
        h3 { (words::TABLE) } (table(dose))
    };
    Section { id: "arms", title: words::TITLE, body }
}

fn table(dose: &Dose) -> Table {
    let range = Text::join(&[number::trimmed(dose.low), number::trimmed(dose.high)], " to ", "〜");
    let mut table = Table::new(vec![words::QUANTITY, words::NUMBER]);
    table.row(&[&words::MEAN, &number::trimmed(dose.mean)]);
    table.row(&[&words::STD_DEV, &number::trimmed(dose.std_dev)]);
    table.row(&[&words::RANGE, &range]);
    table.row(&[&words::ALIKE, &number::trimmed(dose.std_dev_alike)]);
    table.row(&[&words::EXPLAINED, &number::percent(dose.explained)]);
    table.row(&[&words::FIXED, &number::percent(dose.share_fixed)]);
    table.row(&[&words::IN_RANGE, &number::percent(dose.share_in_range)]);
    table
}

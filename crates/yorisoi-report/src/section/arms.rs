//! Can the arms be compared? How alike they were before, and where they overlap.

use maud::{Markup, html};
use yorisoi::summary::{Balance, Overlap};

use super::{LeftOut, Outcome, Section};
use crate::chart::{Axis, Figure, LARGE, LoveRow, Table, love, mirrored};
use crate::limits;
use crate::number;
use crate::study::Study;
use crate::text::{Name, Text};
use crate::words::{arms as words, codes, page, proof};

/// Returns the section.
pub(crate) fn section(study: &Study<'_>) -> Outcome {
    let (summary, title) = (study.summary, words::TITLE);
    if summary.balance.is_empty() && summary.overlap.is_empty() {
        return Err(LeftOut { title, why: proof::ARMS_MISSING });
    }
    // A propensity that is the same for everyone makes a histogram with one bar: no picture.
    let overlap =
        summary.overlap.iter().filter(|entry| study.is_in_focus(&entry.arm) && varies(entry));
    let body = html! {
        p.lead { (words::LEAD) }
        p { (in_words(study)) }
        div.figures {
            @for (i, arm) in arms_with_balance(study).into_iter().enumerate() { (balance(study, i, arm, &ARMS)) }
            @for (i, entry) in overlap.enumerate() { (histogram(i, entry)) }
        }
        @if !summary.overlap.is_empty() { h3 { (words::TABLE) } (overlap_table(&summary.overlap)) }
    };
    Ok(Section { id: "arms", title, body })
}

fn in_words(study: &Study<'_>) -> Text {
    let summary = study.summary;
    // Counted so that a difference that is no number counts as large.
    let small = summary.balance.iter().filter(|entry| entry.smd_weighted.abs() <= LARGE).count();
    let all = summary.balance.len();
    let thin = summary.overlap.iter().map(|entry| entry.share_thin).fold(0.0, f64::max);
    let balance =
        (all > 0).then(|| words::balance(&number::count(all - small), &number::count(all)));
    let overlap = (!summary.overlap.is_empty()).then(|| match thin {
        thin if thin > 0.0 => words::thin(&number::percent(thin)),
        _ => words::NOT_THIN,
    });
    Text::sentences(balance.into_iter().chain(overlap))
}

/// Arms whose balance is drawn.
pub(super) fn arms_with_balance<'a>(study: &Study<'a>) -> Vec<&'a str> {
    let mut arms: Vec<&str> = Vec::new();
    for entry in &study.summary.balance {
        if study.is_in_focus(&entry.arm) && !arms.contains(&entry.arm.as_str()) {
            arms.push(&entry.arm);
        }
    }
    arms
}

/// What a picture of balance says.
pub(super) struct BalanceWords {
    /// Its title.
    pub(super) title: Text,
    /// What is to be seen.
    pub(super) note: Text,
    /// The axis.
    pub(super) axis: Text,
    /// Heading of the numbers after adjusting.
    pub(super) adjusted: Text,
}

const ARMS: BalanceWords = BalanceWords {
    title: words::LOVE,
    note: words::LOVE_NOTE,
    axis: words::LOVE_AXIS,
    adjusted: words::WEIGHTED,
};

/// Draws the balance of an arm.
pub(super) fn balance(study: &Study<'_>, i: usize, arm: &str, says: &BalanceWords) -> Markup {
    let mut entries: Vec<&Balance> =
        study.summary.balance.iter().filter(|entry| entry.arm == arm).collect();
    let size = |entry: &Balance| entry.smd.abs().max(entry.smd_weighted.abs());
    entries.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let all = entries.len();
    entries.truncate(limits::ROWS);
    let mut table = Table::new(vec![page::FEATURE, words::RAW, says.adjusted.clone()]);
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        let name = Name::new(&entry.feature);
        let (raw, weighted) = (number::signed(entry.smd, 3), number::signed(entry.smd_weighted, 3));
        table.row(&[&name, &raw, &weighted]);
        rows.push(LoveRow { name, raw: entry.smd.abs(), weighted: entry.smd_weighted.abs() });
    }
    let note = if all > rows.len() {
        let cut = page::cut(&number::count(rows.len()), &number::count(all));
        Text::sentences([says.note.clone(), cut])
    } else {
        says.note.clone()
    };
    let figure = Figure {
        id: ("love", i),
        title: says.title.clone(),
        arm: Some(Name::new(arm)),
        note,
        drawing: love(&rows, &Axis::plain(says.axis.clone())),
        table,
    };
    figure.markup()
}

fn varies(entry: &Overlap) -> bool {
    let filled = |cells: &[usize]| cells.iter().filter(|count| **count > 0).count();
    filled(&entry.histogram_treated) > 1 || filled(&entry.histogram_control) > 1
}

fn histogram(i: usize, entry: &Overlap) -> Markup {
    let cells =
        entry.histogram_treated.len().min(entry.histogram_control.len()).min(limits::POINTS);
    let (treated, control) = (&entry.histogram_treated[..cells], &entry.histogram_control[..cells]);
    let mut table = Table::new(vec![words::CELL, words::GOT_IT, words::CONTROL]);
    for (cell, (up, down)) in treated.iter().zip(control).enumerate() {
        let edge = |cell: usize| number::percent(cell as f64 / cells as f64);
        let range = Text::join(&[edge(cell), edge(cell + 1)], " to ", "〜");
        table.row(&[&range, &number::count(*up), &number::count(*down)]);
    }
    let axes = (&Axis::percent(words::PROPENSITY_AXIS), &Axis::mirrored(words::SHARE_OF_GROUP));
    let figure = Figure {
        id: ("overlap", i),
        title: words::OVERLAP,
        arm: Some(Name::new(&entry.arm)),
        note: words::OVERLAP_NOTE,
        drawing: mirrored((treated, &words::GOT_IT), (control, &words::CONTROL), axes),
        table,
    };
    figure.markup()
}

fn overlap_table(overlap: &[Overlap]) -> Table {
    let head = vec![page::ARM, words::SOURCE, words::MIN, words::MAX, words::THIN, words::TRIMMED];
    let mut table = Table::new(head);
    for entry in overlap.iter().take(limits::ROWS) {
        let source = codes::source(&entry.source)
            .unwrap_or_else(|| Text::same(Name::new(&entry.source).short));
        table.row(&[
            &Name::new(&entry.arm),
            &source,
            &number::percent(entry.min),
            &number::percent(entry.max),
            &number::percent(entry.share_thin),
            &number::percent(entry.share_trimmed),
        ]);
    }
    table
}

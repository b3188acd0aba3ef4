//! How does the effect change along each feature, as a straight line?

use maud::{Markup, html};
use yorisoi::summary::Projection;

use super::{LeftOut, Outcome, Section};
use crate::chart::{Axis, Figure, IntervalRow, Table, Tone, intervals};
use crate::limits;
use crate::number;
use crate::study::Study;
use crate::text::{Name, Text};
use crate::words::{page, proof as words};

/// Returns the section.
pub(crate) fn section(study: &Study<'_>) -> Outcome {
    let title = words::PROJECTION_TITLE;
    let mut arms: Vec<&str> = Vec::new();
    for entry in &study.summary.best_linear_projection {
        if study.is_in_focus(&entry.arm) && !arms.contains(&entry.arm.as_str()) {
            arms.push(&entry.arm);
        }
    }
    if arms.is_empty() {
        return Err(LeftOut { title, why: words::PROJECTION_MISSING });
    }
    let body = html! {
        p.lead { (words::PROJECTION_LEAD) }
        div.figures { @for (i, arm) in arms.into_iter().enumerate() { (figure(study, i, arm)) } }
    };
    Ok(Section { id: "projection", title, body })
}

fn figure(study: &Study<'_>, i: usize, arm: &str) -> Markup {
    let (entries, all) = strongest(study, arm);
    let format = study.format(entries.iter().map(|entry| &entry.value));
    let mut table =
        Table::new(vec![page::FEATURE, page::ESTIMATE, page::INTERVAL, page::STD_ERROR]);
    let mut rows = Vec::with_capacity(entries.len());
    for entry in &entries {
        let value = &entry.value;
        let (name, words) = feature(&entry.feature);
        table.rows.push(vec![
            html! { @if let Some(words) = &words { (words) } @if let Some(name) = &name { (name) } },
            html! { (format.amount(value.estimate)) },
            html! { (format.bare_interval(value.low, value.high)) },
            html! { (format.half_width(value.std_error)) },
        ]);
        // The mean is an effect, not a change of one: it stands in the table, off the picture's axis.
        if name.is_none() {
            continue;
        }
        rows.push(IntervalRow {
            name,
            words: None,
            numbers: study.numbers(value),
            printed: format.amount(value.estimate),
            tone: Tone::of(value.low, value.high),
        });
    }
    let note = if all > entries.len() {
        let cut = page::cut(&number::count(entries.len()), &number::count(all));
        Text::sentences([words::PROJECTION_NOTE, cut])
    } else {
        words::PROJECTION_NOTE
    };
    let figure = Figure {
        id: ("projection", i),
        title: words::PROJECTION,
        arm: Some(Name::new(arm)),
        note,
        drawing: intervals(&rows, &Axis::signed(words::PROJECTION_AXIS)),
        table,
    };
    figure.markup()
}

/// The mean first, then features by how clearly they matter; and how many there were.
fn strongest<'a>(study: &Study<'a>, arm: &str) -> (Vec<&'a Projection>, usize) {
    let all = study.summary.best_linear_projection.iter().filter(|entry| entry.arm == arm);
    let mut entries: Vec<&Projection> = all.collect();
    let clarity = |entry: &Projection| {
        let z = (entry.value.estimate / entry.value.std_error).abs();
        if entry.feature == "(mean)" {
            f64::INFINITY
        } else if z.is_nan() {
            -1.0
        } else {
            z
        }
    };
    entries.sort_by(|a, b| clarity(b).total_cmp(&clarity(a)));
    let n_entries = entries.len();
    entries.truncate(limits::ROWS);
    (entries, n_entries)
}

fn feature(name: &str) -> (Option<Name>, Option<Text>) {
    if name == "(mean)" {
        (None, Some(words::PROJECTION_MEAN))
    } else {
        (Some(Name::new(name)), None)
    }
}

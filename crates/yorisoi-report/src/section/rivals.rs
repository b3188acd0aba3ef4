//! Is the plan better than simpler rules? Paired differences on held-out rows.

use maud::{Markup, Render, html};
use yorisoi::summary::Comparison;

use super::{LeftOut, Outcome, Section};
use crate::chart::{Axis, Figure, IntervalRow, Table, Tone, intervals};
use crate::limits;
use crate::study::Study;
use crate::text::{Name, Text};
use crate::words::{page, plan as words, proof};

/// Returns the section.
pub(crate) fn section(study: &Study<'_>) -> Outcome {
    let (comparisons, title) = (&study.summary.plan.comparisons, words::RIVALS_TITLE);
    if comparisons.is_empty() {
        return Err(LeftOut { title, why: proof::RIVALS_MISSING });
    }
    let body = html! {
        p.lead { (words::RIVALS_LEAD) }
        div.figures { (figure(study, comparisons)) }
    };
    Ok(Section { id: "rivals", title, body })
}

fn figure(study: &Study<'_>, comparisons: &[Comparison]) -> Markup {
    let format = study.format(comparisons.iter().map(|entry| &entry.difference));
    let mut table = Table::new(vec![words::RULE, page::ESTIMATE, page::INTERVAL, page::N]);
    let mut rows = Vec::with_capacity(comparisons.len());
    for entry in comparisons.iter().take(limits::ROWS) {
        let (rule, name) = rule(&entry.against);
        let value = &entry.difference;
        table.rows.push(vec![
            html! { @if let Some(rule) = &rule { (rule) " " } @if let Some(name) = &name { (name) } },
            format.amount(value.estimate).render(),
            format.bare_interval(value.low, value.high).render(),
            crate::number::count(value.n).render(),
        ]);
        rows.push(IntervalRow {
            name,
            words: rule,
            numbers: study.numbers(value),
            printed: format.amount(value.estimate),
            tone: Tone::of(value.low, value.high),
        });
    }
    let axis = study.per_person_axis();
    let figure = Figure {
        id: ("rivals", 0),
        title: words::RIVALS_FIGURE,
        arm: None,
        note: words::RIVALS_NOTE,
        drawing: intervals(&rows, &Axis::signed(axis)),
        table,
    };
    figure.markup()
}

/// A rule's code as words and, where it is about one arm, the arm's name.
fn rule(code: &str) -> (Option<Text>, Option<Name>) {
    match code.split_once(':') {
        Some(("treat_all", arm)) => (Some(words::TREAT_ALL), Some(Name::new(arm))),
        _ => match code {
            "treat_none" => (Some(words::TREAT_NONE), None),
            "risk" => (Some(words::RISK), None),
            other => (None, Some(Name::new(other))),
        },
    }
}

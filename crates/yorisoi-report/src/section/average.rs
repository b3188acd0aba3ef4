//! What does each help do on average? A forest plot, a sentence an arm, and every average in numbers.

use maud::{Markup, html};
use yorisoi::data::Better;
use yorisoi::summary::{Arm, Value};

use super::{LeftOut, Outcome, Section};
use crate::chart::{Axis, Figure, IntervalRow, Table, Tone, intervals};
use crate::limits;
use crate::number::{self, Format, Unit};
use crate::study::Study;
use crate::text::{Name, Text};
use crate::words::{page, people as words};

/// Returns the section.
pub(crate) fn section(study: &Study<'_>) -> Outcome {
    let title = words::AVERAGE_TITLE;
    let treated: Vec<(&Arm, &Value)> = study
        .summary
        .arms
        .iter()
        .filter_map(|arm| arm.ate.as_ref().map(|ate| (arm, ate)))
        .take(limits::ROWS)
        .collect();
    if treated.is_empty() {
        return Err(LeftOut { title, why: words::AVERAGE_MISSING });
    }
    let format = study.format(treated.iter().map(|(_, ate)| *ate));
    let body = html! {
        ul.says { @for (arm, ate) in &treated { li { (says(study, arm, ate, format)) } } }
        div.figures { (figure(study, &treated, format)) }
        (all_numbers(study, format))
    };
    Ok(Section { id: "average", title, body })
}

fn says(study: &Study<'_>, arm: &Arm, ate: &Value, format: Format) -> Text {
    let name = Name::new(&arm.arm).inline();
    let (amount, interval) = (format.amount(ate.estimate), format.interval(ate.low, ate.high));
    let says = match (Tone::of(ate.low, ate.high), study.better()) {
        (Tone::Help, Better::More) => words::raises,
        (Tone::Harm, Better::More) => words::lowers,
        (Tone::Help, Better::Less) => words::reduces,
        (Tone::Harm, Better::Less) => words::increases,
        _ => return words::unclear(&name, &study.outcome, &interval),
    };
    says(&name, &study.outcome, &amount, &interval)
}

fn figure(study: &Study<'_>, treated: &[(&Arm, &Value)], format: Format) -> Markup {
    let mut table = Table::new(vec![page::ARM, words::ATE, page::INTERVAL]);
    let rows: Vec<IntervalRow> = treated
        .iter()
        .map(|(arm, ate)| {
            let name = Name::new(&arm.arm);
            table.row(&[&name, &format.amount(ate.estimate), &format.interval(ate.low, ate.high)]);
            IntervalRow {
                name: Some(name),
                words: None,
                numbers: study.numbers(ate),
                printed: format.amount(ate.estimate),
                tone: Tone::of(ate.low, ate.high),
            }
        })
        .collect();
    let figure = Figure {
        id: ("average", 0),
        title: words::AVERAGE_FIGURE,
        arm: None,
        note: words::AVERAGE_NOTE,
        drawing: intervals(&rows, &Axis::signed(study.effect_axis())),
        table,
    };
    figure.markup()
}

fn all_numbers(study: &Study<'_>, format: Format) -> Table {
    let head = vec![
        page::ARM,
        page::ROWS,
        words::MEAN_OUTCOME,
        words::ATE,
        words::ATT,
        words::ATO,
        words::DIFFERENCE,
    ];
    let mut table = Table::new(head);
    for arm in study.summary.arms.iter().take(limits::ROWS + 1) {
        let effect = |value: &Option<Value>| effect(value.as_ref(), format);
        table.row(&[
            &Name::new(&arm.arm),
            &number::count(arm.rows),
            &mean(study, arm.mean_outcome),
            &effect(&arm.ate),
            &effect(&arm.att),
            &effect(&arm.ato),
            &effect(&arm.difference),
        ]);
    }
    table
}

fn mean(study: &Study<'_>, mean: f64) -> Text {
    match study.unit {
        Unit::Points => number::percent(mean),
        Unit::Outcome => number::trimmed(mean),
    }
}

/// An effect over its interval, in two lines.
fn effect(value: Option<&Value>, format: Format) -> Markup {
    html! {
        @if let Some(value) = value {
            (format.amount(value.estimate))
            span.under { (format.bare_interval(value.low, value.high)) }
        } @else { (number::DASH) }
    }
}

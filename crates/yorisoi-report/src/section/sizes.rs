//! Are the sizes right? Predicted against found by tenth, and the calibration test.

use maud::{Markup, html};
use yorisoi::summary::{Calibration, Value};

use super::{LeftOut, Outcome, Section};
use crate::chart::{Axis, Figure, ScatterPoint, Table, scatter};
use crate::number::{self, Format, Unit};
use crate::study::Study;
use crate::text::{Name, Text};
use crate::words::{page, proof as words};

/// Returns the section.
pub(crate) fn section(study: &Study<'_>) -> Outcome {
    let (calibration, title) = (&study.summary.calibration, words::SIZES_TITLE);
    if calibration.is_empty() {
        return Err(LeftOut { title, why: words::SIZES_MISSING });
    }
    let shown = calibration
        .iter()
        .filter(|entry| study.is_in_focus(&entry.arm) && !entry.tenths.is_empty());
    let body = html! {
        p.lead { (words::SIZES_LEAD) }
        div.figures { @for (i, entry) in shown.enumerate() { (figure(study, i, entry)) } }
        h3 { (words::TEST_TABLE) }
        (test(calibration))
        p.note { (words::P_NOTE) }
    };
    Ok(Section { id: "sizes", title, body })
}

fn figure(study: &Study<'_>, i: usize, entry: &Calibration) -> Markup {
    let format = study.format(entry.tenths.iter().map(|tenth| &tenth.found));
    let mut table =
        Table::new(vec![words::TENTH, words::PREDICTED, words::FOUND, page::INTERVAL, page::N]);
    let mut points = Vec::with_capacity(entry.tenths.len());
    for tenth in entry.tenths.iter().take(crate::limits::ROWS) {
        let found = &tenth.found;
        table.row(&[
            &number::count(tenth.tenth),
            &format.amount(tenth.predicted),
            &format.amount(found.estimate),
            &format.bare_interval(found.low, found.high),
            &number::count(found.n),
        ]);
        points.push(ScatterPoint {
            predicted: tenth.predicted * study.unit.factor(),
            found: study.numbers(found),
            label: Some(Text::same(tenth.tenth.to_string())),
        });
    }
    let axes = (&Axis::signed(words::PREDICTED_AXIS), &Axis::signed(study.effect_axis()));
    let figure = Figure {
        id: ("tenths", i),
        title: words::CALIBRATION,
        arm: Some(Name::new(&entry.arm)),
        note: words::CALIBRATION_NOTE,
        drawing: scatter(&points, axes),
        table,
    };
    figure.markup()
}

fn test(calibration: &[Calibration]) -> Table {
    let head = vec![page::ARM, words::COEFFICIENT, page::ESTIMATE, page::INTERVAL, words::P_VALUE];
    let mut table = Table::new(head);
    for entry in calibration.iter().take(crate::limits::ROWS) {
        let name = Name::new(&entry.arm);
        let none = Text::same(String::new());
        row(&mut table, &name, (&words::MEAN, &entry.mean, &none));
        row(
            &mut table,
            &name,
            (&words::DIFFERENTIAL, &entry.differential, &p_value(entry.p_value)),
        );
    }
    table
}

fn row(table: &mut Table, name: &Name, (what, value, p_value): (&Text, &Value, &Text)) {
    // Coefficients are pure numbers whatever the outcome's unit.
    let format = Format::of(Unit::Outcome, [value]);
    table.row(&[
        name,
        what,
        &format.amount(value.estimate),
        &format.interval(value.low, value.high),
        p_value,
    ]);
}

fn p_value(p_value: f64) -> Text {
    if p_value < 0.0001 {
        return Text::same("< 0.0001".to_owned());
    }
    number::decimal(p_value, 4)
}

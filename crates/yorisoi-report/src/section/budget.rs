//! What does a budget buy? The gain along the spend, with band, random choice and the plan's place.

use maud::{Markup, html};
use yorisoi::summary::Plan;

use super::{LeftOut, Outcome, Section};
use crate::chart::{Axis, BandPoint, CurveSpec, Figure, Flag, Table, curve};
use crate::limits;
use crate::number::{self, Format, Unit};
use crate::study::Study;
use crate::words::{page, plan as words, proof};

/// Returns the section.
pub(crate) fn section(study: &Study<'_>) -> Outcome {
    let plan = &study.summary.plan;
    let (title, lead) = if study.counts_people() {
        (words::PEOPLE_CURVE_TITLE, words::PEOPLE_CURVE_LEAD)
    } else {
        (words::CURVE_TITLE, words::CURVE_LEAD)
    };
    if plan.curve.len() < 2 {
        return Err(LeftOut { title, why: proof::CURVE_MISSING });
    }
    let body = html! {
        p.lead { (lead) }
        div.figures { (figure(study, plan)) }
    };
    Ok(Section { id: "budget", title, body })
}

fn figure(study: &Study<'_>, plan: &Plan) -> Markup {
    let half_widths = plan.curve.iter().map(|point| (point.high - point.low) / 4.0);
    let format = Format::new(Unit::Outcome, half_widths);
    let head =
        vec![words::SPEND_HEAD, page::PEOPLE, words::GAIN_HEAD, page::BAND, words::RANDOM_HEAD];
    let mut table = Table::new(head);
    for point in limits::thin(&plan.curve, limits::CURVE_ROWS) {
        table.row(&[
            &number::money(point.spend),
            &number::count(point.people),
            &format.amount(point.gain),
            &format.interval(point.low, point.high),
            &format.amount(point.random),
        ]);
    }
    let (title, note) = if study.counts_people() {
        (words::PEOPLE_CURVE_FIGURE, words::PEOPLE_CURVE_NOTE)
    } else {
        (words::CURVE_FIGURE, words::CURVE_NOTE)
    };
    let figure = Figure {
        id: ("budget", 0),
        title,
        arm: None,
        note,
        drawing: curve(&spec(study, plan)),
        table,
    };
    figure.markup()
}

fn spec(study: &Study<'_>, plan: &Plan) -> CurveSpec {
    let shown = limits::thin(&plan.curve, limits::POINTS);
    let points = shown.iter().map(|point| BandPoint {
        x: point.spend,
        y: point.gain,
        low: point.low,
        high: point.high,
    });
    let random = shown.iter().map(|point| (point.spend, point.random)).collect();
    let flag = (plan.people > 0).then_some(Flag {
        x: plan.spend,
        y: plan.gain.estimate,
        words: words::FLAG,
    });
    CurveSpec {
        points: points.collect(),
        words: words::PICKED,
        reference: Some((random, words::RANDOM)),
        flag,
        x_axis: Axis::compact(if study.counts_people() {
            words::PEOPLE_AXIS
        } else {
            words::SPEND_AXIS
        }),
        y_axis: Axis::signed(study.gain_axis()),
    }
}

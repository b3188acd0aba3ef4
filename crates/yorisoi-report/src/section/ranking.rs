//! Is the ranking real? TOC and Qini with their bands, and the averages that test them.

use maud::{Markup, html};
use yorisoi::summary::{Curve, Rate};

use super::{LeftOut, Outcome, Section};
use crate::chart::{Axis, BandPoint, CurveSpec, Figure, Table, Tone, curve};
use crate::limits;
use crate::number;
use crate::study::Study;
use crate::text::{Name, Text};
use crate::words::{codes, page, proof as words};

/// Returns the section.
pub(crate) fn section(study: &Study<'_>) -> Outcome {
    let (summary, title) = (study.summary, words::RANKING_TITLE);
    if summary.rate.is_empty() && summary.curves.is_empty() {
        return Err(LeftOut { title, why: words::RANKING_MISSING });
    }
    let of_kind = |kind: &'static str| {
        let curves = summary.curves.iter().filter(move |curve| curve.kind == kind);
        curves.filter(|curve| study.is_in_focus(&curve.arm)).enumerate()
    };
    let body = html! {
        p.lead { (words::RANKING_LEAD) }
        @if !summary.rate.is_empty() { (rates(study, &summary.rate)) }
        div.figures {
            @for (i, curve) in of_kind("toc") { (figure(study, ("toc", i), curve)) }
            @for (i, curve) in of_kind("qini") { (figure(study, ("qini", i), curve)) }
        }
    };
    Ok(Section { id: "ranking", title, body })
}

fn rates(study: &Study<'_>, rates: &[Rate]) -> Markup {
    let format = study.format(rates.iter().map(|rate| &rate.value));
    let head = vec![
        page::ARM,
        words::TARGET,
        page::ESTIMATE,
        page::INTERVAL,
        page::STD_ERROR,
        page::READING,
    ];
    let mut table = Table::new(head);
    for rate in rates.iter().take(2 * limits::ROWS) {
        let value = &rate.value;
        let reading = match Tone::of(value.low, value.high) {
            Tone::Help => words::REAL,
            Tone::Harm => words::WRONG,
            Tone::Unknown | Tone::Rest => words::NOT_PROVEN,
        };
        table.row(&[
            &Name::new(&rate.arm),
            &codes::target(&rate.target),
            &format.amount(value.estimate),
            &format.bare_interval(value.low, value.high),
            &format.half_width(value.std_error),
            &reading,
        ]);
    }
    html! { h3 { (words::RATE_TABLE) } (table) }
}

fn figure(study: &Study<'_>, id: (&'static str, usize), data: &Curve) -> Markup {
    let is_toc = id.0 == "toc";
    let (title, note) =
        if is_toc { (words::TOC, words::TOC_NOTE) } else { (words::QINI, words::QINI_NOTE) };
    let figure = Figure {
        id,
        title,
        arm: Some(Name::new(&data.arm)),
        note,
        drawing: curve(&spec(study, data, is_toc)),
        table: table(study, data),
    };
    figure.markup()
}

fn spec(study: &Study<'_>, data: &Curve, is_toc: bool) -> CurveSpec {
    let factor = study.unit.factor();
    let points: Vec<BandPoint> = limits::thin(&data.points, limits::POINTS)
        .into_iter()
        .map(|point| BandPoint {
            x: point.share,
            y: point.estimate * factor,
            low: point.low * factor,
            high: point.high * factor,
        })
        .collect();
    // A Qini curve ends at the average effect, wherever it goes before; random choice is the chord.
    let last = points.last().map(|point| (point.x, point.y));
    let reference = last.filter(|_| !is_toc).map(|end| (vec![(0.0, 0.0), end], words::AT_RANDOM));
    CurveSpec {
        points,
        words: words::BY_RANK,
        reference,
        flag: None,
        x_axis: Axis::percent(words::SHARE_AXIS),
        y_axis: Axis::signed(y_title(study, is_toc)),
    }
}

fn y_title(study: &Study<'_>, is_toc: bool) -> Text {
    if is_toc { study.effect_axis() } else { study.per_person_axis() }
}

fn table(study: &Study<'_>, data: &Curve) -> Table {
    let half_widths = data.points.iter().map(|point| (point.high - point.low) / 4.0);
    let format = number::Format::new(study.unit, half_widths);
    let mut table = Table::new(vec![page::SHARE, page::ESTIMATE, page::BAND]);
    for point in limits::thin(&data.points, limits::CURVE_ROWS) {
        table.row(&[
            &number::percent(point.share),
            &format.amount(point.estimate),
            &format.bare_interval(point.low, point.high),
        ]);
    }
    table
}

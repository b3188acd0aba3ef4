//! How far do effects differ from person to person, how surely, and along which features?

use maud::{Markup, html};
use yorisoi::summary::EffectSpread;

use super::{LeftOut, Outcome, Section};
use crate::chart::{Axis, BandPoint, Bar, Figure, Table, bars, histogram, ranked};
use crate::limits;
use crate::number::{self, Format};
use crate::study::Study;
use crate::text::Name;
use crate::words::{page, proof as words};

/// Returns the section.
pub(crate) fn section(study: &Study<'_>) -> Outcome {
    let title = words::SPREAD_TITLE;
    let shown: Vec<&EffectSpread> =
        study.summary.effects.iter().filter(|spread| study.is_in_focus(&spread.arm)).collect();
    if shown.is_empty() {
        return Err(LeftOut { title, why: words::SPREAD_MISSING });
    }
    let half_widths: Vec<_> = shown
        .iter()
        .map(|spread| {
            (
                Name::new(&spread.arm).inline(),
                format(study, spread).half_width(spread.mean_half_width),
            )
        })
        .collect();
    let body = html! {
        p.lead { (words::spread_lead(&half_widths)) }
        div.figures {
            @for (i, spread) in shown.iter().filter(|spread| !spread.ranked.is_empty()).enumerate() { (in_order(study, i, spread)) }
            @for (i, spread) in shown.iter().filter(|spread| !spread.counts.is_empty()).enumerate() { (cells(study, i, spread)) }
            @for (i, spread) in shown.iter().filter(|spread| !spread.importance.is_empty()).enumerate() { (importance(i, spread)) }
        }
    };
    Ok(Section { id: "spread", title, body })
}

/// Effects of single people keep the precision of their own intervals.
fn format(study: &Study<'_>, spread: &EffectSpread) -> Format {
    Format::new(study.unit, [spread.mean_half_width / yorisoi::data::Z_95])
}

fn in_order(study: &Study<'_>, i: usize, spread: &EffectSpread) -> Markup {
    let (factor, format) = (study.unit.factor(), format(study, spread));
    let points: Vec<BandPoint> = limits::thin(&spread.ranked, limits::POINTS)
        .into_iter()
        .map(|point| BandPoint {
            x: point.share,
            y: point.effect * factor,
            low: point.low * factor,
            high: point.high * factor,
        })
        .collect();
    let mut table = Table::new(vec![words::RANK, words::EFFECT, page::INTERVAL]);
    for point in limits::thin(&spread.ranked, limits::CURVE_ROWS) {
        table.row(&[
            &words::rank_at(&number::percent(point.share)),
            &format.amount(point.effect),
            &format.bare_interval(point.low, point.high),
        ]);
    }
    let axes = (&Axis::percent(words::RANK_AXIS), &Axis::signed(study.effect_axis()));
    let figure = Figure {
        id: ("ranked", i),
        title: words::RANKED,
        arm: Some(Name::new(&spread.arm)),
        note: words::RANKED_NOTE,
        drawing: ranked(&points, axes),
        table,
    };
    figure.markup()
}

fn cells(study: &Study<'_>, i: usize, spread: &EffectSpread) -> Markup {
    let (factor, format) = (study.unit.factor(), format(study, spread));
    let edges: Vec<f64> =
        spread.edges.iter().take(limits::POINTS).map(|edge| edge * factor).collect();
    let mut table = Table::new(vec![words::FROM, words::TO, page::PEOPLE]);
    for (cell, count) in spread.edges.windows(2).zip(&spread.counts).take(3 * limits::ROWS) {
        table.row(&[&format.bare(cell[0]), &format.bare(cell[1]), &number::count(*count)]);
    }
    let axes = (&Axis::signed(study.effect_axis()), &Axis::plain(page::PEOPLE));
    let figure = Figure {
        id: ("histogram", i),
        title: words::HISTOGRAM,
        arm: Some(Name::new(&spread.arm)),
        note: words::HISTOGRAM_NOTE,
        drawing: histogram(&edges, &spread.counts, axes),
        table,
    };
    figure.markup()
}

fn importance(i: usize, spread: &EffectSpread) -> Markup {
    const SHOWN: usize = 10;
    let mut table = Table::new(vec![page::FEATURE, words::IMPORTANCE_HEAD]);
    let all: Vec<Bar> = spread
        .importance
        .iter()
        .take(SHOWN)
        .map(|entry| {
            let (name, printed) = (Name::new(&entry.feature), number::percent(entry.share));
            table.row(&[&name, &printed]);
            Bar { name, value: entry.share, printed }
        })
        .collect();
    let figure = Figure {
        id: ("importance", i),
        title: words::IMPORTANCE,
        arm: Some(Name::new(&spread.arm)),
        note: words::IMPORTANCE_NOTE,
        drawing: bars(&all),
        table,
    };
    figure.markup()
}

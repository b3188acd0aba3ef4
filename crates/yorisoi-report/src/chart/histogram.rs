//! How are numbers spread? Bars over cells.

use super::WIDTH;
use super::frame::{AXIS_ROOM, Area, Axis, Sample, legend, legend_height, x_axis, y_axis, y_room};
use super::scale::{Domain, Scale};
use super::svg::Svg;
use crate::text::Text;

const HEIGHT: f64 = 150.0;

/// Draws counts over cells; cells below zero are hatched.
pub(crate) fn histogram(edges: &[f64], counts: &[usize], axes: (&Axis, &Axis)) -> Svg {
    let x_domain = Domain::covering(edges.iter().copied());
    let heights = counts.iter().map(|count| *count as f64);
    let y_domain = Domain::covering(heights.chain([0.0]));
    let left = y_room(y_domain, axes.1);
    let area = Area { left, right: WIDTH - 10.0, top: 32.0, bottom: 32.0 + HEIGHT };
    let mut svg = Svg::new(area.bottom + AXIS_ROOM);
    let x = x_axis(&mut svg, area, x_domain, axes.0);
    let y = y_axis(&mut svg, area, y_domain, axes.1);
    for (cell, count) in edges.windows(2).zip(counts) {
        let (from, to) = (x.at(cell[0]), x.at(cell[1]));
        let class =
            if f64::midpoint(cell[0], cell[1]) < 0.0 { "cell hatch-harm" } else { "cell f-help" };
        let top = y.at(*count as f64);
        svg.rect(class, (from + 0.5, top), (to - from - 1.0).max(0.5), area.bottom - top);
    }
    if x_domain.low < 0.0 && x_domain.high > 0.0 {
        svg.line("zero", (x.at(0.0), area.top), (x.at(0.0), area.bottom));
    }
    svg
}

/// Draws two groups' shares over equal cells of 0 to 1: the first upwards, the second downwards.
pub(crate) fn mirrored(
    up: (&[usize], &Text),
    down: (&[usize], &Text),
    axes: (&Axis, &Axis),
) -> Svg {
    let items = [
        (Sample::Patch("cell f-help"), up.1.clone()),
        (Sample::Patch("cell hatch-rest"), down.1.clone()),
    ];
    let (above, below) = (shares(up.0), shares(down.0));
    let highest = |shares: &[f64]| shares.iter().copied().fold(0.05, f64::max);
    let y_domain = Domain { low: -highest(&below), high: highest(&above) }.padded(0.06);
    let (left, top) = (y_room(y_domain, axes.1), legend_height(&items) + 32.0);
    let area = Area { left, right: WIDTH - 10.0, top, bottom: top + HEIGHT + 30.0 };
    let mut svg = Svg::new(area.bottom + AXIS_ROOM);
    legend(&mut svg, 0.0, &items);
    let x = x_axis(&mut svg, area, Domain { low: 0.0, high: 1.0 }, axes.0);
    let y = y_axis(&mut svg, area, y_domain, axes.1);
    draw_cells(&mut svg, "cell f-help", &above, (&x, &y, 1.0));
    draw_cells(&mut svg, "cell hatch-rest", &below, (&x, &y, -1.0));
    svg.line("zero", (area.left, y.at(0.0)), (area.right, y.at(0.0)));
    svg
}

fn shares(counts: &[usize]) -> Vec<f64> {
    let total = counts.iter().sum::<usize>().max(1) as f64;
    counts.iter().map(|count| *count as f64 / total).collect()
}

fn draw_cells(svg: &mut Svg, class: &str, shares: &[f64], (x, y, sign): (&Scale, &Scale, f64)) {
    let width = 1.0 / shares.len().max(1) as f64;
    for (i, share) in shares.iter().enumerate() {
        let (from, to) = (x.at(width * i as f64), x.at(width * (i + 1) as f64));
        let (zero, end) = (y.at(0.0), y.at(sign * share));
        svg.rect(class, (from + 0.5, zero.min(end)), to - from - 1.0, (zero - end).abs());
    }
}

//! How far do people differ? Everyone's effect in order, each with its interval.

use super::WIDTH;
use super::curve::BandPoint;
use super::frame::{
    AXIS_ROOM, Area, Axis, Sample, legend, legend_height, x_axis, y_axis, y_room, zero_line,
};
use super::scale::Domain;
use super::svg::{Svg, Tone};
use crate::words;

/// Draws effects in order (a caterpillar plot). Intervals beyond zero are drawn thicker, those below
/// zero also dashed, so that the three kinds differ without colour.
pub(crate) fn ranked(points: &[BandPoint], axes: (&Axis, &Axis)) -> Svg {
    let items = [
        (Sample::Line("whisker s-help"), words::page::ABOVE_ZERO.clone()),
        (Sample::Line("whisker thin s-unknown"), words::page::COVERS_ZERO.clone()),
        (Sample::Line("whisker dashes s-harm"), words::page::BELOW_ZERO.clone()),
    ];
    let top = legend_height(&items) + 32.0;
    let ends = points.iter().flat_map(|point| [point.low, point.high, point.y]);
    let y_domain = Domain::covering(ends.chain([0.0])).padded(0.04);
    let left = y_room(y_domain, axes.1);
    let area = Area { left, right: WIDTH - 10.0, top, bottom: top + 200.0 };
    let mut svg = Svg::new(area.bottom + AXIS_ROOM);
    legend(&mut svg, 0.0, &items);
    let x = x_axis(&mut svg, area, Domain { low: 0.0, high: 1.0 }, axes.0);
    let y = y_axis(&mut svg, area, y_domain, axes.1);
    for point in points {
        let class = match Tone::of(point.low, point.high) {
            Tone::Help => "whisker s-help",
            Tone::Harm => "whisker dashes s-harm",
            Tone::Unknown | Tone::Rest => "whisker thin s-unknown",
        };
        svg.line(class, (x.at(point.x), y.at(point.low)), (x.at(point.x), y.at(point.high)));
    }
    zero_line(&mut svg, area, y_domain, &y);
    let line: Vec<_> = points.iter().map(|point| (x.at(point.x), y.at(point.y))).collect();
    svg.path("line s-ink", &line);
    svg
}

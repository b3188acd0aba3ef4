//! Do two numbers agree? Predicted against found, with the line on which they would be the same.

use super::WIDTH;
use super::frame::{
    AXIS_ROOM, Area, Axis, Sample, legend, legend_height, x_axis, y_axis, y_room, zero_line,
};
use super::scale::Domain;
use super::svg::{Svg, Tone};
use crate::text::Text;
use crate::words;

/// One group of people.
#[derive(Debug, Clone)]
pub(crate) struct ScatterPoint {
    /// What was predicted.
    pub(crate) predicted: f64,
    /// What was found: estimate, lower end, upper end.
    pub(crate) found: [f64; 3],
    /// A short label, or none.
    pub(crate) label: Option<Text>,
}

/// Draws predicted against found.
pub(crate) fn scatter(points: &[ScatterPoint], axes: (&Axis, &Axis)) -> Svg {
    let items = [
        (Sample::Dot("f-help"), words::page::FOUND_TENTH.clone()),
        (Sample::Line("line ref"), words::page::AGREEMENT.clone()),
    ];
    let top = legend_height(&items) + 32.0;
    let x_domain = Domain::covering(points.iter().map(|point| point.predicted)).padded(0.06);
    let found = points.iter().flat_map(|point| point.found);
    let ends = found.chain([x_domain.low, x_domain.high, 0.0]);
    let y_domain = Domain::covering(ends).padded(0.04);
    let left = y_room(y_domain, axes.1);
    let area = Area { left, right: WIDTH - 14.0, top, bottom: top + 220.0 };
    let mut svg = Svg::new(area.bottom + AXIS_ROOM);
    legend(&mut svg, 0.0, &items);
    let x = x_axis(&mut svg, area, x_domain, axes.0);
    let y = y_axis(&mut svg, area, y_domain, axes.1);
    zero_line(&mut svg, area, y_domain, &y);
    let agreement = [x_domain.low, x_domain.high].map(|value| (x.at(value), y.at(value)));
    svg.path("line ref", &agreement);
    for point in points {
        let [estimate, low, high] = point.found.map(|number| y.at(number));
        let place = x.at(point.predicted);
        let tone = Tone::of(point.found[1], point.found[2]);
        svg.line(&format!("bar s-{}", tone.class()), (place, low), (place, high));
        svg.mark(tone, (place, estimate));
        if let Some(label) = &point.label {
            svg.text("tick mid halo", (place, high - 6.0), label);
        }
    }
    svg
}

//! How alike are two groups before anything was done? A love plot: imbalance before and after weighting.

use super::WIDTH;
use super::frame::{AXIS_ROOM, Area, Axis, Sample, legend, legend_height, x_axis};
use super::scale::Domain;
use super::svg::Svg;
use crate::text::Name;
use crate::words;

/// One feature.
#[derive(Debug, Clone)]
pub(crate) struct LoveRow {
    /// Its name.
    pub(crate) name: Name,
    /// Absolute standardised difference, raw.
    pub(crate) raw: f64,
    /// The same after weighting.
    pub(crate) weighted: f64,
}

/// Differences beyond this are by custom no longer called small.
pub(crate) const LARGE: f64 = 0.1;

const ROW: f64 = 34.0;

/// Draws a love plot.
pub(crate) fn love(rows: &[LoveRow], axis: &Axis) -> Svg {
    let items = [
        (Sample::Dot("hollow s-ink"), words::page::RAW.clone()),
        (Sample::Dot("f-help"), words::page::WEIGHTED.clone()),
        (Sample::Line("line ref"), words::page::LARGE.clone()),
    ];
    let top = legend_height(&items) + 6.0;
    let bottom = top + ROW * rows.len() as f64;
    let area = Area { left: 8.0, right: WIDTH - 10.0, top: top + 17.0, bottom };
    let mut svg = Svg::new(bottom + AXIS_ROOM);
    legend(&mut svg, 0.0, &items);
    let numbers = rows.iter().flat_map(|row| [row.raw, row.weighted]);
    let domain = Domain::covering(numbers.chain([0.0, LARGE * 1.25]));
    let scale = x_axis(&mut svg, area, domain, axis);
    svg.line("line ref", (scale.at(LARGE), area.top), (scale.at(LARGE), bottom));
    for (i, row) in rows.iter().enumerate() {
        let y = top + ROW * i as f64;
        svg.rect("paper", (0.0, y + 1.0), WIDTH, 16.0);
        svg.name("t", (area.left, y + 13.0), &row.name, WIDTH - 20.0);
        let (raw, weighted) = (scale.at(row.raw), scale.at(row.weighted));
        svg.line("join", (raw, y + 24.0), (weighted, y + 24.0));
        svg.circle("f-help", (weighted, y + 24.0), 4.2);
        svg.circle("hollow s-ink", (raw, y + 24.0), 5.2);
    }
    svg
}

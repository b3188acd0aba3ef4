//! How does something grow along a share or a budget, and how sure is that? A line with its band.

use super::WIDTH;
use super::frame::{
    AXIS_ROOM, Area, Axis, Sample, legend, legend_height, x_axis, y_axis, y_room, zero_line,
};
use super::scale::{Domain, Scale};
use super::svg::{Svg, width_of};
use crate::text::Text;
use crate::words;

/// A point of a curve with its band.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BandPoint {
    /// Place along the axis.
    pub(crate) x: f64,
    /// Estimate.
    pub(crate) y: f64,
    /// Lower end of the band.
    pub(crate) low: f64,
    /// Upper end.
    pub(crate) high: f64,
}

/// A place on the curve that has a name.
#[derive(Debug, Clone)]
pub(crate) struct Flag {
    /// Place along the axis.
    pub(crate) x: f64,
    /// Height.
    pub(crate) y: f64,
    /// What it is.
    pub(crate) words: Text,
}

/// Everything a picture of a curve needs.
#[derive(Debug)]
pub(crate) struct CurveSpec {
    /// The curve.
    pub(crate) points: Vec<BandPoint>,
    /// What the curve is.
    pub(crate) words: Text,
    /// A dashed line to compare with, and what it is.
    pub(crate) reference: Option<(Vec<(f64, f64)>, Text)>,
    /// A named place.
    pub(crate) flag: Option<Flag>,
    /// The horizontal axis.
    pub(crate) x_axis: Axis,
    /// The vertical axis.
    pub(crate) y_axis: Axis,
}

const HEIGHT: f64 = 196.0;

/// Draws a curve with its band.
pub(crate) fn curve(spec: &CurveSpec) -> Svg {
    let items = legend_items(spec);
    let top = legend_height(&items) + 32.0;
    let x_domain = Domain::covering(spec.points.iter().map(|point| point.x).chain([0.0]));
    let y_domain = heights(spec, x_domain);
    let left = y_room(y_domain, &spec.y_axis);
    let area = Area { left, right: WIDTH - 10.0, top, bottom: top + HEIGHT };
    let mut svg = Svg::new(area.bottom + AXIS_ROOM);
    legend(&mut svg, 0.0, &items);
    let x = x_axis(&mut svg, area, x_domain, &spec.x_axis);
    let y = y_axis(&mut svg, area, y_domain, &spec.y_axis);
    draw_band(&mut svg, spec, &x, &y);
    zero_line(&mut svg, area, y_domain, &y);
    if let Some((line, _)) = &spec.reference {
        let line: Vec<_> =
            line.iter().map(|(share, height)| (x.at(*share), y.at(*height))).collect();
        svg.path("line ref", &line);
    }
    let line: Vec<_> = spec.points.iter().map(|point| (x.at(point.x), y.at(point.y))).collect();
    svg.path("line s-help", &line);
    if let Some(flag) = &spec.flag {
        let floor = y.at(0.0).min(area.bottom);
        draw_flag(&mut svg, flag, Area { bottom: floor, ..area }, (x.at(flag.x), y.at(flag.y)));
    }
    svg
}

fn legend_items(spec: &CurveSpec) -> Vec<(Sample, Text)> {
    let mut items = vec![
        (Sample::Line("line s-help"), spec.words.clone()),
        (Sample::Patch("band"), words::page::BAND.clone()),
    ];
    if let Some((_, words)) = &spec.reference {
        items.insert(1, (Sample::Line("line ref"), words.clone()));
    }
    items
}

/// The heights worth showing: the band at its very first points is so wide that it would flatten the
/// rest, so only the curve itself counts there.
fn heights(spec: &CurveSpec, x: Domain) -> Domain {
    let settled = x.low + 0.1 * (x.high - x.low);
    let band = spec.points.iter().filter(|point| point.x >= settled);
    let band = band.flat_map(|point| [point.low, point.high]);
    let line = spec.points.iter().map(|point| point.y);
    let reference = spec.reference.iter().flat_map(|(line, _)| line.iter().map(|point| point.1));
    let flag = spec.flag.iter().map(|flag| flag.y);
    Domain::covering(band.chain(line).chain(reference).chain(flag).chain([0.0])).padded(0.05)
}

fn draw_band(svg: &mut Svg, spec: &CurveSpec, x: &Scale, y: &Scale) {
    let upper = spec.points.iter().map(|point| (x.at(point.x), y.at(point.high)));
    let lower = spec.points.iter().map(|point| (x.at(point.x), y.at(point.low)));
    let (upper, lower): (Vec<_>, Vec<_>) = (upper.collect(), lower.collect());
    let corners: Vec<_> = upper.iter().chain(lower.iter().rev()).copied().collect();
    svg.shape("band", &corners);
    svg.path("edge", &upper);
    svg.path("edge", &lower);
}

fn draw_flag(svg: &mut Svg, flag: &Flag, area: Area, (x, y): (f64, f64)) {
    svg.line("drop", (x, y), (x, area.bottom));
    svg.shape("f-ink", &[(x, y - 6.0), (x + 6.0, y), (x, y + 6.0), (x - 6.0, y)]);
    let width = width_of(&flag.words.en).max(width_of(&flag.words.ja)) + 10.0;
    let fits_right = x + width <= area.right;
    let (class, x) =
        if fits_right { ("t halo strong", x + 9.0) } else { ("t halo strong end", x - 9.0) };
    svg.text(class, (x, area.bottom - 7.0), &flag.words);
}

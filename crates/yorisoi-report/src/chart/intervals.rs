//! How sure is each of several effects? A row each: the name, the number, and its interval on one axis.

use super::WIDTH;
use super::frame::{AXIS_ROOM, Area, Axis, x_axis};
use super::scale::{Domain, Scale};
use super::svg::{Svg, Tone, width_of};
use crate::text::{Name, Text};

/// One row of a forest plot, in the units of the axis.
#[derive(Debug, Clone)]
pub(crate) struct IntervalRow {
    /// Its name, if it comes from the data.
    pub(crate) name: Option<Name>,
    /// Words before the name, or instead of it.
    pub(crate) words: Option<Text>,
    /// Estimate, lower end, upper end.
    pub(crate) numbers: [f64; 3],
    /// The estimate as written.
    pub(crate) printed: Text,
    /// What it means.
    pub(crate) tone: Tone,
}

const ROW: f64 = 46.0;
const TOP: f64 = 6.0;
const EDGE: f64 = 10.0;

/// Draws a forest plot.
pub(crate) fn intervals(rows: &[IntervalRow], axis: &Axis) -> Svg {
    let bottom = TOP + ROW * rows.len() as f64;
    let area = Area { left: EDGE, right: WIDTH - EDGE, top: TOP + 20.0, bottom };
    let mut svg = Svg::new(bottom + AXIS_ROOM);
    let numbers = rows.iter().flat_map(|row| row.numbers);
    let domain = Domain::covering(numbers.chain([0.0])).padded(0.04);
    let scale = x_axis(&mut svg, area, domain, axis);
    svg.line("zero", (scale.at(0.0), area.top), (scale.at(0.0), bottom));
    for (i, row) in rows.iter().enumerate() {
        draw_row(&mut svg, TOP + ROW * i as f64, row, &scale);
    }
    svg
}

fn draw_row(svg: &mut Svg, top: f64, row: &IntervalRow, scale: &Scale) {
    let baseline = top + 15.0;
    // Clears the grid behind the words.
    svg.rect("paper", (0.0, top + 1.0), WIDTH, 19.0);
    let printed = width_of(&row.printed.en).max(width_of(&row.printed.ja)) * 1.08;
    let mut x = 0.0;
    if let Some(words) = &row.words {
        svg.text("t", (x, baseline), words);
        // The name begins after the longer of the two languages.
        x += width_of(&words.en).max(width_of(&words.ja)) + 6.0;
    }
    if let Some(name) = &row.name {
        svg.name("t strong", (x, baseline), name, WIDTH - printed - 12.0 - x);
    }
    svg.text("t strong end", (WIDTH, baseline), &row.printed);
    draw_interval(svg, top + 31.0, row.numbers, (row.tone, scale));
}

fn draw_interval(svg: &mut Svg, y: f64, numbers: [f64; 3], (tone, scale): (Tone, &Scale)) {
    let [estimate, low, high] = numbers.map(|number| scale.at(number));
    let class = format!("bar s-{}", tone.class());
    svg.line(&class, (low, y), (high, y));
    svg.line(&class, (low, y - 4.0), (low, y + 4.0));
    svg.line(&class, (high, y - 4.0), (high, y + 4.0));
    svg.mark(tone, (estimate, y));
}

/// Draws one interval against zero, as an ornament beside the number it belongs to.
pub(crate) fn interval_glyph(numbers: [f64; 3]) -> Svg {
    let domain = Domain::covering(numbers.into_iter().chain([0.0])).padded(0.08);
    let scale = Scale::new(domain, (4.0, GLYPH_WIDTH - 4.0));
    let mut svg = Svg::new(44.0);
    svg.line("axis", (0.0, 18.0), (GLYPH_WIDTH, 18.0));
    svg.line("zero", (scale.at(0.0), 4.0), (scale.at(0.0), 32.0));
    let place = match scale.at(0.0) {
        x if x < 20.0 => "tick",
        x if x > GLYPH_WIDTH - 20.0 => "tick end",
        _ => "tick mid",
    };
    svg.text(place, (scale.at(0.0), 43.0), &Text::same("0".to_owned()));
    draw_interval(&mut svg, 18.0, numbers, (Tone::of(numbers[1], numbers[2]), &scale));
    svg
}

/// Width of the sheet of [`interval_glyph`].
pub(crate) const GLYPH_WIDTH: f64 = 240.0;

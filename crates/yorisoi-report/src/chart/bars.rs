//! How large are the parts? Bars of one kind, bars that lean to a side, and one bar cut into parts.

use super::WIDTH;
use super::svg::{Svg, Tone, width_of};
use crate::text::{Name, Text};

/// One bar.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    /// Its name.
    pub(crate) name: Name,
    /// Its length.
    pub(crate) value: f64,
    /// Its length as written.
    pub(crate) printed: Text,
}

/// Draws bars under their names.
pub(crate) fn bars(all: &[Bar]) -> Svg {
    const ROW: f64 = 36.0;
    let mut svg = Svg::new(ROW * all.len() as f64 + 2.0);
    let longest =
        all.iter().map(|bar| bar.value).filter(|value| value.is_finite()).fold(0.0, f64::max);
    for (i, bar) in all.iter().enumerate() {
        let top = ROW * i as f64;
        let printed = width_of(&bar.printed.en).max(width_of(&bar.printed.ja));
        svg.name("t", (0.0, top + 14.0), &bar.name, WIDTH - printed - 12.0);
        svg.text("t strong end", (WIDTH, top + 14.0), &bar.printed);
        svg.rect("track", (0.0, top + 20.0), WIDTH, 8.0);
        svg.rect("f-ink", (0.0, top + 20.0), WIDTH * (bar.value / longest).max(0.0), 8.0);
    }
    svg
}

/// One part of a whole.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// What it is.
    pub(crate) words: Text,
    /// Its share of the whole.
    pub(crate) share: f64,
    /// Its share as written.
    pub(crate) printed: Text,
    /// Fill class: a colour or a pattern.
    pub(crate) fill: &'static str,
}

/// Draws one bar cut into parts, and a line of words for each.
pub(crate) fn stack(parts: &[Part]) -> Svg {
    const ROW: f64 = 27.0;
    const BAR: f64 = 40.0;
    let mut svg = Svg::new(BAR + 14.0 + ROW * parts.len() as f64);
    let total: f64 = parts.iter().map(|part| part.share).filter(|share| share.is_finite()).sum();
    let mut x = 0.0;
    for part in parts {
        let width = WIDTH * part.share / total;
        svg.rect(&format!("part {}", part.fill), (x, 1.0), width, BAR - 2.0);
        if width.is_finite() {
            x += width;
        }
    }
    for (i, part) in parts.iter().enumerate() {
        let y = BAR + 14.0 + ROW * i as f64;
        svg.rect(&format!("part {}", part.fill), (1.0, y), 20.0, 15.0);
        svg.text("t", (30.0, y + 12.0), &part.words);
        svg.text("t strong end", (WIDTH, y + 12.0), &part.printed);
    }
    svg
}

/// Width of the sheet of [`leaning_bar`].
pub(crate) const LEANING_WIDTH: f64 = 240.0;

/// Draws one bar that leans right where a number is positive and left where it is negative, as an
/// ornament beside the words it belongs to. `largest` fills a whole side.
pub(crate) fn leaning_bar(value: f64, largest: f64, tone: Tone) -> Svg {
    let mut svg = Svg::new(12.0);
    let middle = LEANING_WIDTH / 2.0;
    svg.rect("track", (0.0, 2.0), LEANING_WIDTH, 8.0);
    let length = (value.abs() / largest).min(1.0) * (middle - 2.0);
    let left = if value < 0.0 { middle - length } else { middle };
    let fill = match tone {
        Tone::Help => "f-help",
        _ => "hatch-rest",
    };
    svg.rect(&format!("part {fill}"), (left, 1.0), length, 10.0);
    svg.line("zero", (middle, 0.0), (middle, 12.0));
    svg
}

//! What can be put on a sheet? Lines, shapes and words, never a number that is none.

use std::fmt::Write;

use maud::{Markup, PreEscaped, Render, html};

use super::WIDTH;
use crate::text::{Name, Text};

/// What a mark means. Each meaning has its colour, its shape and its fill pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// The whole interval lies above zero.
    Help,
    /// The whole interval lies below zero.
    Harm,
    /// The interval covers zero, or there is none.
    Unknown,
    /// No effect, everyone else, or no meaning of this kind.
    Rest,
}

impl Tone {
    /// What an interval shows.
    pub(crate) fn of(low: f64, high: f64) -> Self {
        if low > 0.0 && high.is_finite() {
            Self::Help
        } else if high < 0.0 && low.is_finite() {
            Self::Harm
        } else {
            Self::Unknown
        }
    }

    /// The class that carries the colour.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Help => "help",
            Self::Harm => "harm",
            Self::Unknown => "unknown",
            Self::Rest => "rest",
        }
    }
}

/// A place on the sheet.
pub(crate) type Point = (f64, f64);

/// A sheet being drawn on. Anything with a coordinate that is not finite is left out.
#[derive(Debug, Clone)]
pub(crate) struct Svg {
    height: f64,
    body: String,
}

impl Svg {
    /// An empty sheet.
    pub(crate) fn new(height: f64) -> Self {
        Self { height, body: String::new() }
    }

    /// Draws a straight line.
    pub(crate) fn line(&mut self, class: &str, from: Point, to: Point) {
        if finite(&[from.0, from.1, to.0, to.1]) {
            let (x1, y1, x2, y2) = (at(from.0), at(from.1), at(to.0), at(to.1));
            self.push(format_args!(
                r#"<line class="{class}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>"#
            ));
        }
    }

    /// Draws a rectangle from its upper left corner.
    pub(crate) fn rect(&mut self, class: &str, corner: Point, width: f64, height: f64) {
        if finite(&[corner.0, corner.1, width, height]) && width > 0.0 && height > 0.0 {
            let (x, y, w, h) = (at(corner.0), at(corner.1), at(width), at(height));
            self.push(format_args!(
                r#"<rect class="{class}" x="{x}" y="{y}" width="{w}" height="{h}"/>"#
            ));
        }
    }

    /// Draws a circle.
    pub(crate) fn circle(&mut self, class: &str, centre: Point, radius: f64) {
        if finite(&[centre.0, centre.1]) {
            let (x, y) = (at(centre.0), at(centre.1));
            self.push(format_args!(
                r#"<circle class="{class}" cx="{x}" cy="{y}" r="{}"/>"#,
                at(radius)
            ));
        }
    }

    /// Draws a line through points, or nothing where fewer than two are finite.
    pub(crate) fn path(&mut self, class: &str, points: &[Point]) {
        let steps = steps(points);
        if !steps.is_empty() {
            self.push(format_args!(r#"<path class="{class}" d="{steps}"/>"#));
        }
    }

    /// Fills the shape with these corners.
    pub(crate) fn shape(&mut self, class: &str, corners: &[Point]) {
        let steps = steps(corners);
        if !steps.is_empty() {
            self.push(format_args!(r#"<path class="{class}" d="{steps}Z"/>"#));
        }
    }

    /// Draws the mark of a tone: a filled diamond, a filled triangle pointing down, a hollow circle.
    pub(crate) fn mark(&mut self, tone: Tone, (x, y): Point) {
        match tone {
            Tone::Help => {
                let corners = [(x, y - 6.0), (x + 6.0, y), (x, y + 6.0), (x - 6.0, y)];
                self.shape("f-help", &corners);
            }
            Tone::Harm => {
                let corners = [(x - 6.0, y - 5.0), (x + 6.0, y - 5.0), (x, y + 6.0)];
                self.shape("f-harm", &corners);
            }
            Tone::Unknown => self.circle("hollow s-unknown", (x, y), 4.8),
            Tone::Rest => self.circle("f-rest", (x, y), 4.2),
        }
    }

    /// Writes words, once in each language.
    pub(crate) fn text(&mut self, class: &str, place: Point, text: &Text) {
        if text.en == text.ja {
            self.words(class, place, r#" translate="no""#, &text.en);
        } else {
            self.words(class, place, r#" lang="en""#, &text.en);
            self.words(class, place, r#" lang="ja""#, &text.ja);
        }
    }

    /// Writes a name, cut where it is wider than `room`.
    pub(crate) fn name(&mut self, class: &str, place: Point, name: &Name, room: f64) {
        let fitted = fit(&name.inline(), room);
        let full = name.full.as_deref().unwrap_or(&name.short);
        if fitted == name.inline() && name.full.is_none() {
            self.words(class, place, r#" translate="no""#, &fitted);
            return;
        }
        if finite(&[place.0, place.1]) {
            let tip = html! { (full) }.into_string();
            let words = html! { (fitted) }.into_string();
            let (x, y) = (at(place.0), at(place.1));
            self.push(format_args!(
                r#"<text class="{class}" translate="no" x="{x}" y="{y}"><title>{tip}</title>{words}</text>"#
            ));
        }
    }

    /// Returns the finished sheet as an image that `title` names and `note` describes (both ids).
    pub(crate) fn image(
        self,
        (title_id, title): (&str, &Text),
        (note_id, note): (&str, &Text),
    ) -> Markup {
        let view = format!("0 0 {WIDTH} {}", at(self.height));
        html! {
            svg xmlns="http://www.w3.org/2000/svg" viewBox=(view) role="img"
                aria-labelledby=(title_id) aria-describedby=(note_id) {
                (both("title", title)) (both("desc", note))
                (PreEscaped(self.body))
            }
        }
    }

    /// Returns the finished sheet as an ornament: everything it says also stands beside it in words.
    pub(crate) fn ornament(self, width: f64) -> Markup {
        let view = format!("0 0 {} {}", at(width), at(self.height));
        html! {
            svg.ornament xmlns="http://www.w3.org/2000/svg" viewBox=(view) aria-hidden="true" focusable="false" {
                (PreEscaped(self.body))
            }
        }
    }

    fn words(&mut self, class: &str, (x, y): Point, attribute: &str, words: &str) {
        if finite(&[x, y]) {
            let words = html! { (words) }.into_string();
            self.push(format_args!(
                r#"<text class="{class}"{attribute} x="{}" y="{}">{words}</text>"#,
                at(x),
                at(y)
            ));
        }
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.body.write_fmt(element);
    }
}

/// Returns the fill patterns that the style sheet refers to, on an invisible sheet.
pub(crate) fn patterns() -> Markup {
    PreEscaped(include_str!("patterns.svg").to_owned())
}

/// Estimates how wide a text is at the pictures' text size. Browsers differ; this errs to the wide side.
pub(crate) fn width_of(text: &str) -> f64 {
    let width = |c: char| match c {
        '\u{2066}'..='\u{2069}' => 0.0,
        'i' | 'l' | 'j' | '.' | ',' | ' ' | '\'' | '|' | ':' => 4.0,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 11.0,
        c if c >= '\u{2E80}' => 12.8,
        c if c.is_uppercase() => 8.8,
        _ => 7.2,
    };
    text.chars().map(width).sum()
}

/// Cuts a text where it would be wider than `room`.
pub(crate) fn fit(text: &str, room: f64) -> String {
    if width_of(text) <= room {
        return text.to_owned();
    }
    let mut used = width_of("…");
    let kept = text.chars().take_while(|c| {
        used += width_of(c.encode_utf8(&mut [0; 4]));
        used <= room
    });
    let mut cut: String = kept.collect();
    // An isolate that was opened must also be closed.
    if cut.starts_with('\u{2068}') {
        cut.push('\u{2069}');
    }
    cut + "…"
}

fn both(element: &str, text: &Text) -> Markup {
    let variant = |lang: &str, words: &str| {
        let words = words.render().into_string();
        format!(r#"<{element} lang="{lang}">{words}</{element}>"#)
    };
    PreEscaped(variant("en", &text.en) + &variant("ja", &text.ja))
}

fn steps(points: &[Point]) -> String {
    let drawn: Vec<String> = points
        .iter()
        .filter(|(x, y)| finite(&[*x, *y]))
        .map(|(x, y)| format!("{} {}", at(*x), at(*y)))
        .collect();
    if drawn.len() < 2 { String::new() } else { format!("M{}", drawn.join("L")) }
}

fn finite(coordinates: &[f64]) -> bool {
    coordinates.iter().all(|value| value.is_finite())
}

/// Writes a coordinate to a tenth of a unit, which is finer than a pixel.
fn at(coordinate: f64) -> String {
    let text = format!("{coordinate:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_none_leaves_nothing_on_the_sheet() {
        let mut svg = Svg::new(10.0);
        svg.line("axis", (f64::NAN, 0.0), (1.0, 1.0));
        svg.rect("f-rest", (0.0, 0.0), f64::INFINITY, 1.0);
        svg.circle("f-rest", (0.0, f64::NEG_INFINITY), 1.0);
        svg.path("s-help", &[(0.0, 0.0), (f64::NAN, 1.0)]);
        svg.text("t", (f64::NAN, 0.0), &Text::say("a", "b"));
        assert_eq!(svg.body, "");
    }

    #[test]
    fn a_line_is_one_short_element() {
        let mut svg = Svg::new(10.0);
        svg.line("axis", (0.0, 1.25), (10.04, -0.01));
        assert_eq!(svg.body, r#"<line class="axis" x1="0" y1="1.2" x2="10" y2="0"/>"#);
    }

    #[test]
    fn words_stand_once_in_each_language_and_are_escaped() {
        let mut svg = Svg::new(10.0);
        svg.text("t", (1.0, 2.0), &Text::say("a & b", "あ"));
        assert_eq!(
            svg.body,
            "<text class=\"t\" lang=\"en\" x=\"1\" y=\"2\">a &amp; b</text>\
             <text class=\"t\" lang=\"ja\" x=\"1\" y=\"2\">あ</text>"
        );
    }

    #[test]
    fn a_long_name_is_cut_to_its_room_and_keeps_its_full_form() {
        let mut svg = Svg::new(10.0);
        svg.name("t", (0.0, 0.0), &Name::new("a rather long column name"), 60.0);
        assert!(svg.body.contains("<title>a rather long column name</title>"), "{}", svg.body);
        assert!(svg.body.contains("…</text>"), "{}", svg.body);
    }

    #[test]
    fn an_interval_has_the_tone_of_what_it_rules_out() {
        assert_eq!(Tone::of(0.1, 0.2), Tone::Help);
        assert_eq!(Tone::of(-0.2, -0.1), Tone::Harm);
        assert_eq!(Tone::of(-0.1, 0.1), Tone::Unknown);
        assert_eq!(Tone::of(f64::NAN, 0.1), Tone::Unknown);
        assert_eq!(Tone::of(0.1, f64::INFINITY), Tone::Unknown);
    }
}

//! The report's pictures for other pages: the same drawing, the same care, one implementation.
//!
//! Each function returns a whole figure: title, drawing that a screen reader can name, how to read it,
//! and the numbers as a table. Words come in both languages; the page's style sheet shows one.

use jiff::civil::Date;
use maud::{Markup, html};
use yorisoi::summary::Words;

use crate::chart::{
    self, Axis, BandPoint, CurveSpec, Figure, Flag, GLYPH_WIDTH, IntervalRow, Part, Table, Tone,
};
use crate::number;
use crate::text::Text;
use crate::words;

/// What stands around a picture.
#[derive(Debug, Clone)]
pub struct Caption {
    /// A short word, unique on the page, for its ids.
    pub id: &'static str,
    /// Its name.
    pub title: Words,
    /// How to read it.
    pub note: Words,
}

/// How the numbers at an axis are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Differences, with their sign.
    Signed,
    /// Plain numbers.
    Plain,
    /// Shares, as percentages.
    Percent,
    /// Large amounts, written shortly.
    Compact,
    /// Whole days after this one, as dates.
    Days(Date),
}

/// A line with its band.
#[derive(Debug, Clone)]
pub struct Curve {
    /// What stands around it.
    pub caption: Caption,
    /// Place, estimate, lower and upper end; in order of place.
    pub points: Vec<[f64; 4]>,
    /// What the line is.
    pub line: Words,
    /// A dashed line to compare with, and what it is.
    pub reference: Option<(Vec<(f64, f64)>, Words)>,
    /// A named place on the line.
    pub flag: Option<(f64, f64, Words)>,
    /// What lies along, and how it is written.
    pub x: (Words, Scale),
    /// What stands up, and how it is written.
    pub y: (Words, Scale),
}

/// Draws a curve with its band and its table of at most 41 rows.
pub fn curve(spec: &Curve) -> Markup {
    let band = |p: &[f64; 4]| BandPoint { x: p[0], y: p[1], low: p[2], high: p[3] };
    let drawing = chart::curve(&CurveSpec {
        points: spec.points.iter().map(band).collect(),
        words: text(&spec.line),
        reference: spec.reference.as_ref().map(|(line, words)| (line.clone(), text(words))),
        flag: spec.flag.as_ref().map(|(x, y, words)| Flag { x: *x, y: *y, words: text(words) }),
        x_axis: axis(&spec.x),
        y_axis: axis(&spec.y),
    });
    let mut table = Table::new(vec![text(&spec.x.0), text(&spec.y.0), words::page::BAND]);
    let step = spec.points.len().div_ceil(40).max(1);
    // The last point is the number that stands elsewhere on the page.
    let last = spec.points.len().saturating_sub(1);
    let shown = spec.points.iter().enumerate().filter(|(i, _)| i % step == 0 || *i == last);
    for (_, point) in shown {
        let range = Text::same(format!(
            "{} – {}",
            written(point[2], spec.y.1),
            written(point[3], spec.y.1)
        ));
        table.row(&[
            &Text::same(written(point[0], spec.x.1)),
            &Text::same(written(point[1], spec.y.1)),
            &range,
        ]);
    }
    framed(&spec.caption, drawing, table)
}

/// One row of a picture of intervals.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is about.
    pub name: Words,
    /// Estimate, lower and upper end.
    pub numbers: [f64; 3],
}

/// Draws a row each for several estimates: the name, the number, the interval on one axis.
pub fn intervals(caption: &Caption, rows: &[Row], along: &(Words, Scale)) -> Markup {
    let printed = |row: &Row| Text::same(written(row.numbers[0], along.1));
    let drawn: Vec<_> = rows
        .iter()
        .map(|row| IntervalRow {
            name: None,
            words: Some(text(&row.name)),
            numbers: row.numbers,
            printed: printed(row),
            tone: Tone::of(row.numbers[1], row.numbers[2]),
        })
        .collect();
    let mut table = Table::new(vec![text(&along.0), words::page::ESTIMATE, words::page::BAND]);
    for row in rows {
        let [_, low, high] = row.numbers.map(|number| written(number, along.1));
        table.row(&[&text(&row.name), &printed(row), &Text::same(format!("{low} – {high}"))]);
    }
    framed(caption, chart::intervals(&drawn, &axis(along)), table)
}

/// Draws one interval against zero: an ornament beside words that say the same.
pub fn interval_glyph(numbers: [f64; 3]) -> Markup {
    html! { div.pictures.glyph { (chart::interval_glyph(numbers).ornament(GLYPH_WIDTH)) } }
}

/// What a part of a whole means, which gives it its colour and pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// It helps.
    Help,
    /// It harms.
    Harm,
    /// It is not known.
    Unknown,
    /// Neither.
    Rest,
}

/// Draws one bar cut into parts, with a line of words for each. Shares are between 0 and 1.
pub fn shares(caption: &Caption, parts: &[(Words, f64, Meaning)]) -> Markup {
    let fill = |meaning| match meaning {
        Meaning::Help => "f-help",
        Meaning::Harm => "hatch-harm",
        Meaning::Unknown => "hatch-unknown",
        Meaning::Rest => "hatch-rest",
    };
    let drawn: Vec<_> = parts
        .iter()
        .map(|(name, share, meaning)| Part {
            words: text(name),
            share: *share,
            printed: Text::same(written(*share, Scale::Percent)),
            fill: fill(*meaning),
        })
        .collect();
    let mut table = Table::new(vec![text(&caption.title), words::page::SHARE]);
    for part in &drawn {
        table.row(&[&part.words, &part.printed]);
    }
    framed(caption, chart::stack(&drawn), table)
}

fn framed(caption: &Caption, drawing: chart::Svg, table: Table) -> Markup {
    let figure = Figure {
        id: (caption.id, 0),
        title: text(&caption.title),
        arm: None,
        note: text(&caption.note),
        drawing,
        table,
    };
    html! { div.pictures { (figure.markup()) } }
}

fn text(words: &Words) -> Text {
    Text::new(words.en.clone(), words.ja.clone())
}

fn axis((title, scale): &(Words, Scale)) -> Axis {
    let title = text(title);
    match scale {
        Scale::Signed => Axis::signed(title),
        Scale::Plain => Axis::plain(title),
        Scale::Percent => Axis::percent(title),
        Scale::Compact => Axis::compact(title),
        Scale::Days(since) => Axis::days(title, *since),
    }
}

/// A number for a table: three digits that mean something, or a dash.
fn written(value: f64, scale: Scale) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let decimals = |size: f64| match size.abs() {
        size if size >= 100.0 => 0,
        size if size >= 1.0 => 1,
        _ => 3,
    };
    match scale {
        Scale::Percent => format!("{:.*}%", decimals(value * 100.0).min(1), value * 100.0),
        Scale::Signed => format!("{value:+.*}", decimals(value)),
        Scale::Days(since) => {
            number::day_after(since, value).map_or("–".to_owned(), |day| day.to_string())
        }
        Scale::Plain | Scale::Compact => format!("{value:.*}", decimals(value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(en: &str, ja: &str) -> Words {
        Words { en: en.to_owned(), ja: ja.to_owned() }
    }

    fn caption() -> Caption {
        Caption { id: "c", title: words("Title <b>", "題"), note: words("Note", "説明") }
    }

    #[test]
    fn a_curve_carries_its_name_its_note_and_its_numbers() {
        let spec = Curve {
            caption: caption(),
            points: vec![[0.0, 0.0, -1.0, 1.0], [1.0, 2.0, f64::NAN, 3.0]],
            line: words("Gain", "利得"),
            reference: None,
            flag: None,
            x: (words("Share", "割合"), Scale::Percent),
            y: (words("Gain", "利得"), Scale::Signed),
        };
        let markup = curve(&spec).into_string();
        assert!(markup.contains("Title &lt;b&gt;") && !markup.contains("<b>"), "{markup}");
        assert!(markup.contains("– – +3.0"), "a number that is none reads as a dash: {markup}");
        assert!(markup.contains("role=\"img\""), "{markup}");
    }

    #[test]
    fn days_are_written_as_dates_and_the_last_stands_in_the_table() {
        let since = jiff::civil::date(2026, 9, 1);
        let spec = Curve {
            caption: caption(),
            points: (0..60).map(|day| [f64::from(day), 1.0, 0.0, 2.0]).collect(),
            line: words("Difference", "差"),
            reference: None,
            flag: None,
            x: (words("Day", "日"), Scale::Days(since)),
            y: (words("Difference", "差"), Scale::Signed),
        };
        let markup = curve(&spec).into_string();
        for expected in ["2026-09-01", "2026-10-30", "21 Sep", "9月21日"] {
            assert!(markup.contains(expected), "{expected}: {markup}");
        }
        assert_eq!(written(0.5, Scale::Days(since)), "–", "half a day is none");
    }

    #[test]
    fn every_part_of_a_whole_is_named_with_its_share() {
        let parts = [
            (words("helped", "助けになった"), 0.25, Meaning::Help),
            (words("rest", "その他"), 0.75, Meaning::Rest),
        ];
        let markup = shares(&caption(), &parts).into_string();
        assert!(markup.contains("25.0%") && markup.contains("助けになった"), "{markup}");
    }
}

//! How does a picture get its axes, its grid and its legend?

use jiff::civil::Date;

use super::WIDTH;
use super::scale::{Domain, Scale};
use super::svg::{Point, Svg, width_of};
use crate::number;
use crate::text::Text;

/// How the numbers at an axis are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ticks {
    /// Differences, with their sign.
    Signed,
    /// Plain numbers.
    Plain,
    /// Shares, as percentages.
    Percent,
    /// Shares counted upwards and downwards from the middle, as percentages without a sign.
    Mirrored,
    /// Large amounts, written shortly.
    Compact,
    /// Whole days after this one, as dates.
    Days(Date),
}

/// One axis in words.
#[derive(Debug, Clone)]
pub(crate) struct Axis {
    /// What it counts, with the unit.
    pub(crate) title: Text,
    /// How its numbers are written.
    pub(crate) ticks: Ticks,
}

impl Axis {
    /// An axis of effects.
    pub(crate) fn signed(title: Text) -> Self {
        Self { title, ticks: Ticks::Signed }
    }

    /// An axis of plain numbers.
    pub(crate) fn plain(title: Text) -> Self {
        Self { title, ticks: Ticks::Plain }
    }

    /// An axis of shares.
    pub(crate) fn percent(title: Text) -> Self {
        Self { title, ticks: Ticks::Percent }
    }

    /// An axis of shares that are counted upwards and downwards.
    pub(crate) fn mirrored(title: Text) -> Self {
        Self { title, ticks: Ticks::Mirrored }
    }

    /// An axis of large amounts.
    pub(crate) fn compact(title: Text) -> Self {
        Self { title, ticks: Ticks::Compact }
    }

    /// An axis of days after one of them.
    pub(crate) fn days(title: Text, since: Date) -> Self {
        Self { title, ticks: Ticks::Days(since) }
    }

    /// Round numbers that are written at this axis: between two days there is nothing to write.
    fn ticks(&self, domain: Domain) -> Vec<f64> {
        let ticks = domain.ticks(ABOUT);
        if !matches!(self.ticks, Ticks::Days(_)) {
            return ticks;
        }
        ticks.into_iter().filter(|tick| (tick - tick.round()).abs() < 1e-9).collect()
    }

    fn label(&self, tick: f64, decimals: usize) -> Text {
        let large = tick.abs() >= 10_000.0;
        match self.ticks {
            Ticks::Percent => percent(tick, decimals),
            Ticks::Mirrored => percent(tick.abs(), decimals),
            Ticks::Compact => number::compact(tick),
            Ticks::Days(since) => number::day(since, tick),
            Ticks::Signed | Ticks::Plain if large => number::compact(tick),
            Ticks::Signed => number::signed(tick, decimals),
            Ticks::Plain => number::decimal(tick, decimals),
        }
    }
}

fn percent(tick: f64, decimals: usize) -> Text {
    let Text { en, ja } = number::decimal(tick * 100.0, decimals.saturating_sub(2));
    Text::new(format!("{en}%"), format!("{ja}%"))
}

/// The part of a sheet between the axes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Area {
    /// Left edge.
    pub(crate) left: f64,
    /// Right edge.
    pub(crate) right: f64,
    /// Upper edge.
    pub(crate) top: f64,
    /// Lower edge.
    pub(crate) bottom: f64,
}

/// Room below the drawing for tick labels and the title of the axis.
pub(crate) const AXIS_ROOM: f64 = 44.0;
/// How many ticks fit on one axis of a narrow sheet.
const ABOUT: usize = 5;

/// Draws a horizontal axis below the area, with grid lines, and returns its scale.
pub(crate) fn x_axis(svg: &mut Svg, area: Area, domain: Domain, axis: &Axis) -> Scale {
    let scale = Scale::new(domain, (area.left, area.right));
    let decimals = domain.tick_decimals(ABOUT);
    for tick in axis.ticks(domain) {
        let x = scale.at(tick);
        svg.line("grid", (x, area.top), (x, area.bottom));
        let class = match x {
            x if x < 20.0 => "tick",
            x if x > WIDTH - 22.0 => "tick end",
            _ => "tick mid",
        };
        let x = if class == "tick" { area.left } else { x.min(WIDTH - 1.0) };
        svg.text(class, (x, area.bottom + 16.0), &axis.label(tick, decimals));
    }
    svg.line("axis", (area.left, area.bottom), (area.right, area.bottom));
    svg.text("tick title end", (area.right, area.bottom + 36.0), &axis.title);
    scale
}

/// Returns the room left of an area that the numbers of its vertical axis need.
pub(crate) fn y_room(domain: Domain, axis: &Axis) -> f64 {
    let decimals = domain.tick_decimals(ABOUT);
    let labels = domain.ticks(ABOUT).into_iter().map(|tick| axis.label(tick, decimals));
    let widths = labels.map(|label| width_of(&label.en).max(width_of(&label.ja)));
    widths.fold(20.0, f64::max) + 10.0
}

/// Draws a vertical axis left of the area, with grid lines, and returns its scale. The title stands
/// flat above it: turned text is slow to read, in Japanese above all.
pub(crate) fn y_axis(svg: &mut Svg, area: Area, domain: Domain, axis: &Axis) -> Scale {
    let scale = Scale::new(domain, (area.bottom, area.top));
    let decimals = domain.tick_decimals(ABOUT);
    for tick in domain.ticks(ABOUT) {
        let y = scale.at(tick);
        svg.line("grid", (area.left, y), (area.right, y));
        svg.text("tick end", (area.left - 6.0, y + 4.0), &axis.label(tick, decimals));
    }
    svg.text("tick title", (0.0, area.top - 12.0), &axis.title);
    scale
}

/// Draws a line across the area where the vertical axis is zero.
pub(crate) fn zero_line(svg: &mut Svg, area: Area, domain: Domain, scale: &Scale) {
    if domain.low <= 0.0 && domain.high >= 0.0 {
        svg.line("zero", (area.left, scale.at(0.0)), (area.right, scale.at(0.0)));
    }
}

/// A sample drawn in a legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sample {
    /// A line of this class.
    Line(&'static str),
    /// A filled patch of this class.
    Patch(&'static str),
    /// A dot of this class.
    Dot(&'static str),
}

const LEGEND_ROW: f64 = 19.0;

/// Returns how high a legend will be.
pub(crate) fn legend_height(items: &[(Sample, Text)]) -> f64 {
    let rows = legend_places(items).last().map_or(0.0, |(_, y)| y / LEGEND_ROW + 1.0);
    rows * LEGEND_ROW
}

/// Draws a legend whose first row has its middle 8 units below `top`.
pub(crate) fn legend(svg: &mut Svg, top: f64, items: &[(Sample, Text)]) {
    for ((sample, words), (x, y)) in items.iter().zip(legend_places(items)) {
        let y = top + y + 8.0;
        match sample {
            Sample::Line(class) => svg.line(class, (x, y), (x + 22.0, y)),
            Sample::Patch(class) => svg.rect(class, (x, y - 6.0), 22.0, 12.0),
            Sample::Dot(class) => svg.circle(class, (x + 11.0, y), 4.5),
        }
        svg.text("t", (x + 28.0, y + 4.5), words);
    }
}

/// Places samples from left to right, with a new row where the next would not fit in either language.
fn legend_places(items: &[(Sample, Text)]) -> Vec<Point> {
    let (mut x, mut y) = (0.0, 0.0);
    let mut places = Vec::with_capacity(items.len());
    for (_, words) in items {
        let width = 28.0 + width_of(&words.en).max(width_of(&words.ja)) + 16.0;
        if x > 0.0 && x + width - 16.0 > WIDTH {
            (x, y) = (0.0, y + LEGEND_ROW);
        }
        places.push((x, y));
        x += width;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legend_breaks_into_rows_before_it_leaves_the_sheet() {
        let long = || Text::say("a rather long explanation", "かなり長い説明の文章です");
        let items = vec![
            (Sample::Line("s-help"), long()),
            (Sample::Line("ref"), long()),
            (Sample::Patch("band"), long()),
        ];
        let rows = legend_height(&items) / LEGEND_ROW;
        assert_eq!(rows.round() as usize, 3);
        assert_eq!(legend_height(&[]).round() as usize, 0);
    }

    #[test]
    fn percent_ticks_need_two_decimals_fewer() {
        let axis = Axis::percent(Text::say("share", "割合"));
        assert_eq!(axis.label(0.2, 1).en, "20%");
        assert_eq!(axis.label(0.125, 3).en, "12.5%");
    }
}

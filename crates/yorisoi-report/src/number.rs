//! How is a number written, in each language?
//!
//! A number that is not finite is one that nobody knows, and the page says so in words; a minus is a real
//! minus sign; effects always carry their sign. English counts in thousands and millions, Japanese in 万
//! and 億.

use jiff::civil::Date;
use yorisoi::summary::{Data, Value};

use crate::text::Text;

/// What stands where no number belongs, such as the effect of control.
pub(crate) const DASH: &str = "–";

/// What stands where a number belongs that the data cannot tell.
pub(crate) const UNKNOWN: Text = Text::say("unknown", "不明");

/// Writes a number with a fixed number of decimals and grouped thousands.
pub(crate) fn decimal(value: f64, decimals: usize) -> Text {
    known(value, |value| plain(value, decimals))
}

/// Writes a number like [`decimal`], with a plus sign where it is above zero.
pub(crate) fn signed(value: f64, decimals: usize) -> Text {
    known(value, |value| {
        let text = plain(value, decimals);
        let shows_zero = text.chars().all(|c| matches!(c, '0' | '.'));
        if value > 0.0 && !shows_zero { format!("+{text}") } else { text }
    })
}

fn known(value: f64, write: impl Fn(f64) -> String) -> Text {
    if value.is_finite() { Text::same(write(value)) } else { UNKNOWN }
}

fn plain(value: f64, decimals: usize) -> String {
    if value.abs() >= 1e15 || (decimals > 8 && value != 0.0) {
        return format!("{value:.1e}").replace('-', "−");
    }
    let fixed = format!("{:.decimals$}", value.abs());
    let is_zero = fixed.chars().all(|c| matches!(c, '0' | '.'));
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    format!("{sign}{}", group(&fixed))
}

/// The day so many whole days after another; `None` between two days and beyond all calendars.
pub(crate) fn day_after(since: Date, days: f64) -> Option<Date> {
    let whole = days.round();
    if (days - whole).abs() > 1e-6 || whole.abs() > 1e7 {
        return None;
    }
    since.checked_add(jiff::Span::new().try_days(whole as i64).ok()?).ok()
}

/// Writes the day so many days after another, without its year.
pub(crate) fn day(since: Date, days: f64) -> Text {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Some(day) = day_after(since, days) else { return UNKNOWN };
    let month = MONTHS[usize::from(day.month().unsigned_abs()) - 1];
    Text::new(format!("{} {month}", day.day()), format!("{}月{}日", day.month(), day.day()))
}

/// Writes a count.
pub(crate) fn count(value: usize) -> Text {
    Text::same(group(&value.to_string()))
}

/// Writes an amount of money: whole above 100, two decimals below.
pub(crate) fn money(value: f64) -> Text {
    let whole = value.abs() >= 100.0 || (value - value.round()).abs() < 1e-9;
    decimal(value, if whole { 0 } else { 2 })
}

/// Writes a share as a percentage.
pub(crate) fn percent(share: f64) -> Text {
    known(share, |share| format!("{}%", plain(share * 100.0, 1)))
}

/// Writes a large number shortly, for axes: 1.5M, 150万.
pub(crate) fn compact(value: f64) -> Text {
    const EN: [(f64, &str); 4] = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e4, "k")];
    const JA: [(f64, &str); 3] = [(1e12, "兆"), (1e8, "億"), (1e4, "万")];
    if !value.is_finite() {
        return UNKNOWN;
    }
    Text::new(shortly(value, &EN), shortly(value, &JA))
}

fn shortly(value: f64, steps: &[(f64, &str)]) -> String {
    let step = steps.iter().find(|(from, _)| value.abs() >= *from);
    match step {
        // Thousands are the only step whose name and threshold differ.
        Some((from, name)) => {
            let unit = if *name == "k" { 1e3 } else { *from };
            format!("{}{name}", short(value / unit))
        }
        None => short(value),
    }
}

/// Writes a number with as few decimals as it needs, at most four significant ones.
pub(crate) fn trimmed(value: f64) -> Text {
    known(value, short)
}

fn short(value: f64) -> String {
    let magnitude = if value == 0.0 { 0.0 } else { value.abs().log10().floor() };
    let decimals = (3.0 - magnitude).clamp(0.0, 9.0) as usize;
    let text = plain(value, decimals);
    if text.contains('.') && !text.contains('e') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

fn group(digits: &str) -> String {
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut out = String::with_capacity(digits.len() + whole.len() / 3);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + fraction
}

/// What an effect is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// A binary outcome: effects are percentage points.
    Points,
    /// Any other outcome: effects are in its own unit.
    Outcome,
}

impl Unit {
    /// The unit of this study's effects.
    pub(crate) fn of(data: &Data) -> Self {
        if data.outcome_is_binary { Self::Points } else { Self::Outcome }
    }

    /// Factor from the summary's numbers to the page's.
    pub(crate) fn factor(self) -> f64 {
        match self {
            Self::Points => 100.0,
            Self::Outcome => 1.0,
        }
    }

    fn suffix(self) -> Text {
        match self {
            Self::Points => Text::say(" pp", "ポイント"),
            Self::Outcome => Text::say("", ""),
        }
    }
}

/// How a family of effects is written: one unit and one number of decimals, so that they compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Format {
    unit: Unit,
    decimals: usize,
}

impl Format {
    /// Chooses decimals so that the median standard error keeps two significant digits: more would be
    /// noise, fewer would hide what the data say.
    pub(crate) fn new(unit: Unit, std_errors: impl IntoIterator<Item = f64>) -> Self {
        let mut scales: Vec<f64> = std_errors
            .into_iter()
            .map(|error| error.abs() * unit.factor())
            .filter(|error| error.is_finite() && *error > 0.0)
            .collect();
        scales.sort_by(f64::total_cmp);
        let decimals =
            scales.get(scales.len() / 2).map_or(2.0, |scale| 1.0 - scale.log10().floor());
        Self { unit, decimals: decimals.clamp(0.0, 12.0) as usize }
    }

    /// A format for a list of values.
    pub(crate) fn of<'a>(unit: Unit, values: impl IntoIterator<Item = &'a Value>) -> Self {
        Self::new(unit, values.into_iter().map(|value| value.std_error))
    }

    /// An effect without its unit.
    pub(crate) fn bare(self, effect: f64) -> Text {
        signed(effect * self.unit.factor(), self.decimals)
    }

    /// An effect with its unit.
    pub(crate) fn amount(self, effect: f64) -> Text {
        self.with_suffix(self.bare(effect), effect.is_finite())
    }

    /// The half-width of an interval, which has no sign.
    pub(crate) fn half_width(self, width: f64) -> Text {
        let bare = decimal(width * self.unit.factor(), self.decimals);
        self.with_suffix(bare, width.is_finite())
    }

    /// An interval with its unit.
    pub(crate) fn interval(self, low: f64, high: f64) -> Text {
        if !low.is_finite() || !high.is_finite() {
            return UNKNOWN;
        }
        let (low, high) = (self.bare(low), self.bare(high));
        let both =
            Text::new(format!("{} to {}", low.en, high.en), format!("{}〜{}", low.ja, high.ja));
        self.with_suffix(both, true)
    }

    /// An interval without its unit, for tables.
    pub(crate) fn bare_interval(self, low: f64, high: f64) -> Text {
        Self { unit: Unit::Outcome, ..self }
            .interval(low * self.unit.factor(), high * self.unit.factor())
    }

    fn with_suffix(self, text: Text, wanted: bool) -> Text {
        if !wanted {
            return text;
        }
        let suffix = self.unit.suffix();
        Text::new(format!("{}{}", text.en, suffix.en), format!("{}{}", text.ja, suffix.ja))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_none_is_called_unknown() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let format = Format::new(Unit::Points, [0.1]);
            for text in [
                decimal(value, 2),
                signed(value, 2),
                trimmed(value),
                money(value),
                percent(value),
                compact(value),
                format.amount(value),
                format.half_width(value),
                format.interval(value, 1.0),
                format.interval(0.0, value),
            ] {
                assert_eq!(text, UNKNOWN);
            }
        }
    }

    #[test]
    fn signs_groups_and_zero_are_written_as_people_write_them() {
        assert_eq!(decimal(-1_234_567.891, 1).en, "−1,234,567.9");
        assert_eq!(signed(12.0, 0).ja, "+12");
        assert_eq!(signed(-0.001, 2).en, "0.00");
        assert_eq!(signed(0.001, 2).en, "0.00");
    }

    #[test]
    fn large_numbers_are_short_in_each_language() {
        assert_eq!(compact(1_500_000.0), Text::new("1.5M".to_owned(), "150万".to_owned()));
        assert_eq!(compact(20_000.0), Text::new("20k".to_owned(), "2万".to_owned()));
        assert_eq!(compact(2_000.0), Text::same("2,000".to_owned()));
        assert_eq!(compact(-0.25), Text::same("−0.25".to_owned()));
    }

    #[test]
    fn decimals_follow_the_standard_error() {
        let format = Format::new(Unit::Points, [0.003]);
        assert_eq!(format.amount(0.0766).en, "+7.66 pp");
        assert_eq!(format.amount(0.0766).ja, "+7.66ポイント");
        assert_eq!(Format::new(Unit::Outcome, [25.0]).amount(-1234.4).en, "−1,234");
    }

    #[test]
    fn an_interval_names_its_unit_once() {
        let format = Format::new(Unit::Points, [0.01]);
        assert_eq!(format.interval(-0.01, 0.023).en, "−1.0 to +2.3 pp");
        assert_eq!(format.interval(-0.01, 0.023).ja, "−1.0〜+2.3ポイント");
    }

    #[test]
    fn extreme_magnitudes_stay_short() {
        assert!(decimal(1e300, 2).en.len() < 12);
        assert!(Format::new(Unit::Outcome, [1e-300]).amount(2e-299).en.len() < 16);
    }
}

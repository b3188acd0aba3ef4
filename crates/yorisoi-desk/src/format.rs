//! How are times, amounts and chances written for a reader?

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::lang::{Lang, Text};

/// A day with its weekday: "Sun 22 Nov", "11月22日（日）". The year is written where it is another one.
pub(crate) fn day(date: Date, today: Date, lang: Lang) -> String {
    written_day(date, date.year() != today.year(), lang)
}

/// A day as it stands on what is kept: always with its year.
pub(crate) fn whole_day(date: Date, lang: Lang) -> String {
    written_day(date, true, lang)
}

fn written_day(date: Date, has_year: bool, lang: Lang) -> String {
    match lang {
        Lang::En => {
            let (weekday, month) =
                (WEEKDAYS_EN[weekday_idx(date)], MONTHS_EN[date.month() as usize - 1]);
            let year = if has_year { format!(" {}", date.year()) } else { String::new() };
            format!("{weekday} {} {month}{year}", date.day())
        }
        Lang::Ja => {
            let year = if has_year { format!("{}年", date.year()) } else { String::new() };
            format!(
                "{year}{}月{}日（{}）",
                date.month(),
                date.day(),
                WEEKDAYS_JA[weekday_idx(date)]
            )
        }
    }
}

const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const WEEKDAYS_JA: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
const MONTHS_EN: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn weekday_idx(date: Date) -> usize {
    let weekday: Weekday = date.weekday();
    usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0)
}

/// A clock time, `14:05`.
pub(crate) fn clock(zoned: &Zoned) -> String {
    format!("{:02}:{:02}", zoned.hour(), zoned.minute())
}

/// An instant as a reader near `now` says it: today only the time, else day and time.
pub(crate) fn instant(at: Timestamp, now: Timestamp, zone: &TimeZone, lang: Lang) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let time = clock(&at);
    if at.date() == now.date() {
        return match lang {
            Lang::En => format!("today {time}"),
            Lang::Ja => format!("今日{time}"),
        };
    }
    joined(&day(at.date(), now.date(), lang), &time, lang)
}

/// An instant as it stands on what is kept: with day and year, whenever it is read.
pub(crate) fn whole_instant(at: Timestamp, zone: &TimeZone, lang: Lang) -> String {
    let at = at.to_zoned(zone.clone());
    joined(&whole_day(at.date(), lang), &clock(&at), lang)
}

fn joined(day: &str, time: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{day} {time}"),
        // The bracket behind the weekday is space enough.
        Lang::Ja => format!("{day}{time}"),
    }
}

/// An amount of money in minor units: "¥2,000", "€12.50".
pub(crate) fn money(minor: f64, currency: &str) -> String {
    let (sign, decimals) = match currency {
        "JPY" => ("¥", 0),
        "KRW" => ("₩", 0),
        "USD" => ("$", 2),
        "EUR" => ("€", 2),
        "GBP" => ("£", 2),
        other => (other, 2),
    };
    let amount = minor / 10_f64.powi(decimals);
    let spaced = if sign.len() == 3 && sign.is_ascii() { " " } else { "" };
    let minus = if amount < 0.0 { "−" } else { "" };
    format!("{minus}{sign}{spaced}{}", grouped(amount.abs(), decimals.unsigned_abs() as usize))
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: f64, decimals: usize) -> String {
    if !number.is_finite() {
        return "–".to_owned();
    }
    let text = format!("{number:.decimals$}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(a, b)| (a, Some(b)));
    let (minus, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("−", digits));
    let mut out = String::from(minus);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    match rest {
        Some(rest) => format!("{out}.{rest}"),
        None => out,
    }
}

/// A share as a percentage: "12 %" is written "12%".
pub(crate) fn percent(share: f64, decimals: usize) -> String {
    format!("{}%", grouped(share * 100.0, decimals))
}

/// A change of probability as people say it: `0.083` is "about 1 in 12". `None` where it is too small
/// to be said that way, or not above zero.
pub(crate) fn one_in(chance: f64) -> Option<u32> {
    // Beyond one in 500 the count says less than "hardly anything".
    (0.002..=1.0).contains(&chance).then(|| (1.0 / chance).round() as u32)
}

/// One in so many, as it is said.
fn share_en(n: u32) -> String {
    if n == 1 { "nearly everyone".to_owned() } else { format!("1 in {n}") }
}

fn share_ja(n: u32) -> String {
    if n == 1 { "ほぼ全員".to_owned() } else { format!("{n}人に1人") }
}

/// What an effect on staying means, in words, for help that goes by this name.
pub(crate) fn effect_words(benefit: f64, low: f64, high: f64) -> Text {
    match one_in(benefit) {
        Some(n) if low > 0.0 => {
            let range = match (one_in(high), one_in(low)) {
                (Some(most), Some(least)) if most != least => Some((most, least)),
                _ => None,
            };
            let (en, ja) = range.map_or((String::new(), String::new()), |(most, least)| {
                (
                    format!(" (between {} and {})", share_en(least), share_en(most)),
                    format!("（{}から{}の間）", share_ja(least), share_ja(most)),
                )
            });
            if n == 1 {
                return Text::new(
                    format!("nearly everyone is helped by this{en}"),
                    format!("ほぼ全員の助けになります{ja}"),
                );
            }
            Text::new(
                format!("about 1 in {n} is helped by this{en}"),
                format!("およそ{n}人に1人の助けになります{ja}"),
            )
        }
        _ if high < 0.0 => {
            crate::lang::say("this does more harm than good here", "この方には逆効果になります")
        }
        Some(n) => Text::new(
            format!("perhaps {} is helped; we cannot know yet", share_en(n)),
            format!("{}の助けになるかもしれませんが、まだ分かりません", share_ja(n)),
        ),
        None => crate::lang::say(
            "no effect has been shown; we cannot know yet",
            "効果は示されておらず、まだ分かりません",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yen_has_no_decimals_and_euro_two() {
        assert_eq!(money(2_000_000.0, "JPY"), "¥2,000,000");
        assert_eq!(money(-1250.0, "EUR"), "−€12.50");
        assert_eq!(money(1250.0, "CHF"), "CHF 12.50");
    }

    #[test]
    fn a_day_is_written_in_the_readers_way() {
        let (date, today) = (jiff::civil::date(2026, 11, 22), jiff::civil::date(2026, 12, 1));
        assert_eq!(day(date, today, Lang::Ja), "11月22日（日）");
        assert_eq!(day(date, today, Lang::En), "Sun 22 Nov");
        assert_eq!(day(date, jiff::civil::date(2027, 1, 1), Lang::Ja), "2026年11月22日（日）");
    }

    #[test]
    fn an_instant_of_another_day_is_written_with_its_day() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let (then, now) = (at("2026-11-22T09:05Z"), at("2026-11-21T12:00Z"));
        let said = |lang| instant(then, now, &TimeZone::UTC, lang);
        assert_eq!([Lang::En, Lang::Ja].map(said), ["Sun 22 Nov 09:05", "11月22日（日）09:05"]);
        let kept = |lang| whole_instant(then, &TimeZone::UTC, lang);
        let whole = ["Sun 22 Nov 2026 09:05", "2026年11月22日（日）09:05"];
        assert_eq!([Lang::En, Lang::Ja].map(kept), whole);
    }

    #[test]
    fn an_effect_is_said_with_its_interval_and_never_when_unknown() {
        assert_eq!(
            effect_words(0.083, 0.033, 0.125).en,
            "about 1 in 12 is helped by this (between 1 in 30 and 1 in 8)"
        );
        assert_eq!(
            effect_words(0.33, 0.25, 0.8).ja,
            "およそ3人に1人の助けになります（4人に1人からほぼ全員の間）"
        );
        assert_eq!(
            effect_words(0.083, -0.01, 0.2).en,
            "perhaps 1 in 12 is helped; we cannot know yet"
        );
        assert_eq!(
            effect_words(0.9, -0.1, 1.0),
            Text::new(
                "perhaps nearly everyone is helped; we cannot know yet",
                "ほぼ全員の助けになるかもしれませんが、まだ分かりません"
            )
        );
        assert_eq!(
            effect_words(0.9, 0.8, 1.0),
            Text::new("nearly everyone is helped by this", "ほぼ全員の助けになります")
        );
        assert_eq!(
            effect_words(f64::NAN, f64::NAN, f64::NAN).en,
            "no effect has been shown; we cannot know yet"
        );
        assert_eq!(effect_words(-0.1, -0.2, -0.05).en, "this does more harm than good here");
    }
}

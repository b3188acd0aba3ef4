//! When is it? ISO dates and times as days since 1970-01-01, and back.

const SECONDS_A_DAY: i64 = 86_400;

/// Reads `2024-03-01`, `2024/3/1`, `2024-03-01T09:30`, `2024-03-01 09:30:15.25+09:00` and the like.
///
/// Returns days since 1970-01-01T00:00Z; a time without offset is taken as UTC.
pub(super) fn parse_date(text: &[u8]) -> Option<f64> {
    let separator = *text.get(4)?;
    if !matches!(separator, b'-' | b'/') {
        return None;
    }
    let year = digits(&text[..4])?;
    let rest = &text[5..];
    let month_len = rest.iter().position(|&b| b == separator)?;
    let after_month = &rest[month_len + 1..];
    let day_len = after_month.iter().take_while(|b| b.is_ascii_digit()).count();
    let is_padded = month_len == 2 && day_len == 2;
    let is_short = separator == b'/' && (1..=2).contains(&month_len) && (1..=2).contains(&day_len);
    if !(is_padded || is_short) {
        return None;
    }
    let month = digits(&rest[..month_len])?;
    let day = digits(&after_month[..day_len])?;
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let (seconds, fraction) = match &after_month[day_len..] {
        [] => (0, 0.0),
        [b'T' | b't' | b' ', time @ ..] => parse_time(time)?,
        _ => return None,
    };
    Some(days_of_instant(days_from_civil(year, month, day) * SECONDS_A_DAY + seconds, fraction))
}

/// Returns the day number of an instant, given in whole seconds since 1970 and a fraction of one.
///
/// Text and Parquet timestamps both end here, so that one instant is one number.
pub(super) fn days_of_instant(seconds: i64, fraction: f64) -> f64 {
    let (days, rest) = (seconds.div_euclid(SECONDS_A_DAY), seconds.rem_euclid(SECONDS_A_DAY));
    days as f64 + (rest as f64 + fraction) / SECONDS_A_DAY as f64
}

/// Returns the spelling of a day number: a date, or date and time to the microsecond.
pub(super) fn spell_date(days: f64) -> String {
    let (year, month, day) = civil_from_days(days.floor() as i64);
    let date = format!("{year:04}-{month:02}-{day:02}");
    let micros = ((days - days.floor()) * SECONDS_A_DAY as f64 * 1e6).round() as u64;
    if micros == 0 {
        return date;
    }
    let (seconds, fraction) = (micros / 1_000_000, micros % 1_000_000);
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 {
        return format!("{date}T{clock}");
    }
    format!("{date}T{clock}.{fraction:06}")
}

/// Whole seconds after midnight UTC of `HH:MM[:SS[.fraction]][Z|±HH:MM]`, and the fraction.
fn parse_time(text: &[u8]) -> Option<(i64, f64)> {
    let zone_at =
        text.iter().position(|b| matches!(b, b'Z' | b'z' | b'+' | b'-')).unwrap_or(text.len());
    let (clock, zone) = text.split_at(zone_at);
    let (hour, minute) = (digits(clock.get(..2)?)?, digits(clock.get(3..5)?)?);
    if clock[2] != b':' || hour > 23 || minute > 59 {
        return None;
    }
    let (second, fraction) = match clock.get(5..)? {
        [] => (0, 0.0),
        [b':', second @ ..] => parse_second(second)?,
        _ => return None,
    };
    Some((hour * 3600 + minute * 60 + second - parse_offset(zone)?, fraction))
}

fn parse_second(text: &[u8]) -> Option<(i64, f64)> {
    let whole = digits(text.get(..2)?)?;
    let fraction = match &text[2..] {
        [] => 0.0,
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => {
            self::digits(digits)? as f64 / 10_f64.powi(digits.len() as i32)
        }
        _ => return None,
    };
    // A leap second is the first second of the next minute here.
    (whole <= 60).then_some((whole, fraction))
}

/// Seconds that `Z` or `±HH[[:]MM]` lies ahead of UTC.
fn parse_offset(zone: &[u8]) -> Option<i64> {
    let (sign, rest) = match zone {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match rest.len() {
        2 => (digits(rest)?, 0),
        4 => (digits(&rest[..2])?, digits(&rest[2..])?),
        5 if rest[2] == b':' => (digits(&rest[..2])?, digits(&rest[3..])?),
        _ => return None,
    };
    (hours <= 18 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

fn digits(text: &[u8]) -> Option<i64> {
    if text.is_empty() || text.len() > 18 {
        return None;
    }
    text.iter().try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0')))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
///
/// # Source
///
/// H. Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so that the leap
/// day is the last of the year.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = (march_month + 2) % 12 + 1;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Days are exact sums of small fractions of a day; this is a tenth of a microsecond.
    const SAME_INSTANT_DAYS: f64 = 1e-12;

    #[test]
    fn dates_and_times_become_days() {
        let cases: [(&str, f64); 9] = [
            ("1970-01-01", 0.0),
            ("1970-01-02", 1.0),
            ("1969-12-31", -1.0),
            ("2000-02-29", 11_016.0),
            ("2024/3/1", 19_783.0),
            ("1970-01-01T12:00", 0.5),
            ("1970-01-01 06:00:00Z", 0.25),
            ("1970-01-01T09:00:00+09:00", 0.0),
            ("1970-01-01T00:00:00.5-0100", 3600.5 / 86_400.0),
        ];
        for (text, days) in cases {
            let found = parse_date(text.as_bytes()).unwrap_or_else(|| panic!("{text} is a date"));
            assert!((found - days).abs() < SAME_INSTANT_DAYS, "{text}: {found} against {days}");
        }
    }

    #[test]
    fn what_is_no_date_stays_text() {
        for text in [
            "",
            "2024",
            "2024-13-01",
            "2023-02-29",
            "2024-1-1",
            "2024-01-01x",
            "20240101",
            "2024-01/01",
            "1900-02-29",
            "2024-01-01T",
            "2024-01-01T25:00",
            "2024-01-01T10:00:61",
            "2024-01-01T10:00+99:00",
            "2024-00-10",
            "2024-01-01T10:00:00.",
            "----------",
        ] {
            assert_eq!(parse_date(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        /// Spelling a day and reading it gives the day back.
        #[test]
        fn spelling_reads_back(day in -700_000_i64..2_900_000, micros in 0_u64..86_400_000_000) {
            let days = day as f64 + micros as f64 / 86_400e6;
            let spelt = spell_date(days);
            let back = parse_date(spelt.as_bytes()).unwrap();
            prop_assert!((back - days).abs() < 1e-9, "{} {} {}", spelt, back, days);
            prop_assert_eq!(spell_date(back), spelt);
        }
    }
}

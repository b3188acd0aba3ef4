//! Is it a public holiday in Japan?
//!
//! Japan's holidays are rules (the act on national holidays of 1948, as amended): fixed dates, Mondays,
//! two equinoxes, a substitute for a holiday on a Sunday, and a day of rest between two holidays. The
//! rules are here as they stood in each year from 2000; the years of the Olympic games and of the
//! change of reign had rules of their own.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// Whether a day is a public holiday in Japan: a national holiday, a substitute for one, or a day of
/// rest between two.
///
/// # Assumptions
///
/// Years from 2000 on. Equinoxes are foretold by the formula below, which is right to 2099; they become
/// law by a notice in February of the year before, and laws change.
///
/// # Source
///
/// 国民の祝日に関する法律 (Act No. 178 of 1948), articles 2 and 3, with its amendments and the special
/// acts for 2019, 2020 and 2021.
pub(crate) fn is_japanese_holiday(day: Date) -> bool {
    is_national(day) || is_substitute(day) || is_between(day)
}

/// A holiday by name.
fn is_national(day: Date) -> bool {
    is_fixed(day) || is_monday_holiday(day) || is_equinox(day) || is_of_one_year(day)
}

fn is_fixed(day: Date) -> bool {
    let year = day.year();
    match (day.month(), day.day()) {
        (1, 1) | (2, 11) | (4, 29) | (5, 3 | 5) | (11, 3 | 23) => true,
        (5, 4) => year >= 2007,
        (2, 23) => year >= 2020,
        (12, 23) => year <= 2018,
        (7, 20) | (9, 15) => year <= 2002,
        (8, 11) => year >= 2016 && year != 2020 && year != 2021,
        _ => false,
    }
}

/// Days that are the n-th Monday of their month.
fn is_monday_holiday(day: Date) -> bool {
    let year = day.year();
    let nth = (day.day() + 6) / 7;
    let is_games_year = year == 2020 || year == 2021;
    day.weekday() == Weekday::Monday
        && match (day.month(), nth) {
            (1, 2) => true,
            (7, 3) => year >= 2003 && !is_games_year,
            (9, 3) => year >= 2003,
            (10, 2) => !is_games_year,
            _ => false,
        }
}

/// Days that were moved or made for one year.
fn is_of_one_year(day: Date) -> bool {
    matches!(
        (day.year(), day.month(), day.day()),
        (2019, 5, 1)
            | (2019, 10, 22)
            | (2020, 7, 23 | 24)
            | (2020, 8, 10)
            | (2021, 7, 22 | 23)
            | (2021, 8, 8)
    )
}

/// The equinoxes in Japan's time.
///
/// # Formula
///
/// ```text
/// day = ⌊a + 0.242194 · (year − 1980)⌋ − ⌊(year − 1980) / 4⌋,  a = 20.8431 (March), 23.2488 (September)
/// ```
///
/// # Source
///
/// 海上保安庁水路部 暦計算研究会編『新こよみ便利帳』, for 1980 to 2099.
fn is_equinox(day: Date) -> bool {
    let first = match day.month() {
        3 => 20.8431,
        9 => 23.2488,
        _ => return false,
    };
    let years = i32::from(day.year()) - 1980;
    let equinox = libm::floor(first + 0.242_194 * f64::from(years)) as i32 - years.div_euclid(4);
    i32::from(day.day()) == equinox
}

/// The first day after a holiday on a Sunday that is none itself; until 2006, only the Monday.
fn is_substitute(day: Date) -> bool {
    if is_national(day) {
        return false;
    }
    let since_2007 = day >= date(2007, 1, 1);
    let mut before = day.yesterday().ok();
    while let Some(previous) = before.filter(|previous| is_national(*previous)) {
        if previous.weekday() == Weekday::Sunday {
            return true;
        }
        before = previous.yesterday().ok().filter(|_| since_2007);
    }
    false
}

/// A day between two national holidays; until 2006 no Sunday was one.
fn is_between(day: Date) -> bool {
    let sides = [day.checked_sub(1.day()), day.checked_add(1.day())];
    let could_be = day >= date(2007, 1, 1) || day.weekday() != Weekday::Sunday;
    !is_national(day)
        && could_be
        && sides.iter().all(|side| side.as_ref().is_ok_and(|d| is_national(*d)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_one_years_agree_with_two_libraries() {
        // Written by tests/data/japanese_holidays.py, from two libraries that agree with each other.
        let listed: Vec<Date> = include_str!("../../tests/data/japanese_holidays.csv")
            .lines()
            .map(|line| line.parse().unwrap())
            .collect();
        let days = date(2000, 1, 1).series(1.day()).take_while(|day| day.year() <= 2050);
        let found: Vec<Date> = days.filter(|day| is_japanese_holiday(*day)).collect();
        let missed: Vec<&Date> = listed.iter().filter(|day| !found.contains(day)).collect();
        let made_up: Vec<&Date> = found.iter().filter(|day| !listed.contains(day)).collect();
        assert_eq!((missed, made_up), (Vec::new(), Vec::new()));
    }

    #[test]
    fn holidays_of_the_cabinet_office_list_are_found() {
        // 内閣府「国民の祝日について」: the moved days of 2020 and 2021, the change of reign, substitutes of
        // more than one day, and a day between two holidays.
        for day in [
            date(2019, 4, 30),
            date(2019, 5, 1),
            date(2019, 5, 2),
            date(2019, 10, 22),
            date(2020, 5, 6),
            date(2020, 7, 24),
            date(2021, 8, 9),
            date(2015, 9, 22),
            date(2026, 5, 6),
            date(2026, 9, 22),
        ] {
            assert!(is_japanese_holiday(day), "{day}");
        }
        for day in [date(2020, 10, 12), date(2021, 7, 19), date(2019, 12, 23), date(2026, 9, 24)] {
            assert!(!is_japanese_holiday(day), "{day}");
        }
    }
}

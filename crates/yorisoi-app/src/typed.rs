//! What was meant by what hands typed? Full-width digits, letters and signs, and the ways to write a day.
//!
//! A Japanese keyboard writes １２ as easily as 12. Numbers, days and names of records mean the same either way;
//! what people are called and what they said is kept as it was written and never comes through here.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization as _;

/// Returns the text as ASCII wherever it means ASCII, without the space around it.
///
/// Compatibility forms are undone (NFKC): １２ is 12, ａ＠ｂ is a@b, ｱ is ア, a wide space is a space. The many
/// signs that look like a hyphen are one.
///
/// # Example
///
/// ```
/// assert_eq!(yorisoi_app::narrow("　－１２．５ "), "-12.5");
/// assert_eq!(yorisoi_app::narrow("ｃ‐１２３"), "c-123");
/// ```
pub fn narrow(text: &str) -> String {
    let hyphen =
        |c| if matches!(c, '−' | '‐' | '‑' | '‒' | '–' | '―') { '-' } else { c };
    let narrowed: String = text.nfkc().map(hyphen).collect();
    narrowed.trim().to_owned()
}

/// Returns the day that is meant by `2026-11-22`, `2026/11/22`, `２０２６．１１．２２`, `2026年11月22日` or `20261122`;
/// `None` where it is none of these.
///
/// # Example
///
/// ```
/// let day = yorisoi_app::narrow_day("２０２６／１１／２２");
/// assert_eq!(day, Some(jiff::civil::date(2026, 11, 22)));
/// ```
pub fn narrow_day(text: &str) -> Option<Date> {
    let text = narrow(text);
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return day_of(&[text.get(..4)?, text.get(4..6)?, text.get(6..)?]);
    }
    // The long vowel mark lies on the same key as the hyphen.
    let parts: Vec<&str> = text
        .trim_end_matches('日')
        .split(['-', '/', '.', '年', '月', 'ー'])
        .map(str::trim)
        .collect();
    day_of(&parts)
}

fn day_of(parts: &[&str]) -> Option<Date> {
    let [year, month, day] = parts else { return None };
    let is_number = |part: &&&str| part.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || parts.iter().filter(is_number).count() != 3 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_text_means_what_it_says() {
        for (typed, meant) in [
            ("１２３", "123"),
            ("－１２．５", "-12.5"),
            ("−１２", "-12"),
            ("　Ａｂｃ　", "Abc"),
            ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "taro@example.jp"),
            ("ｱｵｷ", "アオキ"),
            ("ｶﾞ", "ガ"),
            ("c_0001", "c_0001"),
            ("チーム・東", "チーム・東"),
        ] {
            assert_eq!(narrow(typed), meant, "{typed}");
        }
    }

    #[test]
    fn narrowing_twice_is_narrowing_once() {
        for text in ["１２　", "㈱ｱ‐ー", "①⑫", "👩‍🚀", "\u{202E}a", "ﷺ"] {
            assert_eq!(narrow(&narrow(text)), narrow(text), "{text}");
        }
    }

    #[test]
    fn a_day_is_one_day_however_it_is_written() {
        let day = Some(jiff::civil::date(2026, 1, 2));
        for typed in [
            "2026-01-02",
            "2026/1/2",
            "２０２６／０１／０２",
            "２０２６．１．２",
            "２０２６ー０１ー０２",
            "2026年1月2日",
            "２０２６年　１月　２日",
            "20260102",
            "２０２６０１０２",
        ] {
            assert_eq!(narrow_day(typed), day, "{typed}");
        }
    }

    #[test]
    fn what_is_no_day_is_none() {
        for typed in [
            "",
            "2026",
            "2026-13-01",
            "2026-02-30",
            "26/1/2",
            "1/2/2026",
            "２０２６－１",
            "2026-1-2-3",
            "2026-+1-2",
            "明日",
            "９９９９９",
        ] {
            assert_eq!(narrow_day(typed), None, "{typed}");
        }
    }
}

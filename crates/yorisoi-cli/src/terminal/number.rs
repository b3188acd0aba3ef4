//! How are numbers written for people?

use yorisoi::summary::Value;

/// Returns a count with thousands separated: `64,000`.
pub(crate) fn count(n: usize) -> String {
    separated(&n.to_string())
}

/// Returns an amount with about three meaningful digits: `1,234`, `12.3`, `0.0452`.
pub(crate) fn amount(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let size = value.abs();
    let decimals = match size {
        _ if size >= 100.0 || size == 0.0 => 0,
        _ if size >= 10.0 => 1,
        _ if size >= 1.0 => 2,
        _ if size >= 0.1 => 3,
        _ if size >= 0.001 => 4,
        _ => 6,
    };
    let text = format!("{size:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if value < 0.0 { "−" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", separated(whole))
}

/// Returns a change with its sign: `+0.0452`.
pub(crate) fn change(value: f64) -> String {
    let sign = if value > 0.0 { "+" } else { "" };
    format!("{sign}{}", amount(value))
}

/// Returns an estimate with its 95 % interval: `+0.0766 (+0.0700 … +0.0832)`.
pub(crate) fn estimate(value: &Value) -> String {
    format!("{} ({} … {})", change(value.estimate), change(value.low), change(value.high))
}

/// Returns a share as a percentage: `12.3 %`.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

fn separated(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_about_three_meaningful_digits() {
        for (value, text) in [
            (0.0, "0"),
            (1_234_567.8, "1,234,568"),
            (-12.34, "−12.3"),
            (0.045_23, "0.0452"),
            (999.0, "999"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(amount(value), text);
        }
        assert_eq!(count(64_000), "64,000");
        assert_eq!(count(7), "7");
    }
}

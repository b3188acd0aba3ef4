//! Can everyone read it? Contrast of text and marks against what lies behind them, in light and dark.
//!
//! Formula and thresholds: WCAG 2.2, success criteria 1.4.3 (text, 4.5) and 1.4.11 (marks, 3).

use std::collections::HashMap;

const STYLE: &str = include_str!("../src/style.css");
const TEXT: f64 = 4.5;
const MARK: f64 = 3.0;

/// Colours by name of the `nth` block of variables: 0 is light, 1 is dark.
fn colours(nth: usize) -> HashMap<&'static str, [f64; 3]> {
    let block = STYLE.split(":root {").nth(nth + 1).expect("a block of variables");
    let block = block.split('}').next().expect("a closed block");
    let lines = block.split(';').filter_map(|line| line.split_once(": #"));
    lines
        .map(|(name, hex)| {
            let channel = |i: usize| {
                let value = u8::from_str_radix(&hex[i..i + 2], 16).expect("two hexadecimal digits");
                linear(f64::from(value) / 255.0)
            };
            (name.trim(), [channel(0), channel(2), channel(4)])
        })
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "a colour that is seen needs no last digit")]
fn linear(value: f64) -> f64 {
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let luminance = |[r, g, b]: [f64; 3]| 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn check(pairs: &[(&str, &str)], least: f64) {
    for (theme, colours) in [("light", colours(0)), ("dark", colours(1))] {
        for (front, back) in pairs {
            let found = contrast(
                colours[format!("--{front}").as_str()],
                colours[format!("--{back}").as_str()],
            );
            assert!(found >= least, "{theme}: {front} on {back} is {found:.2}, expected {least}");
        }
    }
}

#[test]
fn black_on_white_has_the_largest_contrast() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
}

#[test]
fn all_text_can_be_read() {
    let mut pairs = vec![
        ("help", "help-back"),
        ("harm", "harm-back"),
        ("unknown", "unknown-back"),
        ("ink", "rest-back"),
        ("ink", "unknown-back"),
        ("soft", "rest-back"),
    ];
    for front in ["ink", "soft"] {
        pairs.extend(["paper", "card", "faint"].map(|back| (front, back)));
    }
    pairs.extend(["help", "harm", "unknown"].map(|front| (front, "paper")));
    check(&pairs, TEXT);
}

#[test]
fn all_marks_can_be_seen() {
    let fronts = ["help", "harm", "unknown", "rest", "ink"];
    check(&fronts.map(|front| (front, "paper")), MARK);
}

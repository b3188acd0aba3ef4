//! What do the values of options mean? One parser each, refusing what cannot be meant.

use std::num::NonZeroU32;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::failures::Unmeant;

/// The cost of an arm, as written: `mail=80` or `call=@minutes`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ArmCostArg {
    /// The arm.
    pub(crate) arm: String,
    /// What it costs.
    pub(crate) cost: CostArg,
}

/// The same cost for everyone, or a column of costs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CostArg {
    /// A cost a person.
    Same(f64),
    /// The name of a column with one cost a row.
    Column(String),
}

/// How many people an arm can take, as written: `call=500`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ArmCapacityArg {
    /// The arm.
    pub(crate) arm: String,
    /// How many people at most.
    pub(crate) people: usize,
}

/// A number of trees, or as many as it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TreesArg {
    /// Until the Monte-Carlo share of the variance is small.
    Auto,
    /// So many.
    Exactly(NonZeroU32),
}

/// A number of splits, or as many as the verdict needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RepeatsArg {
    /// More than one only where one leaves the verdict close.
    Auto,
    /// So many.
    Exactly(NonZeroU32),
}

/// The secret behind holdout and draws, as written: it is read where no message can repeat it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum KeyArg {
    /// What should be its digits.
    Digits(String),
    /// The file that holds its digits, so that they stand in no list of processes.
    File(PathBuf),
}

impl std::fmt::Debug for KeyArg {
    // A secret that is printed is none.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyArg(..)")
    }
}

/// Takes digits or `@FILE`; whether they are digits is asked later.
#[expect(clippy::unnecessary_wraps, reason = "the shape of a parser")]
pub(crate) fn key(text: &str) -> Result<KeyArg, Unmeant> {
    Ok(match text.strip_prefix('@') {
        Some(file) => KeyArg::File(PathBuf::from(file)),
        None => KeyArg::Digits(text.to_owned()),
    })
}

/// Returns the bytes that 64 hexadecimal digits stand for.
pub(crate) fn key_bytes(digits: &str) -> Option<[u8; 32]> {
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (k, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * k..2 * k + 2], 16).ok()?;
    }
    Some(bytes)
}

/// Parses an instant with its offset.
pub(crate) fn instant(text: &str) -> Result<Timestamp, Unmeant> {
    text.parse().map_err(|_| {
        let (en, ja) = (
            format!("`{text}` is no instant; write it like 2026-11-18T11:00:00+09:00"),
            format!("`{text}` は日時として読めません。2026-11-18T11:00:00+09:00 のように指定してください"),
        );
        Unmeant::new(en, ja)
    })
}

/// Parses `ARM=COST` or `ARM=@COLUMN`.
pub(crate) fn arm_cost(text: &str) -> Result<ArmCostArg, Unmeant> {
    let (arm, cost) =
        arm_and_value(text, "`ARM=COST` or `ARM=@COLUMN`, such as `mail=80`", "mail=80")?;
    let cost = match cost.strip_prefix('@') {
        Some("") => {
            let (en, ja) = ("a column name must follow `@`", "`@` のあとに列名が必要です");
            return Err(Unmeant::new(en, ja));
        }
        Some(column) => CostArg::Column(column.to_owned()),
        None => CostArg::Same(amount(&cost)?),
    };
    Ok(ArmCostArg { arm, cost })
}

/// Parses `ARM=PEOPLE`.
pub(crate) fn arm_capacity(text: &str) -> Result<ArmCapacityArg, Unmeant> {
    let (arm, people) = arm_and_value(text, "`ARM=PEOPLE`, such as `call=500`", "call=500")?;
    let people = people.replace('_', "").parse().map_err(|_| no_whole_number(&people))?;
    Ok(ArmCapacityArg { arm, people })
}

/// Parses a finite amount that is not negative.
pub(crate) fn amount(text: &str) -> Result<f64, Unmeant> {
    let value = finite(text)?;
    if value < 0.0 {
        let (en, ja) = (format!("`{text}` is below 0"), format!("`{text}` は 0 より小さい値です"));
        return Err(Unmeant::new(en, ja));
    }
    Ok(value)
}

/// Parses a number that can be computed with.
pub(crate) fn finite(text: &str) -> Result<f64, Unmeant> {
    /// Money and outcomes beyond this lose digits when summed over people.
    const LARGEST: f64 = 1e15;
    let value: f64 = text.replace('_', "").parse().map_err(|_| {
        Unmeant::new(format!("`{text}` is not a number"), format!("`{text}` は数値ではありません"))
    })?;
    if !value.is_finite() {
        let (en, ja) =
            (format!("`{text}` is not finite"), format!("`{text}` は有限の数ではありません"));
        return Err(Unmeant::new(en, ja));
    }
    if value.abs() > LARGEST {
        let (en, ja) = (
            format!("`{text}` is beyond 1e15: use a larger unit"),
            format!("`{text}` は 1e15 を超えています。より大きな単位にしてください"),
        );
        return Err(Unmeant::new(en, ja));
    }
    Ok(value)
}

/// Parses a share strictly between 0 and 1.
pub(crate) fn share(text: &str) -> Result<f64, Unmeant> {
    let value = finite(text)?;
    if value > 0.0 && value < 1.0 {
        return Ok(value);
    }
    Err(Unmeant::new(
        format!("`{text}` is not between 0 and 1"),
        format!("`{text}` は 0 と 1 の間にありません"),
    ))
}

/// Parses a trimming bound, at least 0 and below one half.
pub(crate) fn trim(text: &str) -> Result<f64, Unmeant> {
    let value = finite(text)?;
    if (0.0..0.5).contains(&value) {
        return Ok(value);
    }
    Err(Unmeant::new(
        format!("`{text}` is not at least 0 and below 0.5"),
        format!("`{text}` は 0 以上 0.5 未満ではありません"),
    ))
}

/// Parses a number of trees or `auto`.
pub(crate) fn trees(text: &str) -> Result<TreesArg, Unmeant> {
    Ok(count_or_auto(text)?.map_or(TreesArg::Auto, TreesArg::Exactly))
}

/// Parses a number of splits or `auto`.
pub(crate) fn repeats(text: &str) -> Result<RepeatsArg, Unmeant> {
    Ok(count_or_auto(text)?.map_or(RepeatsArg::Auto, RepeatsArg::Exactly))
}

/// Parses a seed.
pub(crate) fn seed(text: &str) -> Result<u64, Unmeant> {
    text.parse().map_err(|_| no_whole_number(text))
}

/// Parses a number of threads.
pub(crate) fn threads(text: &str) -> Result<u16, Unmeant> {
    within(text, 1..=4096)
}

/// Parses a number of bins.
pub(crate) fn bins(text: &str) -> Result<u16, Unmeant> {
    within(text, 3..=256)
}

/// Parses a number of rows to make up.
pub(crate) fn rows(text: &str) -> Result<u32, Unmeant> {
    within(text, 1..=100_000_000)
}

fn within<N>(text: &str, range: RangeInclusive<N>) -> Result<N, Unmeant>
where
    N: PartialOrd + std::fmt::Display + std::str::FromStr,
{
    let number: i128 = text.replace('_', "").parse().map_err(|_| no_whole_number(text))?;
    let number = number.to_string().parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| {
        let (low, high) = (range.start(), range.end());
        Unmeant::new(
            format!("`{text}` is not in {low}..={high}"),
            format!("`{text}` は {low} 以上 {high} 以下ではありません"),
        )
    })
}

fn no_whole_number(text: &str) -> Unmeant {
    Unmeant::new(
        format!("`{text}` is not a whole number"),
        format!("`{text}` は整数ではありません"),
    )
}

fn count_or_auto(text: &str) -> Result<Option<NonZeroU32>, Unmeant> {
    if text == "auto" {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        Unmeant::new(
            format!("`{text}` is neither a number above 0 nor `auto`"),
            format!("`{text}` は 1 以上の整数でも `auto` でもありません"),
        )
    })
}

/// Splits at the last `=`, since an arm's name may hold one and a number cannot.
fn arm_and_value(text: &str, expected: &str, example: &str) -> Result<(String, String), Unmeant> {
    let at = text.find("=@").or_else(|| text.rfind('='));
    match at.map(|at| (&text[..at], &text[at + 1..])) {
        Some((arm, value)) if !arm.is_empty() && !value.is_empty() => {
            Ok((arm.to_owned(), value.to_owned()))
        }
        _ => Err(Unmeant::new(
            format!("expected {expected}"),
            format!("`{example}` のように指定してください"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_a_number_or_a_column() {
        let same = ArmCostArg { arm: "mail".into(), cost: CostArg::Same(80.0) };
        assert_eq!(arm_cost("mail=80"), Ok(same));
        let column = ArmCostArg { arm: "a=b".into(), cost: CostArg::Column("min".into()) };
        assert_eq!(arm_cost("a=b=@min"), Ok(column));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for text in
            ["mail=1e16", "mail", "=80", "mail=", "mail=-1", "mail=NaN", "mail=inf", "mail=@"]
        {
            assert!(arm_cost(text).is_err(), "{text}");
        }
        for text in ["0", "1", "NaN", "1.5", "x"] {
            assert!(share(text).is_err(), "{text}");
        }
        for text in ["0", "-1", "many"] {
            assert!(trees(text).is_err() && repeats(text).is_err(), "{text}");
        }
        for text in ["-1", "0", "4097", "70000", "2.5", "99999999999999999999999999999999999999999"]
        {
            assert!(threads(text).is_err(), "{text}");
        }
    }
}

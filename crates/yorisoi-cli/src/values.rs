//! What do the values of options mean? One parser each, refusing what cannot be meant.

use std::num::NonZeroU32;

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

/// Parses `ARM=COST` or `ARM=@COLUMN`.
pub(crate) fn arm_cost(text: &str) -> Result<ArmCostArg, String> {
    let (arm, cost) = arm_and_value(text, "`ARM=COST` or `ARM=@COLUMN`, such as `mail=80`")?;
    let cost = match cost.strip_prefix('@') {
        Some("") => return Err("a column name must follow `@`".to_owned()),
        Some(column) => CostArg::Column(column.to_owned()),
        None => CostArg::Same(amount(&cost)?),
    };
    Ok(ArmCostArg { arm, cost })
}

/// Parses `ARM=PEOPLE`.
pub(crate) fn arm_capacity(text: &str) -> Result<ArmCapacityArg, String> {
    let (arm, people) = arm_and_value(text, "`ARM=PEOPLE`, such as `call=500`")?;
    let people =
        people.replace('_', "").parse().map_err(|_| format!("`{people}` is not a whole number"))?;
    Ok(ArmCapacityArg { arm, people })
}

/// Parses a finite amount that is not negative.
pub(crate) fn amount(text: &str) -> Result<f64, String> {
    let value = finite(text)?;
    if value < 0.0 { Err(format!("`{text}` is below 0")) } else { Ok(value) }
}

/// Parses a finite number.
pub(crate) fn finite(text: &str) -> Result<f64, String> {
    let value: f64 =
        text.replace('_', "").parse().map_err(|_| format!("`{text}` is not a number"))?;
    if value.is_finite() { Ok(value) } else { Err(format!("`{text}` is not finite")) }
}

/// Parses a share strictly between 0 and 1.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    let value = finite(text)?;
    if value > 0.0 && value < 1.0 {
        Ok(value)
    } else {
        Err(format!("`{text}` is not between 0 and 1"))
    }
}

/// Parses a trimming bound, at least 0 and below one half.
pub(crate) fn trim(text: &str) -> Result<f64, String> {
    let value = finite(text)?;
    if (0.0..0.5).contains(&value) {
        Ok(value)
    } else {
        Err(format!("`{text}` is not at least 0 and below 0.5"))
    }
}

/// Parses a number of trees or `auto`.
pub(crate) fn trees(text: &str) -> Result<TreesArg, String> {
    Ok(count_or_auto(text)?.map_or(TreesArg::Auto, TreesArg::Exactly))
}

/// Parses a number of splits or `auto`.
pub(crate) fn repeats(text: &str) -> Result<RepeatsArg, String> {
    Ok(count_or_auto(text)?.map_or(RepeatsArg::Auto, RepeatsArg::Exactly))
}

fn count_or_auto(text: &str) -> Result<Option<NonZeroU32>, String> {
    if text == "auto" {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| format!("`{text}` is neither a number above 0 nor `auto`"))
}

/// Splits at the last `=`, since an arm's name may hold one and a number cannot.
fn arm_and_value(text: &str, expected: &str) -> Result<(String, String), String> {
    let at = text.find("=@").or_else(|| text.rfind('='));
    match at.map(|at| (&text[..at], &text[at + 1..])) {
        Some((arm, value)) if !arm.is_empty() && !value.is_empty() => {
            Ok((arm.to_owned(), value.to_owned()))
        }
        _ => Err(format!("expected {expected}")),
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
        for text in ["mail", "=80", "mail=", "mail=-1", "mail=NaN", "mail=inf", "mail=@"] {
            assert!(arm_cost(text).is_err(), "{text}");
        }
        for text in ["0", "1", "NaN", "1.5", "x"] {
            assert!(share(text).is_err(), "{text}");
        }
        for text in ["0", "-1", "many"] {
            assert!(trees(text).is_err() && repeats(text).is_err(), "{text}");
        }
    }
}

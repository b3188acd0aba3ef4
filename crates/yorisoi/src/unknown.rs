//! How does a number that nobody knows come back from JSON?
//!
//! JSON has no NaN: a number that the data cannot tell is written as `null`. Read back, it is NaN again, so
//! that a summary survives the way through a file whatever it holds.

use serde::{Deserialize, Deserializer};

/// Reads a number, `null` as NaN.
///
/// # Errors
///
/// That of the deserializer for anything but a number or `null`.
pub(crate) fn number<'de, D: Deserializer<'de>>(source: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(source)?.unwrap_or(f64::NAN))
}

/// Reads numbers, each `null` as NaN.
///
/// # Errors
///
/// As [`number`].
pub(crate) fn numbers<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<f64>, D::Error> {
    let numbers: Vec<Option<f64>> = Vec::deserialize(source)?;
    Ok(numbers.into_iter().map(|number| number.unwrap_or(f64::NAN)).collect())
}

#[cfg(test)]
mod tests {
    use crate::summary::{EffectSpread, Rate, Value};

    #[test]
    fn an_unknown_number_goes_to_json_and_back() {
        let value =
            Value { estimate: 0.5, std_error: f64::NAN, low: f64::NEG_INFINITY, high: 1.0, n: 3 };
        let rate = Rate { arm: "mail".into(), target: "qini".into(), value };
        let json = serde_json::to_string(&rate).unwrap();
        let back: Rate = serde_json::from_str(&json).unwrap();
        assert!(back.value.std_error.is_nan() && back.value.low.is_nan(), "{back:?}");
        assert_eq!(serde_json::to_string(&back).unwrap(), json);
        let json = r#"{"arm":"a","edges":[null,1.0],"counts":[2],"mean_half_width":null,"ranked":[],"importance":[]}"#;
        let spread: EffectSpread = serde_json::from_str(json).unwrap();
        assert!(spread.edges[0].is_nan() && spread.mean_half_width.is_nan());
    }

    #[test]
    fn a_number_that_is_missing_altogether_is_an_error() {
        let cut = r#"{"estimate":0.5,"std_error":0.1,"low":0.3,"n":3}"#;
        let read: Result<Value, _> = serde_json::from_str(cut);
        assert!(read.unwrap_err().to_string().contains("high"));
    }
}

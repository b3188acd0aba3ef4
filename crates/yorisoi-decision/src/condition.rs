//! When does an action concern a client? Conditions on what is known of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is known of a client under one name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Attribute {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A word.
    Text(String),
}

/// How an attribute is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// The same value.
    Is,
    /// Known, and another value.
    IsNot,
    /// A number of at least this.
    AtLeast,
    /// A number of at most this.
    AtMost,
}

/// One condition: attribute, comparison, value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The attribute's name.
    pub attribute: String,
    /// How it is compared.
    pub is: Comparison,
    /// With what.
    pub value: Attribute,
}

impl Condition {
    /// Whether it holds; `None` if the attribute is unknown or of another type, which every gate takes as no.
    pub fn holds(&self, attributes: &BTreeMap<String, Attribute>) -> Option<bool> {
        use Attribute::{Flag, Number, Text};
        match (attributes.get(&self.attribute)?, &self.value) {
            (Number(a), Number(b)) => self.holds_for_numbers(*a, *b),
            (Flag(a), Flag(b)) => self.holds_for_equality(a == b),
            (Text(a), Text(b)) => self.holds_for_equality(a == b),
            _ => None,
        }
    }

    fn holds_for_numbers(&self, a: f64, b: f64) -> Option<bool> {
        // A comparison with NaN knows nothing.
        let order = a.partial_cmp(&b)?;
        Some(match self.is {
            Comparison::Is => order.is_eq(),
            Comparison::IsNot => order.is_ne(),
            Comparison::AtLeast => order.is_ge(),
            Comparison::AtMost => order.is_le(),
        })
    }

    fn holds_for_equality(&self, same: bool) -> Option<bool> {
        match self.is {
            Comparison::Is => Some(same),
            Comparison::IsNot => Some(!same),
            Comparison::AtLeast | Comparison::AtMost => None,
        }
    }
}

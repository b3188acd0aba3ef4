//! What names a client, a household, an action, an agent: a checked string each, so that none is
//! taken for another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest identifier that is accepted, in bytes.
pub const ID_BYTES_MAX: usize = 200;

/// Why a string names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// There is no character in it.
    #[error("`{what}` is empty; give it at least one character")]
    Empty {
        /// Which identifier.
        what: &'static str,
    },
    /// It is longer than [`ID_BYTES_MAX`].
    #[error("`{what}` has {actual} bytes; at most {ID_BYTES_MAX} are accepted")]
    TooLong {
        /// Which identifier.
        what: &'static str,
        /// Its length in bytes.
        actual: usize,
    },
    /// It holds a control character or a mark that turns the direction of writing.
    #[error("`{what}` holds a character that cannot be shown (U+{code:04X}); leave it out")]
    Unprintable {
        /// Which identifier.
        what: &'static str,
        /// The character.
        code: u32,
    },
}

fn check(what: &'static str, text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty { what });
    }
    if text.len() > ID_BYTES_MAX {
        return Err(IdError::TooLong { what, actual: text.len() });
    }
    match text.chars().find(|&c| is_unprintable(c)) {
        Some(c) => Err(IdError::Unprintable { what, code: u32::from(c) }),
        None => Ok(()),
    }
}

/// Control characters, and the marks by which a text can pretend to be another one.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

macro_rules! id {
    ($(#[doc = $doc:literal])* $name:ident, $what:literal) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        pub struct $name(String);

        impl $name {
            /// Returns the identifier, or why the text is none.
            ///
            /// # Errors
            ///
            /// [`IdError`] if the text is empty, too long or cannot be shown.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                check($what, &text)?;
                Ok(Self(text))
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// One person, by the house's own name for them: it says nothing about who they are.
    ClientId, "client"
);
id!(
    /// People who live or decide together; caps and proof count them as one.
    HouseholdId, "household"
);
id!(
    /// One kind of help in the catalogue of a policy.
    ActionId, "action"
);
id!(
    /// One person who helps.
    AgentId, "agent"
);
id!(
    /// People who help together and may read each other's notes.
    TeamId, "team"
);
id!(
    /// What a conversation is about: `plan`, `career`, `points`.
    Topic, "topic"
);
id!(
    /// The way by which help reaches a person: `call`, `mail`, `sms`, `visit`.
    Channel, "channel"
);
id!(
    /// One decision.
    DecisionId, "decision"
);

//! What is wrong with it, and what would be right? For programs in English, for people in Japanese too.

use serde::{Deserialize, Serialize};
use yorisoi::japanese::InJapanese;
use yorisoi_decision::{IdError, Words};

/// Why something cannot be used. The English belongs to the interfaces and is what is stored and sent; the
/// Japanese, whole sentences, is there for whatever somebody at the desk can meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Reason {
    en: String,
    ja: Option<String>,
}

impl Reason {
    /// What the error of a study says.
    pub fn of(error: &impl InJapanese) -> Self {
        (error.to_string(), format!("{}。", error.japanese())).into()
    }

    /// The reason in Japanese, if it has been put into words; what only programs meet has not.
    pub fn ja(&self) -> Option<&str> {
        self.ja.as_deref()
    }

    /// The reason in both languages; of one that only programs meet, Japanese says no more than to look again.
    pub fn words(&self) -> Words {
        let ja = self.ja.clone().unwrap_or_else(|| "内容をご確認ください。".to_owned());
        Words { en: self.en.clone(), ja }
    }

    /// What to tell somebody about a part of what they sent, by the name they know it by.
    pub fn about(&self, en: &str, ja: &str) -> Words {
        let why = self.ja().unwrap_or_default();
        Words {
            en: format!("`{en}`: {self}"), ja: format!("「{ja}」を確かめてください。{why}")
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en)
    }
}

impl From<String> for Reason {
    fn from(en: String) -> Self {
        Self { en, ja: None }
    }
}

impl From<&str> for Reason {
    fn from(en: &str) -> Self {
        en.to_owned().into()
    }
}

impl From<Reason> for String {
    fn from(reason: Reason) -> Self {
        reason.en
    }
}

impl<E: Into<String>, J: Into<String>> From<(E, J)> for Reason {
    fn from((en, ja): (E, J)) -> Self {
        Self { en: en.into(), ja: Some(ja.into()) }
    }
}

impl From<Words> for Reason {
    fn from(words: Words) -> Self {
        (words.en, words.ja).into()
    }
}

impl From<&IdError> for Reason {
    fn from(error: &IdError) -> Self {
        error.words().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_and_sent_is_the_english_text_alone() {
        let reason = Reason::from(("it is empty", "空欄です。"));
        let sent = serde_json::to_string(&reason).unwrap();
        assert_eq!(sent, "\"it is empty\"");
        let read: Reason = serde_json::from_str(&sent).unwrap();
        assert_eq!((read.to_string().as_str(), read.ja()), ("it is empty", None));
        assert_eq!(read.about("name", "お名前").ja, "「お名前」を確かめてください。");
    }
}

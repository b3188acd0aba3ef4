//! What can be wrong with an entry? The answers of a check, in both languages.

use std::fmt;

use serde::{Serialize, Serializer};
use yorisoi_decision::Words;

/// What is not as it was written. The English is what is stored and sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Wrong {
    /// It is not there.
    Missing,
    /// Neither it nor any behind it is there.
    RestMissing,
    /// Fewer were found than there should be.
    SomeMissing,
    /// The chain does not close here.
    Changed,
    /// It lies before the one before it.
    OutOfOrder,
    /// Its bytes cannot be read.
    NoEntry,
    /// What is stored beside it contradicts it.
    Columns,
    /// Its personal part is not the one that was sealed.
    PersonalChanged,
    /// Its personal part is kept under somebody else.
    PersonalElsewhere,
    /// Its personal part is gone, and nobody was erased.
    PersonalMissing,
    /// There is a personal part that it does not name.
    PersonalUnknown,
    /// There is a personal part, and no entry to it.
    PersonalAlone,
}

impl Wrong {
    /// Everything that can be wrong.
    pub const ALL: [Self; 12] = [
        Self::Missing,
        Self::RestMissing,
        Self::SomeMissing,
        Self::Changed,
        Self::OutOfOrder,
        Self::NoEntry,
        Self::Columns,
        Self::PersonalChanged,
        Self::PersonalElsewhere,
        Self::PersonalMissing,
        Self::PersonalUnknown,
        Self::PersonalAlone,
    ];

    /// What to tell somebody.
    pub fn words(self) -> Words {
        let (en, ja) = self.both();
        Words { en: en.to_owned(), ja: ja.to_owned() }
    }

    fn both(self) -> (&'static str, &'static str) {
        match self {
            Self::Missing => ("the entry is missing", "この記録がありません"),
            Self::RestMissing => {
                ("the entries from here on are missing", "ここから先の記録がありません")
            }
            Self::SomeMissing => ("entries are missing", "記録の数が足りません"),
            Self::Changed => (
                "its bytes, its hash or the hash before it were changed",
                "内容、ハッシュ、または直前の記録のハッシュが書き換えられています",
            ),
            Self::OutOfOrder => {
                ("it lies before the entry before it", "直前の記録よりも日時が前になっています")
            }
            Self::NoEntry => ("its bytes are no entry", "記録として読み取れません"),
            Self::Columns => (
                "the columns beside it say something else than the entry",
                "索引の内容が記録と一致しません",
            ),
            Self::PersonalChanged => {
                ("its sealed personal part was changed", "封印された個人情報が書き換えられています")
            }
            Self::PersonalElsewhere => (
                "its sealed personal part is filed under another client",
                "封印された個人情報が、別のお客さまのものになっています",
            ),
            Self::PersonalMissing => (
                "its sealed personal part is missing, and nobody was erased",
                "消去の記録がないのに、封印された個人情報がありません",
            ),
            Self::PersonalUnknown => (
                "it has a personal part it knows nothing of",
                "この記録が知らない個人情報が付いています",
            ),
            Self::PersonalAlone => (
                "there is a personal part without its entry",
                "個人情報だけがあり、もとの記録がありません",
            ),
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.both().0)
    }
}

impl Serialize for Wrong {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_wrong_is_said_in_japanese_too() {
        for wrong in Wrong::ALL {
            let Words { en, ja } = wrong.words();
            assert!(en.is_ascii() && !ja.chars().any(|c| c.is_ascii_alphabetic()), "{en} / {ja}");
            assert_eq!(serde_json::to_value(wrong).unwrap(), en.as_str());
        }
    }
}

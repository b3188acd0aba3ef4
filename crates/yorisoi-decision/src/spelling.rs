//! Do two spellings mean the same? What people write with capitals, in full-width letters or by another usual word.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::ids::{Channel, Topic};

/// Ways that people call by several names, the usual one first. The desk shows one word for each row.
const CHANNELS: [&[&str]; 4] = [
    &["call", "phone", "telephone", "tel", "電話"],
    &["mail", "email", "e-mail", "メール"],
    &["letter", "post", "手紙"],
    &["visit", "訪問"],
];

/// Returns a text composed: NFKC, without spaces around it.
pub fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text.trim());
    }
    let composed: String = text.nfkc().collect();
    Cow::Owned(composed.trim().to_owned())
}

/// Returns a text in its plain spelling: [`composed`], in small letters.
pub fn plain(text: &str) -> Cow<'_, str> {
    let composed = composed(text);
    if composed.chars().any(char::is_uppercase) {
        Cow::Owned(composed.to_lowercase())
    } else {
        composed
    }
}

/// Returns the usual name of a way to reach people; its plain spelling if it is none of the usual ways.
pub fn usual_channel(channel: &str) -> Cow<'_, str> {
    let plain = plain(channel);
    match CHANNELS.iter().find(|names| names.contains(&plain.as_ref())) {
        Some(names) => Cow::Borrowed(names[0]),
        None => plain,
    }
}

/// Whether two names mean the same way to a person: whoever refuses `Phone` is not called over `call`.
///
/// # Example
///
/// ```
/// # use yorisoi_decision::{Channel, same_channel};
/// assert!(same_channel(&Channel::new("Ｐｈｏｎｅ")?, &Channel::new("call")?));
/// assert!(!same_channel(&Channel::new("sms")?, &Channel::new("call")?));
/// # Ok::<(), yorisoi_decision::IdError>(())
/// ```
pub fn same_channel(a: &Channel, b: &Channel) -> bool {
    a == b || usual_channel(a.as_str()) == usual_channel(b.as_str())
}

/// Whether two names mean the same topic, but for their spelling.
pub fn same_topic(a: &Topic, b: &Topic) -> bool {
    a == b || plain(a.as_str()) == plain(b.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_full_width_and_spaces_are_one_spelling() {
        for text in ["Plan", "ｐｌａｎ", " plan ", "\u{3000}PLAN"] {
            assert_eq!(plain(text), "plan", "{text:?}");
        }
        assert_eq!(plain("ﾎﾟｲﾝﾄ"), "ポイント");
    }

    #[test]
    fn a_usual_way_has_one_name_and_no_way_two() {
        for text in ["phone", "Tel", "お電話", "電話"] {
            let is_call = usual_channel(text) == "call";
            assert_eq!(is_call, text != "お電話", "{text}");
        }
        let all: Vec<&str> = CHANNELS.concat();
        let once: std::collections::BTreeSet<&str> = all.iter().copied().collect();
        assert_eq!(all.len(), once.len());
        assert!(all.iter().all(|name| plain(name) == *name), "a name that is never met");
    }
}

//! How is each reason said to the people at the desk?
//!
//! In plain words, without blame, in both languages.

use crate::action::Words;
use crate::codes::Code;
use crate::decision::Gate;

/// What belongs to a code: its text form, its gate, and its words in English and Japanese.
type Entry = (&'static str, Option<Gate>, &'static str, &'static str);

impl Code {
    /// Every code, in the order in which they are declared.
    pub const ALL: [Self; 34] = [
        Self::IdentityUnknown,
        Self::IdentityErased,
        Self::IdentityMerged,
        Self::ClockSkewed,
        Self::NotEligible,
        Self::NotApplicable,
        Self::EffectUnknown,
        Self::MayHarm,
        Self::ConsentUnavailable,
        Self::TalkMissing,
        Self::AdviseMissing,
        Self::ConsentExpired,
        Self::TopicRefused,
        Self::ChannelRefused,
        Self::EverythingRefused,
        Self::Released,
        Self::ExitDecided,
        Self::ExitOffered,
        Self::PersonCap,
        Self::HouseholdCap,
        Self::CoolDown,
        Self::QuietHoursNow,
        Self::ZoneUnknown,
        Self::BusyNow,
        Self::PastShelfLife,
        Self::AttemptsExhausted,
        Self::NoSupply,
        Self::NoMinutes,
        Self::NoBudget,
        Self::HardConversations,
        Self::HeldOut,
        Self::NothingBetter,
        Self::CannotKnowYet,
        Self::Explored,
    ];

    /// The text form, `gate.reason`: the same as in JSON.
    pub fn as_str(self) -> &'static str {
        self.entry().0
    }

    /// The gate that says it; `None` for reasons that come from values and not from a gate.
    pub fn gate(self) -> Option<Gate> {
        self.entry().1
    }

    /// The words for people at the desk.
    pub fn words(self) -> Words {
        let (_, _, en, ja) = self.entry();
        Words { en: en.to_owned(), ja: ja.to_owned() }
    }

    fn entry(self) -> Entry {
        self.entry_about_the_person()
            .or_else(|| self.entry_about_contact())
            .unwrap_or_else(|| self.entry_about_means())
    }

    /// Who they are, what suits them, what they said.
    #[expect(clippy::too_many_lines, reason = "a table with one entry a code")]
    fn entry_about_the_person(self) -> Option<Entry> {
        use Gate::{Applicability, Consent, Eligibility, Identity, Refusal, Suitability};
        Some(match self {
            Self::IdentityUnknown => (
                "identity.unknown",
                Some(Identity),
                "We do not know this client yet.",
                "この方の記録がまだありません。",
            ),
            Self::IdentityErased => (
                "identity.erased",
                Some(Identity),
                "This person asked to be forgotten, and we keep to it.",
                "ご本人の希望により記録を消去しています。連絡はしません。",
            ),
            Self::IdentityMerged => (
                "identity.merged",
                Some(Identity),
                "This record was merged into another one; please look there.",
                "この記録は別の記録に統合されています。統合先をご覧ください。",
            ),
            Self::ClockSkewed => (
                "identity.clock_skewed",
                Some(Identity),
                "The clock lies before the last entry, so we wait until it is right again.",
                "時計が最後の記録より前を指しています。正しい時刻に戻るまで待ちます。",
            ),
            Self::NotEligible => (
                "eligibility.not_met",
                Some(Eligibility),
                "The conditions for this are not met, or not known.",
                "対象の条件を満たしていないか、まだ確認できていません。",
            ),
            Self::NotApplicable => (
                "applicability.not_met",
                Some(Applicability),
                "This does not concern the client at the moment.",
                "いまのこの方には当てはまりません。",
            ),
            Self::EffectUnknown => (
                "suitability.effect_unknown",
                Some(Suitability),
                "We do not know what this would change for the client.",
                "この方にとって何が変わるのか、まだ分かっていません。",
            ),
            Self::MayHarm => (
                "suitability.may_harm",
                Some(Suitability),
                "We cannot rule out that this would do harm.",
                "かえってご負担や不利益になるおそれを否定できません。",
            ),
            Self::ConsentUnavailable => (
                "consent.unavailable",
                Some(Consent),
                "The record cannot be read right now, so we do not know what was agreed to.",
                "いま記録を読み取れないため、了解の有無を確認できません。",
            ),
            Self::TalkMissing => (
                "consent.talk_missing",
                Some(Consent),
                "The client has not yet agreed to talk with us about this.",
                "この件でお話しすることへの了解(会話了解)をまだいただいていません。",
            ),
            Self::AdviseMissing => (
                "consent.advise_missing",
                Some(Consent),
                "The client has not yet agreed to be advised; please ask first.",
                "ご提案することへの了解(相談了解)をまだいただいていません。先にお尋ねください。",
            ),
            Self::ConsentExpired => (
                "consent.expired",
                Some(Consent),
                "The client's agreement has run out; please ask anew.",
                "以前いただいた了解の期限が過ぎています。あらためてお尋ねください。",
            ),
            Self::TopicRefused => (
                "refusal.topic",
                Some(Refusal),
                "The client does not wish to hear about this topic.",
                "この話題についてはご遠慮したいと伺っています。",
            ),
            Self::ChannelRefused => (
                "refusal.channel",
                Some(Refusal),
                "The client does not wish to be reached this way.",
                "この方法での連絡はご遠慮したいと伺っています。",
            ),
            Self::EverythingRefused => (
                "refusal.everything",
                Some(Refusal),
                "The client wishes to be left in peace.",
                "いまはそっとしておいてほしいと伺っています。",
            ),
            Self::Released => (
                "refusal.released",
                Some(Refusal),
                "The client has handed this on to somebody else.",
                "これは別の方へお譲りくださいました。",
            ),
            Self::ExitDecided => (
                "exit.decided",
                Some(Refusal),
                "The client has decided to leave; we process it and offer nothing more.",
                "解約を決めていらっしゃいます。引き止めず、お手続きを進めます。",
            ),
            Self::ExitOffered => (
                "exit.offered",
                Some(Refusal),
                "The client is leaving and has already heard our one offer.",
                "解約のお申し出の際、ご提案は一度お伝えしました。これ以上はお勧めしません。",
            ),
            _ => return None,
        })
    }

    /// How often, when, and whether they are there.
    fn entry_about_contact(self) -> Option<Entry> {
        use Gate::{ContactPolicy, Presence};
        Some(match self {
            Self::PersonCap => (
                "contact.person_cap",
                Some(ContactPolicy),
                "We have been in touch often enough for now.",
                "ご連絡の回数が、お約束した上限に達しています。",
            ),
            Self::HouseholdCap => (
                "contact.household_cap",
                Some(ContactPolicy),
                "We have been in touch with this household often enough for now.",
                "ご家族全体へのご連絡の回数が、お約束した上限に達しています。",
            ),
            Self::CoolDown => (
                "contact.cool_down",
                Some(ContactPolicy),
                "Something we did was a nuisance a short while ago; we give it time.",
                "少し前にご迷惑をおかけしました。しばらく間を置きます。",
            ),
            Self::QuietHoursNow => (
                "contact.quiet_hours",
                Some(ContactPolicy),
                "It is a quiet hour, or a day of rest, where the client lives.",
                "お住まいの地域では、連絡を控える時間帯か休日です。",
            ),
            Self::ZoneUnknown => (
                "contact.zone_unknown",
                Some(ContactPolicy),
                "We do not know where the client lives, and this hour may not suit them there.",
                "お住まいの地域の時刻が分からず、失礼な時間かもしれないため控えます。",
            ),
            Self::BusyNow => (
                "presence.busy",
                Some(Presence),
                "The client is busy now.",
                "いまはお忙しい時間帯です。",
            ),
            Self::PastShelfLife => {
                ("presence.expired", Some(Presence), "Its date is past.", "期限が過ぎています。")
            }
            Self::AttemptsExhausted => (
                "presence.attempts_exhausted",
                Some(Presence),
                "We have tried often enough; better to ask for a time, or to pass it on.",
                "何度かお届けを試みました。ご都合を伺うか、ほかの方へお譲りしましょう。",
            ),
            _ => return None,
        })
    }

    /// What there is, and what it is worth.
    fn entry_about_means(self) -> Entry {
        use Gate::{Capacity, Holdout};
        match self {
            Self::NoSupply => {
                ("capacity.supply", Some(Capacity), "None of this is left.", "残りがありません。")
            }
            Self::NoMinutes => (
                "capacity.minutes",
                Some(Capacity),
                "There is not enough time left today.",
                "本日の担当者の時間が足りません。",
            ),
            Self::NoBudget => (
                "capacity.budget",
                Some(Capacity),
                "There is not enough budget left.",
                "予算の残りが足りません。",
            ),
            Self::HardConversations => (
                "capacity.hard_conversations",
                Some(Capacity),
                "You have had enough hard conversations for one day.",
                "本日は難しいお話が続きました。この件は別の担当者か、別の日にしましょう。",
            ),
            Self::HeldOut => (
                "holdout.held_out",
                Some(Holdout),
                "This client is in the comparison group: we leave them in peace, so that help can be proven.",
                "比較のための対照群の方です。効果を確かめるため、こちらからの働きかけは控えます。",
            ),
            Self::CannotKnowYet => (
                "value.cannot_know_yet",
                None,
                "We cannot know yet whether anything would help; for now we leave the client in peace.",
                "お役に立てるかどうか、まだ分かりません。いまはそっと見守ります。",
            ),
            Self::Explored => (
                "value.explored",
                None,
                "We hold back on purpose this time, to learn what help changes.",
                "効果を知るため、今回はあえて働きかけを控えます。",
            ),
            // Every other code has its words above; `every_code_has_its_own_words` holds them apart.
            _ => (
                "value.nothing_better",
                None,
                "Nothing we could do is worth more to the client than being left in peace.",
                "いまは、そっとしておくことがいちばんの心づかいです。",
            ),
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_listed() {
        // The schema is derived from the enum, so it cannot forget a variant.
        let schema = serde_json::to_string(&schemars::schema_for!(Code)).unwrap();
        let listed = Code::ALL.iter().filter(|code| schema.contains(&format!("\"{code}\"")));
        assert_eq!(listed.count(), Code::ALL.len());
        assert_eq!(schema.matches("\"const\"").count(), Code::ALL.len(), "{schema}");
    }

    #[test]
    fn the_text_form_is_the_one_in_json() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }

    #[test]
    fn every_code_has_its_own_words() {
        let distinct = |of: fn(Words) -> String| {
            Code::ALL.iter().map(|code| of(code.words())).collect::<BTreeSet<_>>().len()
        };
        assert_eq!(distinct(|words| words.en), Code::ALL.len());
        assert_eq!(distinct(|words| words.ja), Code::ALL.len());
        let is_japanese = |c: char| ('\u{3040}'..='\u{30FF}').contains(&c);
        for code in Code::ALL {
            let Words { en, ja } = code.words();
            assert!(en.is_ascii() && en.ends_with('.') && en.len() > 10, "{code}");
            assert!(ja.chars().any(is_japanese) && ja.ends_with('。'), "{code}");
        }
    }
}

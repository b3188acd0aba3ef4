//! Why was it not done? One error for every use case, with a code, an HTTP status and words.

use yorisoi_decision::{ActionId, ClientId, DecisionId, IdError, PolicyError, Words};

use crate::caller::{Right, Role};
use crate::exit_steps::ExitError;
use crate::reason::Reason;

/// Why a use case was not carried out. Nothing was changed then.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// No token, a wrong one, or one that was revoked.
    #[error("no valid token was given; ask your privacy officer for one")]
    Unauthenticated,
    /// The role does not have the right.
    #[error("the role `{}` may not do this (`{right:?}`); ask one of: {}", role.as_str(), names(*right))]
    Forbidden {
        /// The caller's role.
        role: Role,
        /// What is missing.
        right: Right,
    },
    /// The person is looked after by another team.
    #[error("this person is looked after by another team")]
    OtherTeam,
    /// It concerns every team, and the caller looks after one.
    #[error("this concerns every team; ask somebody who looks after all of them")]
    OneTeam,
    /// A second person is needed.
    #[error("the policy was drafted by the same person; a second person must publish it")]
    SamePerson,
    /// There is no such thing.
    #[error("there is no {what} `{name}`")]
    Unknown {
        /// What was looked for: `client`, `decision`, `policy`.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// The person was erased.
    #[error("`{client}` was erased at their own wish; nothing is recorded about them any more")]
    Erased {
        /// The name that was asked for.
        client: ClientId,
    },
    /// The name is taken.
    #[error("the {what} `{name}` is there already; choose another name or change the one there is")]
    Exists {
        /// What.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Somebody else changed it in between.
    #[error(
        "`{name}` has changed since you read it (version {actual}, yours is {expected}); read it again"
    )]
    Changed {
        /// What was to be changed.
        name: String,
        /// The version the caller has.
        expected: u64,
        /// The version there is.
        actual: u64,
    },
    /// Somebody else published or rolled back in between.
    #[error("the live policy has changed since you read it, it is `{live}`; read it again")]
    PolicyChanged {
        /// The fingerprint of the one that holds.
        live: String,
    },
    /// The same key came with another body.
    #[error("the idempotency key `{key}` was used with another body; use a new key")]
    KeyReused {
        /// The key.
        key: String,
    },
    /// What was handed in cannot be used.
    #[error("`{field}`: {reason}")]
    Invalid {
        /// Which part.
        field: String,
        /// What is wrong with it, and what would be right.
        reason: Reason,
    },
    /// An identifier names nothing.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A document is no policy.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// No policy was published yet.
    #[error("no policy is published yet; draft one and have a second person publish it")]
    NoPolicy,
    /// A live holdout may not be edited.
    #[error(
        "the holdout `{programme}` is running, its share and name are locked; start a programme of another name"
    )]
    HoldoutLocked {
        /// Its name.
        programme: String,
    },
    /// There is no policy to go back to.
    #[error("there is no policy before the one that holds")]
    NothingBefore,
    /// A step of leaving is not possible here.
    #[error(transparent)]
    Exit(#[from] ExitError),
    /// The decision is no longer open.
    #[error("the decision `{decision}` is no longer open (`{state}`)")]
    DecisionEnded {
        /// Which.
        decision: DecisionId,
        /// What became of it.
        state: String,
    },
    /// It needs a consent that is not there.
    #[error("there is no consent for this (`{}`); ask for it first", serde_name(*code))]
    NoConsent {
        /// The decision's code.
        code: yorisoi_decision::Code,
    },
    /// A gate stops it.
    #[error("`{action}` is not possible here now (`{}`)", serde_name(*code))]
    Stopped {
        /// What was wanted.
        action: ActionId,
        /// What the policy calls it.
        name: Words,
        /// Why.
        code: yorisoi_decision::Code,
    },
    /// The hand-on is no longer open for this.
    #[error("the hand-on `{hand_on}` is `{state}`; {remedy}")]
    HandOn {
        /// Which.
        hand_on: String,
        /// What it is.
        state: String,
        /// What can be done instead.
        remedy: Reason,
    },
    /// A model cannot be used.
    #[error("the model cannot be used: {reason}")]
    Model {
        /// Why, and what would do.
        reason: Reason,
    },
    /// The statistics refuse.
    #[error("this cannot be computed: {reason}")]
    Refused {
        /// Why.
        reason: Reason,
    },
    /// An address may not be told of events.
    #[error("webhooks are not sent to `{address}`: {reason}")]
    Address {
        /// The address.
        address: String,
        /// Why not.
        reason: Reason,
    },
    /// The ledger cannot be used now. Nothing was changed; the same request may be sent again.
    #[error("the ledger is not available: {why}")]
    Unavailable {
        /// Why.
        why: String,
    },
    /// A mistake of our own.
    #[error("this should not happen: {what}; please report it")]
    Internal {
        /// What.
        what: String,
    },
}

fn names(right: Right) -> String {
    right.roles().iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")
}

fn names_ja(right: Right) -> String {
    right.roles().iter().map(|role| role.words().ja).collect::<Vec<_>>().join("、")
}

/// What cannot be done, and why, where that has been put into Japanese.
fn because(what: &str, reason: &Reason) -> String {
    format!("{what}{}", reason.ja().unwrap_or_default())
}

/// What became of a hand-on.
fn state_ja(state: &str) -> &'static str {
    match state {
        "released" => "このおすそわけは、まだどなたにもお声がけしていません。",
        "offered" => "このおすそわけは、お返事を待っています。",
        "accepted" => "このおすそわけは、すでに受け取られました。",
        "expired" => "このおすそわけは、期限が過ぎています。",
        _ => "このおすそわけは、今その状態にはありません。",
    }
}

/// The code as it is written in ledger and answers.
fn serde_name(code: yorisoi_decision::Code) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

impl AppError {
    /// The stable name of the reason: `group.reason`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => "caller.unauthenticated",
            Self::Forbidden { .. } => "caller.forbidden",
            Self::OtherTeam => "caller.other_team",
            Self::OneTeam => "caller.one_team",
            Self::SamePerson => "policy.same_person",
            Self::Unknown { .. } => "unknown",
            Self::Erased { .. } => "client.erased",
            Self::Exists { .. } => "exists",
            Self::Changed { .. } | Self::PolicyChanged { .. } => "changed",
            Self::KeyReused { .. } => "idempotency.key_reused",
            Self::Invalid { .. } => "input.invalid",
            Self::Id(_) => "input.identifier",
            Self::Policy(_) => "policy.invalid",
            Self::NoPolicy => "policy.none",
            Self::HoldoutLocked { .. } => "policy.holdout_locked",
            Self::NothingBefore => "policy.nothing_before",
            Self::Exit(error) => error.code(),
            Self::DecisionEnded { .. } => "decision.ended",
            Self::NoConsent { .. } => "consent.missing",
            Self::Stopped { .. } => "decision.stopped",
            Self::HandOn { .. } => "hand_on.state",
            Self::Model { .. } => "model.unusable",
            Self::Refused { .. } => "statistics.refused",
            Self::Address { .. } => "webhook.address",
            Self::Unavailable { .. } => "ledger.unavailable",
            Self::Internal { .. } => "internal",
        }
    }

    /// The HTTP status that fits.
    pub fn status(&self) -> u16 {
        match self {
            Self::Unauthenticated => 401,
            Self::Forbidden { .. } | Self::OtherTeam | Self::OneTeam | Self::SamePerson => 403,
            Self::Unknown { .. } => 404,
            Self::Exists { .. }
            | Self::NoPolicy
            | Self::HoldoutLocked { .. }
            | Self::NothingBefore
            | Self::Exit(_)
            | Self::DecisionEnded { .. }
            | Self::NoConsent { .. }
            | Self::Stopped { .. }
            | Self::HandOn { .. } => 409,
            Self::Erased { .. } => 410,
            Self::Changed { .. } | Self::PolicyChanged { .. } => 412,
            Self::KeyReused { .. }
            | Self::Invalid { .. }
            | Self::Id(_)
            | Self::Policy(_)
            | Self::Model { .. }
            | Self::Refused { .. }
            | Self::Address { .. } => 422,
            Self::Unavailable { .. } => 503,
            Self::Internal { .. } => 500,
        }
    }

    /// What to tell the person, in both languages. English is the error's own text.
    pub fn words(&self) -> Words {
        Words { en: self.to_string(), ja: self.japanese() }
    }

    /// The same for somebody who did not start the program: what went wrong inside names files and
    /// statements, and belongs into the log.
    pub fn plain_words(&self) -> Words {
        let en = match self {
            Self::Unavailable { .. } => {
                "The ledger cannot be used just now. Nothing was changed; please try again in a moment."
            }
            Self::Internal { .. } => "This is a mistake of our own; please report it.",
            _ => return self.words(),
        };
        Words { en: en.to_owned(), ja: self.japanese() }
    }

    fn japanese(&self) -> String {
        match self {
            Self::Forbidden { role, right } => format!(
                "「{}」の役割ではこの操作はできません。できるのは次の役割です: {}。",
                role.words().ja,
                names_ja(*right)
            ),
            Self::Unknown { name, .. } => format!("「{name}」は見つかりません。"),
            Self::Erased { client } => {
                format!("「{client}」はご本人の希望により消去されました。記録はもう行われません。")
            }
            Self::Exists { what, name } if what.ends_with("of client") => {
                format!("この名前は、お客さま「{name}」のものとしてすでに登録されています。")
            }
            Self::Exists { name, .. } => {
                format!(
                    "「{name}」はすでにあります。別の名前にするか、今あるものを変更してください。"
                )
            }
            Self::Changed { name, .. } => format!(
                "「{name}」はご覧になった後に変更されています。もう一度読み込んでください。"
            ),
            Self::KeyReused { key } => {
                format!("冪等キー「{key}」は別の内容で使われています。新しいキーをお使いください。")
            }
            Self::Invalid { field, reason } => reason.about(field, field).ja,
            Self::Id(error) => error.words().ja,
            Self::Policy(error) => format!("方針を確かめてください。{}。", error.words().ja),
            Self::HoldoutLocked { programme } => format!(
                "比較のための対照群「{programme}」は実施中のため変更できません。別の名前の企画を始めてください。"
            ),
            Self::Exit(error) => error.words().ja,
            Self::DecisionEnded { decision, .. } => {
                format!("判断「{decision}」はすでに終わっています。")
            }
            Self::Stopped { name, code, .. } => {
                format!("「{}」は今この方にはできません。{}", name.ja, code.words().ja)
            }
            Self::HandOn { state, remedy, .. } => because(state_ja(state), remedy),
            Self::Model { reason } => because("このモデルは使えません。", reason),
            Self::Refused { reason } => because("実行できません。", reason),
            Self::Address { address, reason } => {
                because(&format!("「{address}」へは通知を送れません。"), reason)
            }
            Self::Unauthenticated
            | Self::OtherTeam
            | Self::OneTeam
            | Self::SamePerson
            | Self::PolicyChanged { .. }
            | Self::NoPolicy
            | Self::NothingBefore
            | Self::NoConsent { .. }
            | Self::Unavailable { .. }
            | Self::Internal { .. } => self.japanese_as_it_stands().to_owned(),
        }
    }

    /// The Japanese of an error that names nothing.
    fn japanese_as_it_stands(&self) -> &'static str {
        match self {
            Self::Unauthenticated => {
                "有効なトークンがありません。個人情報の担当者にお問い合わせください。"
            }
            Self::OtherTeam => "この方は別のチームが担当しています。",
            Self::OneTeam => {
                "すべてのチームに関わる操作です。全チームを担当する方にお願いしてください。"
            }
            Self::SamePerson => {
                "方針を起案した本人は公開できません。別の方に公開をお願いしてください。"
            }
            Self::PolicyChanged { .. } => {
                "現在の方針は、ご覧になった後に変更されています。もう一度読み込んでください。"
            }
            Self::NoPolicy => {
                "公開された方針がまだありません。起案し、別の方に公開してもらってください。"
            }
            Self::NothingBefore => "今の方針より前の方針はありません。",
            Self::NoConsent { .. } => "まだ了解をいただいていません。先にお尋ねください。",
            Self::Unavailable { .. } => {
                "台帳が今使えません。何も変更していません。しばらくしてからもう一度お試しください。"
            }
            _ => "こちらの不具合です。お手数ですがお知らせください。",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_went_wrong_inside_is_not_for_everybody() {
        let why = "disk image /data/care/ledger.sqlite is malformed".to_owned();
        for error in [AppError::Unavailable { why: why.clone() }, AppError::Internal { what: why }]
        {
            let words = error.plain_words();
            assert!(!words.en.contains("sqlite") && !words.ja.contains("sqlite"), "{words:?}");
            assert!(error.words().en.contains("sqlite"), "whoever starts the program needs it");
        }
        let invalid = AppError::invalid("zone", "no zone");
        assert_eq!(invalid.plain_words(), invalid.words());
    }
}

//! How is each event said in one line, in both languages?

use yorisoi_decision::{ActionId, Channel, ConsentKind, Topic, ValidPolicy, Words};
use yorisoi_ledger::{Body, DeliveredWhen, Landing, ReservationEnd};

/// Says what happened, in one line.
pub(crate) fn headline(body: &Body, policy: Option<&ValidPolicy>) -> Words {
    let say = Sayer { policy };
    Sayer::people(body)
        .or_else(|| say.consent(body))
        .or_else(|| say.needs(body))
        .or_else(|| say.helping(body))
        .or_else(|| Sayer::leaving(body))
        .or_else(|| say.handing_on(body))
        .unwrap_or_else(|| house(body))
}

/// Two texts.
pub(crate) fn words(en: impl Into<String>, ja: impl Into<String>) -> Words {
    Words { en: en.into(), ja: ja.into() }
}

struct Sayer<'a> {
    policy: Option<&'a ValidPolicy>,
}

impl Sayer<'_> {
    /// The action's name, as the catalogue says it.
    fn name(&self, action: &ActionId) -> Words {
        let plain = || Words::same(action.as_str());
        self.policy.map_or_else(plain, |policy| policy.policy().action_name(action))
    }

    /// The topic's name, as the policy says it.
    fn topic(&self, topic: &Topic) -> Words {
        let plain = || Words::same(topic.as_str());
        self.policy.map_or_else(plain, |policy| policy.policy().topic_name(topic))
    }

    fn people(body: &Body) -> Option<Words> {
        Some(match body {
            Body::ClientAdded { .. } => words("Became known to us", "ご縁ができました"),
            Body::ClientChanged { .. } => words("Record changed", "記録を更新しました"),
            Body::ClientsMerged { from } => words(
                format!("The record {from} turned out to be the same person"),
                format!("記録 {from} が同じ方のものと分かり、統合しました"),
            ),
            Body::AliasAdded {} => {
                words("Known to another system too", "ほかのシステムでの名前を登録しました")
            }
            Body::Looked { at } => {
                words(format!("Page opened: {at}"), format!("ページを閲覧しました（{at}）"))
            }
            Body::Erased {} => words("Erased at their own wish", "ご本人の希望により消去しました"),
            _ => return None,
        })
    }

    fn consent(&self, body: &Body) -> Option<Words> {
        Some(match body {
            Body::ConsentGranted { consent, .. } => {
                let (en, ja) = self.scope(consent.topic.as_ref(), consent.channel.as_ref());
                let kind = consent_name(consent.kind);
                words(
                    format!("{}: granted{en}", kind.en),
                    format!("{}をいただきました{ja}", kind.ja),
                )
            }
            Body::ConsentWithdrawn { consent, topic, channel, .. } => {
                let (en, ja) = self.scope(topic.as_ref(), channel.as_ref());
                let kind = consent_name(*consent);
                words(
                    format!("{}: withdrawn{en}", kind.en),
                    format!("{}が取り消されました{ja}", kind.ja),
                )
            }
            Body::Refused { topic, channel, .. } => {
                let (en, ja) = self.scope(topic.as_ref(), channel.as_ref());
                if en.is_empty() {
                    words("Wishes to be left in peace", "そっとしておいてほしいとのことです")
                } else {
                    words(format!("Refused{en}"), format!("ご遠慮したいとのことです{ja}"))
                }
            }
            Body::ChannelQuieted { channel } => {
                let Words { en, ja } = channel_words(channel.as_str());
                words(
                    format!("Left in peace ({en}): the new address was somebody's who was erased"),
                    format!("ご連絡を控えます（{ja}）。新しい連絡先は、消去された方のものでした"),
                )
            }
            Body::Reopened { topic, channel, .. } => {
                let (en, ja) = self.scope(topic.as_ref(), channel.as_ref());
                words(
                    format!("May be contacted again, by their own word{en}"),
                    format!("ご本人から、またどうぞとのお言葉です{ja}"),
                )
            }
            _ => return None,
        })
    }

    /// About what and which way, in brackets; nothing for everything.
    fn scope(&self, topic: Option<&Topic>, channel: Option<&Channel>) -> (String, String) {
        let topic = topic.map(|it| self.topic(it));
        let way = channel.map(|it| channel_words(it.as_str()));
        let parts: Vec<Words> = topic.into_iter().chain(way).collect();
        if parts.is_empty() {
            return (String::new(), String::new());
        }
        let all = |of: fn(&Words) -> &str| parts.iter().map(of).collect::<Vec<_>>();
        let (en, ja) = (all(|it| &it.en).join(", "), all(|it| &it.ja).join("、"));
        (format!(" ({en})"), format!("（{ja}）"))
    }

    fn needs(&self, body: &Body) -> Option<Words> {
        Some(match body {
            Body::NeedStated { topic } => {
                let Words { en, ja } = self.topic(topic);
                words(format!("Said what they need: {en}"), format!("ご要望を伺いました（{ja}）"))
            }
            Body::NeedInferred { topic, from } => {
                let (Words { en, ja }, from) = (self.topic(topic), origin(from));
                words(
                    format!("There may be a need: {en} (from {}); to be asked about", from.en),
                    format!(
                        "ご要望があるかもしれません（{ja}、{}より）。お尋ねしてみましょう",
                        from.ja
                    ),
                )
            }
            Body::NeedAnswered { topic, confirmed: true } => {
                let Words { en, ja } = self.topic(topic);
                words(
                    format!("Confirmed the need: {en}"),
                    format!("ご要望と確認できました（{ja}）"),
                )
            }
            Body::NeedAnswered { topic, confirmed: false } => {
                let Words { en, ja } = self.topic(topic);
                words(format!("No such need: {en}"), format!("その必要はないとのことです（{ja}）"))
            }
            Body::BusySet { .. } => words("Said when they are busy", "お忙しい時間帯を伺いました"),
            Body::Noted { .. } => words("Note", "メモ"),
            Body::CheckedIn { .. } => words("Check-in", "近況を伺いました"),
            _ => return None,
        })
    }

    fn helping(&self, body: &Body) -> Option<Words> {
        Some(match body {
            Body::Decided { decision, .. } => self.decided(decision),
            Body::ReservationEnded { why, .. } => match why {
                ReservationEnd::CarriedOut => words("Carried out", "実施しました"),
                ReservationEnd::GivenBack => words("Not carried out", "実施しませんでした"),
                ReservationEnd::Expired => words("Ran out of time", "時間切れとなりました"),
            },
            Body::Attempted { action, channel, reached, .. } => {
                let (name, way) = (self.name(action), channel_words(channel.as_str()));
                if *reached {
                    words(
                        format!("Reached by {}: {}", way.en, name.en),
                        format!("{}でご連絡がつきました: {}", way.ja, name.ja),
                    )
                } else {
                    words(
                        format!("Tried by {}, not reached: {}", way.en, name.en),
                        format!("{}ではご連絡がつきませんでした: {}", way.ja, name.ja),
                    )
                }
            }
            Body::Delivered { action, channel, late, .. } => {
                let (name, way) = (self.name(action), channel_words(channel.as_str()));
                let told = late.map_or_else(Words::default, |late| told_late(late.when));
                words(
                    format!("Delivered by {}: {}{}", way.en, name.en, told.en),
                    format!("{}でお届けしました: {}{}", way.ja, name.ja, told.ja),
                )
            }
            Body::Landed { action, landing, .. } => {
                let (name, landing) = (self.name(action), landing_name(*landing));
                words(
                    format!("{}: {}", name.en, landing.en),
                    format!("{}: {}", name.ja, landing.ja),
                )
            }
            Body::OutcomeSeen { outcome, value, .. } => self.outcome(outcome, *value),
            Body::Suppressed { action, code, .. } => {
                let (name, why) = (self.name(action), code.words());
                words(
                    format!("Held back {}: {}", name.en, why.en),
                    format!("{}を控えました。{}", name.ja, why.ja),
                )
            }
            Body::EffectsScored { .. } => words("Effects scored", "効果を見積もりました"),
            _ => return None,
        })
    }

    /// What came of it: of an outcome that has a name, one and zero are yes and no; of any other nothing is known
    /// but its number.
    fn outcome(&self, outcome: &str, value: f64) -> Words {
        let known = self.policy.filter(|policy| policy.policy().outcomes.contains_key(outcome));
        let Some(policy) = known else {
            return words(
                format!("Outcome {outcome}: {value}"),
                format!("結果（{outcome}）: {value}"),
            );
        };
        let Words { en, ja } = policy.policy().outcome_name(outcome);
        let said = match value {
            1.0 => words("yes", "はい"),
            0.0 => words("no", "いいえ"),
            _ => Words::same(value.to_string()),
        };
        words(format!("{}: {}", capitalised(&en), said.en), format!("{ja}: {}", said.ja))
    }

    fn decided(&self, decision: &yorisoi_decision::Decision) -> Words {
        if let Some(hold) = &decision.hold {
            let why = hold.code.words();
            return words(
                format!("Chose to hold back. {}", why.en),
                format!("見守ることにしました。{}", why.ja),
            );
        }
        let name = self.name(&decision.choice.action);
        words(format!("Chose: {}", name.en), format!("選んだこと: {}", name.ja))
    }

    fn leaving(body: &Body) -> Option<Words> {
        Some(match body {
            Body::ExitRequested {} => words("Asked to leave", "退会のお申し出がありました"),
            Body::ExitOffered { .. } => {
                words("The one permitted offer was made", "一度だけのご提案をお伝えしました")
            }
            Body::ExitDecided { .. } => words("Firmly decided to leave", "退会を決められました"),
            Body::ExitCompleted { .. } => {
                words("Let go well, with a receipt", "お手続きを終え、控えをお渡ししました")
            }
            Body::ExitAbandoned {} => {
                words("Did not pursue leaving", "退会のお手続きは進められませんでした")
            }
            Body::Returned {} => words("Came back by themselves", "ご本人から戻って来られました"),
            _ => return None,
        })
    }

    fn handing_on(&self, body: &Body) -> Option<Words> {
        let of = |action, en: &str, ja: &str| {
            let name = self.name(action);
            Some(words(format!("{en}: {}", name.en), format!("{ja}: {}", name.ja)))
        };
        match body {
            Body::HandOnReleased { action, .. } => {
                of(action, "Released for somebody else", "ほかの方へお譲りくださいました")
            }
            Body::HandOnOffered { action, .. } => {
                of(action, "Offered what somebody passed on", "おすそわけをお勧めしました")
            }
            Body::HandOnAccepted { action, .. } => {
                of(action, "Took what somebody passed on", "おすそわけをお受け取りになりました")
            }
            Body::HandOnDeclined { action, .. } => {
                of(action, "Did not want what somebody passed on", "おすそわけはご遠慮されました")
            }
            Body::HandOnExpired { action, .. } => {
                of(action, "Nobody took it in time", "期限までにお受け取りの方がいませんでした")
            }
            _ => None,
        }
    }
}

/// The usual origins of a question by their names; any other as it was given.
fn origin(from: &str) -> Words {
    match from {
        "usage" => words("how they use it", "ご利用の様子"),
        "check-in" => words("a check-in", "ご様子うかがい"),
        "talk" => words("a conversation", "会話"),
        other => Words::same(other),
    }
}

/// As a sentence begins.
fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + rest.as_str()
}

/// The name of a consent.
pub(crate) fn consent_name(kind: ConsentKind) -> Words {
    match kind {
        ConsentKind::Talk => words("Consent to talk", "会話了解"),
        ConsentKind::Advise => words("Consent to advise", "相談了解"),
    }
}

/// The name of a landing.
pub(crate) fn landing_name(landing: Landing) -> Words {
    match landing {
        Landing::Received => words("received", "届きました"),
        Landing::Helped => words("it helped", "お役に立てました"),
        Landing::Neutral => words("neither here nor there", "どちらともいえません"),
        Landing::Nuisance => words("a nuisance", "ご迷惑でした"),
        Landing::NotReceived => words("not received", "届きませんでした"),
        Landing::Closed => words("the heart closed", "心を閉ざされました"),
    }
}

/// What is said of a delivery that was told late.
fn told_late(when: DeliveredWhen) -> Words {
    match when {
        DeliveredWhen::WhileKept => words(" (told later)", "（のちに記録）"),
        DeliveredWhen::AfterEnd => {
            words(" (when it was kept for them no longer)", "（取り置きが終わったあとのお届け）")
        }
        DeliveredWhen::AfterNo => words(" (after they had said no)", "（お断りのあとのお届け）"),
    }
}

/// The usual ways by their names; any other as the policy writes it.
pub fn channel_words(channel: &str) -> Words {
    match yorisoi_decision::usual_channel(channel).as_ref() {
        "call" => words(channel, "お電話"),
        "mail" => words(channel, "メール"),
        "visit" => words("visit", "ご訪問"),
        "letter" => words(channel, "お手紙"),
        "sms" => words("SMS", "SMS"),
        "chat" => words("chat", "チャット"),
        "app" => words("app", "アプリ"),
        "desk" => words("desk", "窓口"),
        other => words(other, other),
    }
}

fn house(body: &Body) -> Words {
    match body {
        Body::SupplyChanged { action, by } => {
            words(format!("Supply of {action}: {by:+}"), format!("{action} の在庫: {by:+}"))
        }
        Body::PolicyDrafted { .. } => words("Policy drafted", "方針が起案されました"),
        Body::PolicyPublished { .. } => words("Policy published", "方針が公開されました"),
        Body::PolicyRolledBack { .. } => words("Policy rolled back", "方針を前の版に戻しました"),
        Body::ModelRegistered { .. } => words("Model registered", "モデルを登録しました"),
        Body::ModelPromoted { .. } => words("Model promoted", "モデルを採用しました"),
        Body::TokenIssued { token, .. } => {
            words(format!("Token {token} issued"), format!("トークン {token} を発行しました"))
        }
        Body::TokenRevoked { token } => {
            words(format!("Token {token} revoked"), format!("トークン {token} を失効しました"))
        }
        other => words(other.kind(), other.kind()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_said_by_its_name_and_by_its_id_where_it_has_none() {
        let text =
            crate::SAMPLE_POLICY.to_owned() + "spent = { en = \"spent\", ja = \"ご利用額\" }\n";
        let policy = yorisoi_decision::Policy::parse(&text).unwrap().validated().unwrap();
        let said = |outcome: &str, value, policy| {
            let Words { en, ja } = Sayer { policy }.outcome(outcome, value);
            [en, ja]
        };
        let known = |outcome, value| said(outcome, value, Some(&policy));
        assert_eq!(known("stayed", 1.0), ["Stayed with us: yes", "ご継続: はい"]);
        assert_eq!(known("stayed", 0.0), ["Stayed with us: no", "ご継続: いいえ"]);
        assert_eq!(known("spent", 12.5), ["Spent: 12.5", "ご利用額: 12.5"]);
        assert_eq!(known("visits", 1.0), ["Outcome visits: 1", "結果（visits）: 1"]);
        assert_eq!(said("stayed", 1.0, None), ["Outcome stayed: 1", "結果（stayed）: 1"]);
    }
}

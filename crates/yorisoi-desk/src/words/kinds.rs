//! What is each kind of entry called, where somebody reads the ledger?

use crate::lang::{Text, say};

/// Every kind with what it is called, in the order of a life with us.
pub(crate) static KINDS: [(&str, Text); 44] = [
    ("client_added", say("Person added", "お客さまの登録")),
    ("client_changed", say("Record changed", "登録情報の変更")),
    ("clients_merged", say("Two records merged", "登録の統合")),
    ("alias_added", say("Known elsewhere as", "別の番号の追加")),
    ("consent_granted", say("Consent given", "了解")),
    ("consent_withdrawn", say("Consent withdrawn", "了解の取り消し")),
    ("refused", say("Refusal", "お断り")),
    ("reopened", say("Refusal lifted by the client", "ご本人による再開")),
    ("channel_quieted", say("Left in peace at an address", "連絡先へのご連絡を控える")),
    ("need_stated", say("Need stated", "うかがったご要望")),
    ("need_inferred", say("Question to ask", "お尋ねしたいこと")),
    ("need_answered", say("Question answered", "お尋ねへのお返事")),
    ("busy_set", say("Busy hours", "ご都合の悪い時間")),
    ("noted", say("Note", "メモ")),
    ("checked_in", say("Check-in", "ご様子うかがい")),
    ("decided", say("Decision", "判断")),
    ("reservation_ended", say("Decision carried out or dropped", "判断の実施・終了")),
    ("attempted", say("Attempt to reach", "ご連絡")),
    ("delivered", say("Delivery", "お届け")),
    ("landed", say("How it landed", "届き方")),
    ("outcome_seen", say("Outcome", "結果")),
    ("suppressed", say("Held back", "控えたお手伝い")),
    ("effects_scored", say("Effects scored", "効果の見積もり")),
    ("exit_requested", say("Asked to leave", "退会のお申し出")),
    ("exit_offered", say("The one offer on leaving", "退会前のご提案")),
    ("exit_decided", say("Decided to leave", "退会のご決断")),
    ("exit_completed", say("Let go", "お見送り")),
    ("exit_abandoned", say("Did not pursue leaving", "退会の取りやめ")),
    ("returned", say("Came back", "お戻り")),
    ("hand_on_released", say("Passed on", "おすそわけのお申し出")),
    ("hand_on_offered", say("What was passed on, offered", "おすそわけのお声がけ")),
    ("hand_on_accepted", say("What was passed on, taken", "おすそわけのお受け取り")),
    ("hand_on_declined", say("What was passed on, declined", "おすそわけのご遠慮")),
    ("hand_on_expired", say("What was passed on, expired", "おすそわけの期限切れ")),
    ("supply_changed", say("Supply changed", "数量の変更")),
    ("policy_drafted", say("Policy drafted", "方針の起案")),
    ("policy_published", say("Policy published", "方針の公開")),
    ("policy_rolled_back", say("Policy rolled back", "方針の差し戻し")),
    ("model_registered", say("Model registered", "モデルの登録")),
    ("model_promoted", say("Model promoted", "モデルの採用")),
    ("token_issued", say("Token issued", "トークンの発行")),
    ("token_revoked", say("Token revoked", "トークンの無効化")),
    ("looked", say("Look at a person", "お客さまのページの閲覧")),
    ("erased", say("Erasure", "消去")),
];

/// What a kind is called; by its own name where the table has none.
pub(crate) fn kind(kind: &str) -> Text {
    let known = KINDS.iter().find(|(id, _)| *id == kind);
    known.map_or_else(|| Text::new(kind, kind), |(_, words)| words.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_entry_that_there_is_has_a_name() {
        let published = include_str!("../../../../docs/openapi.json");
        let document: serde_json::Value = serde_json::from_str(published).expect("a document");
        let kinds = document["components"]["schemas"]["Body"]["oneOf"].as_array().expect("kinds");
        assert_eq!(kinds.len(), KINDS.len());
        for one in kinds {
            let id = one["properties"]["kind"]["const"].as_str().expect("a name");
            assert!(KINDS.iter().any(|(known, _)| *known == id), "{id}");
        }
        assert_eq!(kind("new_one").en, "new_one");
    }
}

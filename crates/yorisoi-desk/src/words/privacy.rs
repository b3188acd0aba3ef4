//! Words of rights and records.

use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("People and privacy", "権利と記録");
pub(crate) static LEAD: Text = say(
    "What people may ask of us, who may come in, and that the ledger is whole.",
    "お客さまの権利、サインインできる方、台帳の確かさを扱います。",
);
pub(crate) static ISSUED: Text = say(
    "This is the only time the secret is shown. Hand it over in person.",
    "トークンが表示されるのは今だけです。直接お渡しください。",
);
pub(crate) static LEDGER: Text = say("The ledger", "台帳");
pub(crate) static LEDGER_LEAD: Text = say(
    "Every entry carries the hash of the one before: a single changed byte is found.",
    "各記録は前の記録のハッシュを含みます。1バイトの改変も見つかります。",
);
pub(crate) static VERIFY: Text = say("Verify all of it", "すべて検証する");
pub(crate) static AUDIT: Text = say("Who did what", "操作の記録");
pub(crate) static AUDIT_LEAD: Text = say(
    "Every entry, the newest first, every look at a person included.",
    "すべての記録です。新しい順に並び、お客さまのページを見たことも含みます。",
);
pub(crate) static BROKEN: Text = say(
    "The chain is broken. Stop writing, and restore from a backup.",
    "台帳の連鎖が壊れています。書き込みを止め、バックアップから復元してください。",
);
pub(crate) static RIGHTS: Text = say("A person asks", "ご本人からのご請求");
pub(crate) static WHO: Text = say("Client number", "お客さま番号");
pub(crate) static WHO_HINT: Text = say("It stands on their page.", "お客さまのページにあります。");
pub(crate) static EXPORT: Text = say("Save everything", "すべての記録を保存する");
pub(crate) static ERASE_LEAD: Text = say(
    "Erasing destroys the person's key: names, notes and addresses are gone, here and in every backup. It cannot be undone. That they are to be left alone is kept.",
    "消去すると、この方の鍵を破棄します。氏名・メモ・連絡先は、バックアップを含めて読めなくなります。取り消せません。「ご連絡しない」ことだけは残します。",
);
pub(crate) static AGAIN: Text = say("The number once more", "確認のため、もう一度番号を");
pub(crate) static AGAIN_HINT: Text =
    say("So that it does not happen by mistake.", "誤操作を防ぐためです。");
pub(crate) static ERASE: Text = say("Erase this person", "この方を消去する");
pub(crate) static TOKENS: Text = say("Who may come in", "サインインできる方");
pub(crate) static TOKEN: Text = say("Name of the token", "トークンの名前");
pub(crate) static ROLE: Text = say("Role", "役割");
pub(crate) static TEAM: Text = say("Team", "チーム");
pub(crate) static TEAM_HINT: Text = say("Empty: every team.", "空欄：すべてのチーム");
pub(crate) static AGENT: Text = say("Name of the agent", "担当者名");
pub(crate) static AGENT_HINT: Text = say("For people at the desk.", "担当の方のみ");
pub(crate) static EVERY_TEAM: Text = say("every team", "すべて");
pub(crate) static SINCE: Text = say("When", "日時");
pub(crate) static REVOKE: Text = say("Revoke", "無効にする");
pub(crate) static REVOKED: Text = say("revoked", "無効");
pub(crate) static ISSUE: Text = say("Issue a token", "トークンを発行する");
pub(crate) static KIND: Text = say("Kind", "種類");
pub(crate) static EVERY_KIND: Text = say("every kind", "すべて");
pub(crate) static SHOW: Text = say("Show", "表示");
pub(crate) static BY: Text = say("By", "誰が");
pub(crate) static MORE: Text = say("Earlier entries", "以前の記録");

/// The chain is whole.
pub(crate) fn whole(entries: u64) -> Text {
    let n = crate::format::grouped(entries as f64, 0);
    Text::new(
        format!("All {n} entries are whole and in their place."),
        format!("{n}件の記録は、すべて正しくつながっています。"),
    )
}

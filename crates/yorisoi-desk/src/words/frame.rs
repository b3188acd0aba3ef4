//! Words of the frame around every page.

use yorisoi_app::Role;

use crate::lang::{Text, say};

pub(crate) static TODAY: Text = say("Today", "今日");
pub(crate) static CLIENTS: Text = say("Clients", "お客さま");
pub(crate) static EXITS: Text = say("Let go", "お見送り");
pub(crate) static HAND_ON: Text = say("Hand on", "おすそわけ");
pub(crate) static LANDINGS: Text = say("How it landed", "すれ違い");
pub(crate) static PROOF: Text = say("Proof", "実証");
pub(crate) static STUDIES: Text = say("Studies", "調べもの");
pub(crate) static POLICY: Text = say("Policy", "方針");
pub(crate) static PRIVACY: Text = say("Privacy", "権利と記録");
pub(crate) static PLACES: Text = say("Places", "ページ一覧");
pub(crate) static SKIP: Text = say("Skip to the page", "本文へ移動");
pub(crate) static FIND: Text = say("Find someone", "お客さまを探す");
pub(crate) static FIND_HINT: Text = say(
    "Type a name or a number. Arrow keys choose, Enter opens, Escape closes.",
    "お名前か番号を入力してください。矢印キーで選び、Enterで開き、Escで閉じます。",
);
pub(crate) static LANGUAGE: Text = say("English", "日本語");
pub(crate) static SIGN_OUT: Text = say("Sign out", "サインアウト");
pub(crate) static FOOT: Text = say(
    "Every number here leads back to an entry of the ledger.",
    "ここにある数値は、すべて台帳の記録までたどれます。",
);
pub(crate) static TOUR: Text = say("A short tour", "はじめての方へ");
pub(crate) static DESIGN: Text = say("How the desk is drawn", "デザインの見本");
pub(crate) static KEYS: Text = say(
    "<kbd>j</kbd> <kbd>k</kbd> next and previous, <kbd>Enter</kbd> open, <kbd>⌘K</kbd> or <kbd>Ctrl K</kbd> find, <span class=\"keep\"><kbd>g</kbd> <kbd>t</kbd></span> today, <kbd>?</kbd> all keys",
    "<kbd>j</kbd> <kbd>k</kbd> 次・前、<kbd>Enter</kbd> 開く、<kbd>⌘K</kbd>または<kbd>Ctrl K</kbd> 探す、<span class=\"keep\"><kbd>g</kbd> <kbd>t</kbd></span> 今日、<kbd>?</kbd> キー一覧",
);

/// A role, as people call it.
pub(crate) fn role(role: Role) -> Text {
    Text::from(&role.words())
}

pub(crate) static NOT_DONE: Text = say("This was not done", "実行できませんでした");
pub(crate) static BACK: Text = say("Go back", "戻る");
pub(crate) static NOT_FOUND: Text = say("There is no such page", "ページが見つかりません");
pub(crate) static NOT_FOUND_LEAD: Text = say(
    "The address leads nowhere. Nothing was changed.",
    "このアドレスにはページがありません。何も変更されていません。",
);

/// What a step that was just done has to say: its short name, its tone, its sentence.
static SAID: [(&str, &str, Text); 21] = [
    ("recorded", "help", say("Recorded.", "記録しました。")),
    (
        "refused",
        "rest",
        say(
            "Understood. This binds every channel and every colleague from now on.",
            "承りました。これ以降、すべての連絡手段とすべての担当者に適用されます。",
        ),
    ),
    (
        "reopened",
        "help",
        say("The client opened this again. Recorded.", "ご本人のお申し出により再開しました。"),
    ),
    ("noted", "help", say("Noted.", "メモを残しました。")),
    (
        "landed",
        "help",
        say(
            "Thank you. How it landed is recorded.",
            "ありがとうございます。届き方を記録しました。",
        ),
    ),
    ("held", "rest", say("Left in peace. Recorded.", "そっと見守ります。記録しました。")),
    (
        "not-reached",
        "rest",
        say(
            "Nobody was reached. Recorded; no further try is made on top.",
            "つながりませんでした。記録しましたので、続けてのご連絡は控えます。",
        ),
    ),
    ("added", "help", say("The client was added.", "お客さまを登録しました。")),
    (
        "published",
        "help",
        say(
            "Published. It holds from the next decision on.",
            "公開しました。次の判断から適用されます。",
        ),
    ),
    (
        "drafted",
        "help",
        say(
            "Kept as a draft. A second person publishes it.",
            "下書きを保存しました。公開にはもう一人の確認が必要です。",
        ),
    ),
    ("rolled-back", "help", say("The policy before holds again.", "一つ前の方針に戻しました。")),
    (
        "erased",
        "rest",
        say(
            "The person was erased. The chain still verifies.",
            "この方の情報を消去しました。台帳の整合性は保たれています。",
        ),
    ),
    ("revoked", "rest", say("The token opens nothing any more.", "トークンを無効にしました。")),
    (
        "released",
        "help",
        say(
            "Released. Below is whom it may delight.",
            "手放していただきました。喜んでいただけそうな方を下に示します。",
        ),
    ),
    ("offered", "help", say("Offered.", "お声がけしました。")),
    (
        "accepted",
        "help",
        say(
            "Accepted. Both outcomes will be looked at.",
            "受け取っていただきました。お二人のその後を確かめていきます。",
        ),
    ),
    (
        "declined",
        "rest",
        say(
            "Declined. It is free for somebody else.",
            "辞退されました。ほかの方にお声がけできます。",
        ),
    ),
    (
        "registered",
        "help",
        say(
            "Registered. It speaks in the shadow only.",
            "登録しました。まだ参考表示だけで、判断には使われません。",
        ),
    ),
    (
        "promoted",
        "help",
        say(
            "Promoted. It decides from now on.",
            "判断に使うことにしました。次の判断から使われます。",
        ),
    ),
    (
        "abandoned",
        "rest",
        say(
            "Left open. It is not counted as a save.",
            "お手続きは取りやめとなりました。「引き止め」としては数えません。",
        ),
    ),
    ("returned", "help", say("Welcome back. Recorded.", "お戻りになったことを記録しました。")),
];

/// The tone and the sentence of a step, by its short name.
pub(crate) fn said(name: &str) -> Option<(&'static str, &'static Text)> {
    SAID.iter().find(|(known, _, _)| *known == name).map(|(_, tone, text)| (*tone, text))
}

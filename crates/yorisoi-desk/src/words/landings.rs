//! Words of すれ違い.

use maud::{Markup, html};
use yorisoi::summary::Words;

use crate::context::Context;
use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("How it was meant, how it landed", "すれ違い");
pub(crate) static LEAD: Text = say(
    "Kind help can land as a nuisance. The intention is ours, the landing is theirs.",
    "善意の手助けも、ご迷惑になることがあります。意図はこちらのもの、受け止めはご本人のものです。",
);
pub(crate) static NONE: Text = say("Nothing has landed yet", "まだ届き方の記録がありません");
pub(crate) static NONE_TEACH: Text = say(
    "After each act of help, one tap says how it landed. What was meant stands beside it here.",
    "お手伝いのたびに、届き方をひと押しで記録します。ここでは、ねらいと並べて見られます。",
);
pub(crate) static MEANT: Text = say("Help, and what it was meant to do", "お手伝いとそのねらい");
pub(crate) static MISMATCH: Text = say("Mismatch, 0 to 1", "すれ違いの度合い(0〜1)");

/// The same words for a picture.
pub(crate) fn both(words: &yorisoi_decision::Words) -> Words {
    Words { en: words.en.clone(), ja: words.ja.clone() }
}

fn pair(en: &str, ja: &str) -> Words {
    Words { en: en.to_owned(), ja: ja.to_owned() }
}

pub(crate) fn nuisance_title() -> Words {
    pair("How often it is a nuisance", "ご迷惑になる割合")
}

pub(crate) fn nuisance_note() -> Words {
    pair(
        "Few landings pull a rate towards the rate of all help together; the line is its 95% interval.",
        "件数が少ないほど、全体の割合に近づけて推定しています。線は95%区間です。",
    )
}

pub(crate) fn nuisance_axis() -> Words {
    pair("Share that was a nuisance", "ご迷惑だった割合")
}

/// How to read the table.
pub(crate) fn reading(cx: &Context) -> Markup {
    static HEAD: Text = say("How to read this", "読み方");
    static LINES: [Text; 3] = [
        say(
            "A wide mismatch says that the help, its time or its topic does not fit, not that somebody did badly.",
            "度合いが大きいときは、お手伝いの内容・時間・話題が合っていないという合図です。誰かの落ち度ではありません。",
        ),
        say(
            "A rise in nuisance lowers the rank of that help at the next decision, by itself.",
            "ご迷惑が増えたお手伝いは、次の判断から自動的に順位が下がります。",
        ),
        say(
            "“The heart closed” is rare and grave: read back what came before it on the person's page.",
            "「心を閉ざされた」は稀で重い出来事です。お客さまのページで、その前の経緯を振り返ってください。",
        ),
    ];
    html! { h2 { (cx.t(&HEAD)) } ul.bullets { @for line in &LINES { li { (cx.t(line)) } } } }
}

/// Holds are counted too.
pub(crate) fn holds(holds: u64, decisions: u64) -> Text {
    Text::new(
        format!("{holds} of {decisions} decisions were to leave the person in peace."),
        format!("{decisions}件の判断のうち、{holds}件は「そっとしておく」でした。"),
    )
}

//! Words of すれ違い.

use jiff::civil::Date;
use maud::{Markup, html};
use yorisoi::summary::Words;

use crate::context::Context;
use crate::lang::{Lang, Text, say};

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
pub(crate) static BY_ACTION: Text = say("By kind of help", "お手伝いごと");
pub(crate) static BY_TOPIC: Text = say("By topic", "話題ごと");
pub(crate) static TOPIC: Text = say("Topic", "話題");
pub(crate) static NO_TOPIC: Text = say("about nothing in particular", "話題を問わないもの");
pub(crate) static RUPTURES: Text = say("Hearts that closed", "心を閉ざされたとき");
pub(crate) static RUPTURES_LEAD: Text = say(
    "The newest first, each with what came before it. Not to find somebody at fault: to see it coming the next time.",
    "新しい順に、それまでの経緯とともに並べています。誰かの落ち度を探すためではなく、次に気づけるようにするためです。",
);
pub(crate) static NO_RUPTURE: Text =
    say("None has been told. May it stay so.", "記録はありません。このまま続きますように。");
pub(crate) static READ_BACK: Text = say("Read it back", "経緯を振り返る");
pub(crate) static OVER_TIME: Text = say("Over time", "時とともに");
pub(crate) static NO_REACTION: Text =
    say("No reaction has been told yet.", "まだ受け止めの記録がありません。");
pub(crate) static MISMATCH: Text = say("Mismatch, 0 to 1", "すれ違いの度合い（0〜1）");

/// The same words for a picture.
pub(crate) fn both(words: &yorisoi_decision::Words) -> Words {
    Words { en: words.en.clone(), ja: words.ja.clone() }
}

fn pair(en: &str, ja: &str) -> Words {
    Words { en: en.to_owned(), ja: ja.to_owned() }
}

pub(crate) fn weeks_title() -> Words {
    pair("Mismatch, week by week", "週ごとのすれ違い")
}

pub(crate) fn weeks_note() -> Words {
    pair(
        "By the week in which it was told how help landed, beginning on Monday; the line is the 95% interval. 0 is as meant, 1 the opposite.",
        "届き方を記録した週（月曜始まり）ごとの値です。線は95%区間です。0はねらいどおり、1はその逆を表します。",
    )
}

pub(crate) fn mismatch_axis() -> Words {
    pair("Mismatch, 0 to 1", "すれ違いの度合い（0〜1）")
}

/// The week that begins on a day.
pub(crate) fn week(monday: Date, today: Date) -> Words {
    let [en, ja] = [Lang::En, Lang::Ja].map(|lang| crate::format::day(monday, today, lang));
    pair(&format!("from {en}"), &format!("{ja}〜"))
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
        format!("{decisions}件の判断のうち、{holds}件は「見守る」でした。"),
    )
}

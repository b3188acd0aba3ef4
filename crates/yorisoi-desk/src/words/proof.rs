//! Words of proof.

use yorisoi::summary::Words;
use yorisoi_decision::Words as Name;

use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("Proof", "実証");
pub(crate) static LEAD: Text = say(
    "Some households, dealt by chance and locked, are left without offers. The difference is what our help changes.",
    "無作為に選んだ一部の世帯には、ご提案を控えています。その差が、私たちの働きかけで変わったことです。",
);
pub(crate) static PROVEN: Text = say("Proven", "実証されました");
pub(crate) static HARM: Text = say("Harm is proven", "逆効果が実証されました");
pub(crate) static NOT_PROVEN: Text = say("Not proven", "実証されていません");
pub(crate) static UNKNOWABLE: Text = say("Cannot be known yet", "まだ分かりません");
pub(crate) static CANNOT_KNOW: Text = say("cannot be known yet", "まだ分かりません");
pub(crate) static EFFECT: Text = say("Difference", "差");
pub(crate) static POINTS: Text = say("in 100 clients", "（お客さま100人あたり）");
pub(crate) static EVERY_LOOK: Text = say(
    "This interval holds however often one looks: looking daily does not make it lie.",
    "この区間は、毎日見ても誤りが増えない方法で求めています。",
);
pub(crate) static OVER_TIME: Text = say("How it came about", "これまでの歩み");
pub(crate) static NO_CURVE: Text = say(
    "The curve begins once the difference could be told on two days.",
    "差を求められる日が2日に達すると、ここに推移が表示されます。",
);
pub(crate) static WORTH: Text = say("What it comes to", "積み上げると");
pub(crate) static INCREMENTAL: Text =
    say("Outcomes that would not have come about", "働きかけがなければ得られなかった結果");
pub(crate) static VALUE: Text = say("Their value", "その価値");
pub(crate) static HOLDS: Text = say("Left in peace", "見守った判断");
pub(crate) static DEALT: Text = say("Were people dealt as they should be?", "割り当ては正しいか");
pub(crate) static ALARM: Text = say(
    "No: the groups have sizes that chance does not give. Do not read the difference until this is explained.",
    "いいえ。偶然では起こりにくい人数の偏りがあります。原因が分かるまで、差を読まないでください。",
);
pub(crate) static MAY_BE_HELPED: Text =
    say("Households that may be helped", "働きかけの対象となる世帯");
pub(crate) static HELD_OUT: Text = say("Households held out", "控えている世帯");
pub(crate) static DEALT_NOTE: Text = say(
    "By a keyed hash of the household, so that nobody can choose. An alarm rings below p = 0.001.",
    "世帯ごとの鍵付きハッシュで決まり、誰も選べません。p < 0.001 で警告します。",
);
pub(crate) static CREDIT: Text = say("Fair credit", "公平な評価");
pub(crate) static TEAM: Text = say("The team, in 100 clients", "チーム（お客さま100人あたり）");
pub(crate) static AGENT: Text = say("Name", "担当者");
pub(crate) static CHANGED: Text =
    say("What their help changed, in 100 clients", "変わったこと（100人あたり）");
pub(crate) static GOOD: Text = say("Good endings", "よいお見送り");
pub(crate) static HARD: Text = say("Hard conversations today", "今日の難しい会話");

fn pair(en: impl Into<String>, ja: impl Into<String>) -> Words {
    Words { en: en.into(), ja: ja.into() }
}

pub(crate) fn treated() -> Words {
    pair("may be helped", "働きかけの対象")
}

pub(crate) fn held_out() -> Words {
    pair("held out", "控えている世帯")
}

pub(crate) fn means_title() -> Words {
    pair("Side by side", "二つのグループ")
}

pub(crate) fn means_note() -> Words {
    pair(
        "Each mark is a group's mean outcome, each line its 95% interval.",
        "印は各グループの平均、線は95%区間です。",
    )
}

pub(crate) fn means_axis(outcome: &Name) -> Words {
    pair(format!("Share with “{}”", outcome.en), format!("「{}」の割合", outcome.ja))
}

/// Which programme, judged by what.
pub(crate) fn programme(programme: &str, outcome: &Name) -> Text {
    Text::new(
        format!("programme “{programme}”, judged by “{}”", outcome.en),
        format!("プログラム「{programme}」、指標「{}」", outcome.ja),
    )
}

/// Holds among decisions.
pub(crate) fn holds(holds: u64, decisions: u64) -> Text {
    Text::new(format!("{holds} of {decisions} decisions"), format!("{decisions}件中{holds}件"))
}

/// The share that should be.
pub(crate) fn should_be(share: f64) -> Text {
    let percent = crate::format::percent(share, 1);
    Text::new(format!("({percent} should be)"), format!("（本来は{percent}）"))
}

/// Clients from which on a person's number is shown.
const CLIENTS_MIN: u64 = 30;

/// Why there is no number: nobody to compare with yet, too few clients, or too few colleagues to tell skill
/// from luck by.
pub(crate) fn hidden(is_team_known: bool, n: u64) -> Text {
    if !is_team_known {
        return Text::new(
            format!("shown once 30 households held out can be compared with; {n} clients so far"),
            format!(
                "比較できる「控えている世帯」が30に達してから表示します（担当されているお客さまは現在{n}人）"
            ),
        );
    }
    if n >= CLIENTS_MIN {
        return Text::new(
            format!("shown once enough colleagues have 30 clients too; this person has {n}"),
            format!(
                "30人以上を担当する方がほかにもそろってから表示します（この方の担当は現在{n}人）"
            ),
        );
    }
    Text::new(
        format!("shown from 30 clients on; {n} so far"),
        format!("担当するお客さまが30人に達してから表示します（現在{n}人）"),
    )
}

pub(crate) fn over_time_title() -> Words {
    pair(OVER_TIME.en.clone(), OVER_TIME.ja.clone())
}

pub(crate) fn over_time_note() -> Words {
    pair(
        "The difference as it stood at the end of each day, by the day on which outcomes came. All these bands hold together, so that a day on which zero lies outside counts.",
        "結果が分かった日ごとに、その日までの差を描いています。どの日に見ても誤りが増えない区間なので、ゼロが区間の外に出た日があれば、その差は偶然とは言いにくいものです。",
    )
}

pub(crate) fn difference() -> Words {
    pair("Difference", "差")
}

pub(crate) fn day_axis() -> Words {
    pair("Day", "日")
}

pub(crate) fn difference_axis() -> Words {
    pair("Difference in 100 clients", "お客さま100人あたりの差")
}

/// The curve in words: where its band began, where it is now, and since when zero has lain outside.
pub(crate) fn closed_in(
    (first, begun): &(Text, [f64; 3]),
    (last, now): &(Text, [f64; 3]),
    outside: Option<Text>,
) -> Text {
    let band =
        |[_, low, high]: &[f64; 3]| format!("{low:+.1}\u{a0}–\u{a0}{high:+.1}").replace('-', "−");
    let (begun, now) = (band(begun), band(now));
    let since = outside.map_or_else(
        || say(" Zero has not been ruled out.", "ゼロはまだ否定できません。"),
        |day| {
            Text::new(
                format!(" Zero has lain outside since {}.", day.en),
                format!("{}からは、ゼロは区間の外にあります。", day.ja),
            )
        },
    );
    Text::new(
        format!("The band was {begun} on {} and is {now} on {}.{}", first.en, last.en, since.en),
        format!("区間は{}に{begun}、{}に{now}です。{}", first.ja, last.ja, since.ja),
    )
}

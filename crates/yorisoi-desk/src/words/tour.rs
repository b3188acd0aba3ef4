//! Words of the first minute.

use crate::lang::{Lang, Text, say};

pub(crate) static TITLE: Text = say("The first minute", "はじめての方へ");
pub(crate) static LEAD: Text =
    say("Four things, then you can work.", "四つだけ知れば、はじめられます。");
pub(crate) static SHOW: Text = say("Show me", "見てみる");
pub(crate) static STEPS: &[(&Text, &Text, &str)] = &[
    (
        &say(
            "Today says whom this hour helps most",
            "「今日」には、いま最も力になれる方が並びます",
        ),
        &say(
            "Not who might leave: whom help changes something for. Who is left in peace stands beside it, with the reason.",
            "離れそうな方ではなく、お手伝いで変わる方の順です。そっと見守るお客さまも、理由とともに示します。",
        ),
        "/today",
    ),
    (
        &say("Listen, ask, give, listen", "聴く、尋ねる、お伝えする、また聴く"),
        &say(
            "A conversation opens step by step. What could be offered stays hidden until the person has said that you may.",
            "会話は一歩ずつ進みます。了解をいただくまで、ご提案の内容は表示されません。",
        ),
        "/clients",
    ),
    (
        &say("Decided means done", "決まったら、すぐに"),
        &say(
            "One key, one confirmation, a receipt. A good ending is good work and counts as such.",
            "キーひとつ、確認ひとつで控えまで進みます。よいお見送りも、よい仕事として数えます。",
        ),
        "/exits",
    ),
    (
        &say("How it landed is theirs to say", "届き方を決めるのは、受け取った方です"),
        &say(
            "One tap after each act of help. From these taps the desk learns, and so do we.",
            "お手伝いのたびに、ひと押し。その積み重ねから、この机も私たちも学びます。",
        ),
        "/landings",
    ),
];
pub(crate) static KEYS: Text = say("Keys", "キー操作");
pub(crate) static LETTERS: Text = say("Keys of one letter", "1文字のショートカットキー");
pub(crate) static LETTERS_HINT: Text = say(
    "Switched off, a letter, digit or sign pressed by itself does nothing; ⌘K and Ctrl K still find somebody. This browser remembers your choice.",
    "オフにすると、文字・数字・記号を単独で押しても何も起きません。⌘KとCtrl Kによる検索は、そのままお使いいただけます。設定はこのブラウザーに保存されます。",
);
pub(crate) static KEYS_ANYWHERE: &[(&str, &Text)] = &[
    ("<kbd>j</kbd> <kbd>k</kbd>", &say("next and previous person", "次の方・前の方")),
    ("<kbd>Enter</kbd>", &say("open", "開く")),
    ("<kbd>⌘ K</kbd> <kbd>Ctrl K</kbd> <kbd>/</kbd>", &say("find somebody", "お客さまを探す")),
    ("<kbd>?</kbd>", &say("this list", "この一覧")),
];
pub(crate) static KEYS_WITH_SOMEBODY: &[(&str, &Text)] = &[
    (
        "<kbd>b</kbd>",
        &say("on a person's page: begin a conversation", "お客さまのページで：会話をはじめる"),
    ),
    ("<kbd>i</kbd>", &say("they have contacted us", "お客さまからのご連絡です")),
    ("<kbd>d</kbd>", &say("the person has decided to leave", "退会を決めておられる")),
    (
        "<kbd>Enter</kbd>",
        &say("on the page of their leaving: process it", "お見送りのページで：手続きを進める"),
    ),
    ("<kbd>x</kbd>", &say("“No more calls”", "「もう電話しないで」")),
    (
        "<kbd>y</kbd> <kbd>w</kbd> <kbd>n</kbd>",
        &say(
            "in a conversation: “Yes, please”, “Not now”, “No”",
            "会話のページで：「はい、お願いします」「今はいいです」「いいえ」",
        ),
    ),
    ("<kbd>0</kbd>", &say("nobody was reached", "つながらなかった")),
    ("<kbd>q</kbd>", &say("we have talked; end the conversation", "お話を終える")),
    ("<kbd>1</kbd> … <kbd>6</kbd>", &say("how it landed", "届き方")),
];

/// Where `g` and a letter lead.
pub(crate) fn go_to(places: &[&Text]) -> Text {
    let [en, ja] = [Lang::En, Lang::Ja].map(|lang| {
        let names: Vec<&str> = places.iter().map(|name| name.in_lang(lang)).collect();
        names.join(if lang == Lang::En { ", " } else { "・" })
    });
    Text::new(format!("go to: {en}"), format!("{ja}へ"))
}

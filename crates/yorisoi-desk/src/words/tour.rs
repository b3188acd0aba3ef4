//! Words of the first minute.

use crate::lang::{Text, say};

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
            "離れそうな方ではなく、お手伝いで変わる方の順です。そっとしておく方も、理由とともに示します。",
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
pub(crate) static KEY_LIST: &[(&str, &Text)] = &[
    ("<kbd>j</kbd> <kbd>k</kbd>", &say("next and previous person", "次の方・前の方")),
    ("<kbd>Enter</kbd>", &say("open", "開く")),
    ("<kbd>⌘ K</kbd> <kbd>Ctrl K</kbd> <kbd>/</kbd>", &say("find somebody", "お客さまを探す")),
    (
        "<kbd>g</kbd> <kbd>t</kbd>, <kbd>c</kbd>, <kbd>e</kbd>, <kbd>h</kbd>, <kbd>l</kbd>, <kbd>p</kbd>",
        &say(
            "go to today, clients, let go, hand on, how it landed, proof",
            "今日・お客さま・お見送り・おすそわけ・すれ違い・実証へ",
        ),
    ),
    (
        "<kbd>b</kbd>",
        &say("on a person's page: begin a conversation", "お客さまのページで：会話をはじめる"),
    ),
    ("<kbd>i</kbd>", &say("they have contacted us", "お客さまからのご連絡です")),
    ("<kbd>d</kbd>", &say("the person has decided to leave", "退会を決めておられる")),
    ("<kbd>x</kbd>", &say("“No more calls”", "「もう電話しないで」")),
    ("<kbd>1</kbd> … <kbd>6</kbd>", &say("how it landed", "届き方")),
    ("<kbd>?</kbd>", &say("this list", "この一覧")),
];

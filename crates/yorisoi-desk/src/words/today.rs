//! Words of the page for today.

use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("Today", "今日");
pub(crate) static LEAD: Text = say(
    "Whom this hour helps most: ordered by what help changes, not by who might leave.",
    "いまの時間が最も力になる方から並べています。離れそうかどうかではなく、お手伝いで何が変わるかの順です。",
);
pub(crate) static HELP: Text = say("This hour helps most", "いま力になれる方");
pub(crate) static NOBODY: Text = say("Nobody needs this hour", "いま働きかけるとよい方はいません");
pub(crate) static NOBODY_TEACH: Text = say(
    "People appear here when help is likely to change something for them, they have agreed to it, and now is a good time. Leaving everybody in peace is a good answer too.",
    "お手伝いで状況が変わりそうで、了解をいただいており、いまがよい時間帯の方がここに並びます。皆さまをそっと見守ることも、よい答えのひとつです。",
);
pub(crate) static BEGIN: Text = say("Begin", "はじめる");
pub(crate) static CAPACITY: Text = say("What there is to give", "今日の余力");
pub(crate) static MINUTES: Text = say("Minutes of the team", "チームの時間（分）");
pub(crate) static MONEY: Text = say("Money", "予算");
pub(crate) static BUSY_TODAY: Text = say("busy today", "今日のご都合の悪い時間");
pub(crate) static HARD: Text = say("Hard conversations of yours", "ご自身の難しい会話");
pub(crate) static ALERTS: Text = say("Check-ins that ask for a look", "気にかけたい声");
pub(crate) static LEAVING: Text = say("Has asked to leave", "退会のお申し出");
pub(crate) static EXPIRING: Text = say("Waits to be handed on", "おすそわけ待ち");
pub(crate) static UNTIL: Text = say("keeps until", "期限");
pub(crate) static PEACE: Text = say("Left in peace", "そっと見守るお客さま");
pub(crate) static PEACE_LEAD: Text = say(
    "Not contacting is a decision too, with its reason and a time to look again.",
    "ご連絡しないことも、理由と見直しの時期をもった判断です。",
);
pub(crate) static PEACE_NOBODY: Text = say("Nobody at this moment.", "いまはいません。");

/// Why the help is given.
pub(crate) fn meant(intention: &str) -> Text {
    Text::new(format!("Meant to: {intention}"), format!("ねらい：{intention}"))
}

/// How long it takes.
pub(crate) fn minutes(minutes: u32) -> Text {
    match minutes {
        0 => say("takes no time of yours", "担当者の時間はかかりません"),
        n => Text::new(format!("about {n} min"), format!("約{n}分")),
    }
}

/// Minutes that were used, where there is no limit.
pub(crate) fn minutes_used(minutes: u64) -> Text {
    Text::new(
        format!("{minutes} minutes used today; no limit is set"),
        format!("今日は{minutes}分使いました（上限なし）"),
    )
}

/// How likely it is to be a nuisance.
pub(crate) fn nuisance(share: f64) -> Text {
    let percent = crate::format::percent(share, 0);
    Text::new(format!("{percent} may find it a nuisance"), format!("ご迷惑になる見込み {percent}"))
}

/// So many of so many.
pub(crate) fn of(used: u64, all: u64) -> Text {
    Text::new(format!("{used} of {all} used"), format!("{all}のうち{used}を使用"))
}

/// So much money of so much.
pub(crate) fn of_money(spent_minor: i64, budget_minor: i64, currency: &str) -> Text {
    let [spent, all] =
        [spent_minor, budget_minor].map(|minor| crate::format::money(minor as f64, currency));
    Text::new(format!("{spent} of {all} used"), format!("{all}のうち{spent}を使用"))
}

/// More that are not shown.
pub(crate) fn more(n: u64) -> Text {
    Text::new(format!("and {n} more"), format!("ほか{n}名"))
}

/// How many are left in peace.
pub(crate) fn peace_count(n: u64) -> Text {
    Text::new(
        format!("{n} of those looked at are left in peace."),
        format!("確認した方のうち{n}名を、そっと見守ります。"),
    )
}

/// What is expected to be gained if we did not hold back.
pub(crate) fn forgone(minor: f64, currency: &str) -> Text {
    let money = crate::format::money(minor, currency);
    Text::new(
        format!("Expected gain left aside: {money}."),
        format!("控えることで得られない見込み：{money}"),
    )
}

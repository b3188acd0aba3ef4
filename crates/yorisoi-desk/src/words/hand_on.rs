//! Words of おすそわけ.

use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("Hand on", "おすそわけ");
pub(crate) static LEAD: Text = say(
    "What one person cannot use may delight another, in time and with both agreeing.",
    "ある方がお使いにならないものが、別の方には大きな喜びになることがあります。お二人の了解のもと、期限のうちに。",
);
pub(crate) static OPEN: Text = say("Waiting", "お渡し先を待っているもの");
pub(crate) static PAST: Text = say("Done", "これまで");
pub(crate) static NONE: Text = say("Nothing is waiting", "お渡し先を待っているものはありません");
pub(crate) static NONE_TEACH: Text = say(
    "When somebody releases help that was meant for them, it stands here with its date, and with those it may help most.",
    "どなたかが手放してくださったものが、期限と、お役に立てそうな方とともにここに並びます。",
);
pub(crate) static RELEASED: Text = say("released", "手放された日");
pub(crate) static KEEPS: Text = say("keeps until", "期限");
pub(crate) static LOOK: Text = say("Look", "見る");
pub(crate) static RELEASE: Text = say("Somebody cannot use it", "手放していただく");
pub(crate) static RELEASE_LEAD: Text = say(
    "They get no further contact about it.",
    "その方には、この件でのご連絡は以後差し上げません。",
);
pub(crate) static WHO: Text = say("Who", "どなたが");
pub(crate) static WHO_HINT: Text =
    say("Their number; it stands on their page.", "お客さま番号（お客さまのページにあります）。");
pub(crate) static WHAT: Text = say("What", "何を");
pub(crate) static RELEASE_DO: Text = say("Release", "手放す");
pub(crate) static WHOM: Text = say("Whom it would help most", "最もお役に立てそうな方");
pub(crate) static NOBODY: Text = say("Nobody suits it now", "いまお渡しできそうな方はいません");
pub(crate) static NOBODY_TEACH: Text = say(
    "Nobody has both a consent and a likely benefit before its date.",
    "期限までに、了解があり、お役に立てそうな方がいません。",
);
pub(crate) static OFFER: Text = say("Offer it", "お声がけする");
pub(crate) static OFFERED_TO: Text = say("Offered to", "お声がけした方：");
pub(crate) static ACCEPT: Text = say("They take it", "受け取られた");
pub(crate) static DECLINE: Text = say("They decline", "辞退された");
pub(crate) static FROM: Text = say("From", "手放された方");
pub(crate) static TO: Text = say("To", "受け取られた方");
pub(crate) static NO_NOTES: Text = say(
    "No note about the one travels to the other.",
    "お一方のメモが、もうお一方に伝わることはありません。",
);

pub(crate) static STOCK: Text = say("What does not keep", "数や期限に限りのあるもの");
pub(crate) static STOCK_LEAD: Text = say(
    "Today puts it beside whom it helps most. What is left near its date is better handed on than lost.",
    "「今日」では、お役に立てそうな方に添えて示します。期限が近いものは、無駄にせず、おすそわけを。",
);

/// Units that are left.
pub(crate) fn left(n: u64) -> Text {
    Text::new(format!("{n} left"), format!("残り{n}"))
}

/// How many did not want it.
pub(crate) fn declined(n: usize) -> Text {
    Text::new(format!("declined by {n}"), format!("{n}名の方が辞退されました"))
}

/// What the one is who stands beside the giver: asked, or the new owner.
pub(crate) fn receiver(state: &str) -> &'static Text {
    if state == "accepted" { &TO } else { &OFFERED_TO }
}

/// The meaning of a state.
pub(crate) fn tone(state: &str) -> &'static str {
    match state {
        "accepted" => "help",
        "released" | "offered" => "unknown",
        _ => "rest",
    }
}

/// A state in words.
pub(crate) fn state(state: &str) -> Text {
    match state {
        "released" => say("free", "お渡し先未定"),
        "offered" => say("offered", "お声がけ中"),
        "accepted" => say("accepted", "受け取り済み"),
        _ => say("past its date", "期限切れ"),
    }
}

/// How many it would help, if it were given now, and whether there is enough for them.
pub(crate) fn would_help(helped: u64, all_asked: bool, left: Option<u64>) -> Text {
    if helped == 0 {
        return say(
            "Given now, it would help nobody who has agreed to hear of it.",
            "いまのところ、了解をいただいている方で、お役に立てそうな方はいません。",
        );
    }
    let (en, ja) = if all_asked { ("", "") } else { ("at least ", "少なくとも") };
    let people = if helped == 1 { "1 client".to_owned() } else { format!("{helped} clients") };
    let more = match left {
        Some(left) if left > helped => Text::new(
            format!(" {} of {left} would be left over.", left - helped),
            format!("{left}個のうち{}個が余る見込みです。", left - helped),
        ),
        _ => say("", ""),
    };
    Text::new(
        format!("Given now, it would help {en}{people} who agreed to hear of it.{}", more.en),
        format!(
            "了解をいただいている方のうち{ja}{helped}名に、いまお役に立てそうです。{}",
            more.ja
        ),
    )
}

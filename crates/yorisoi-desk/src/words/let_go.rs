//! Words of letting go.

use jiff::Timestamp;
use yorisoi_app::LandingView;
use yorisoi_ledger::Landing;

use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("Let go, well", "お見送り");
pub(crate) static LEAD: Text = say(
    "Decided means done. Nothing is offered from here on; one step, and it is processed.",
    "お気持ちが決まったら、すぐにお手続きします。ここからはご提案をせず、あと一つの操作で完了します。",
);
pub(crate) static EFFECTIVE: Text = say("Holds from", "適用日");
pub(crate) static KEEPS: Text = say("What the client keeps", "残るもの");
pub(crate) static LOSES: Text = say("What the client loses", "使えなくなるもの");
/// On the receipt, which the client reads.
pub(crate) static STAYS_WITH_YOU: Text = say("What you keep", "残るもの");
/// The other side of it.
pub(crate) static ENDS_FOR_YOU: Text = say("What ends", "使えなくなるもの");
pub(crate) static ONE_A_LINE: Text =
    say("One a line; may stay empty.", "1行にひとつ。空欄でもかまいません。");
pub(crate) static REASON: Text = say("Why, if they said so", "理由（お話しくださった場合のみ）");
pub(crate) static REASON_HINT: Text =
    say("Never asked twice. Empty is fine.", "重ねてお尋ねはしません。空欄でかまいません。");
pub(crate) static REASON_TOLD: Text = say("Why, as they said it", "お話しくださった理由");
pub(crate) static DOOR: Text = say(
    "The client said, by their own words, that we may be in touch again",
    "「また連絡してよい」とご本人がおっしゃった",
);
pub(crate) static CONFIRM: Text = say("Process it now", "手続きを完了する");
pub(crate) static CANCEL: Text = say("Not yet", "まだしない");
pub(crate) static THEN: Text = say("What happens then", "この後のこと");
pub(crate) static THEN_LINES: [Text; 4] = [
    say(
        "A receipt with its number, the date, what stays and what goes.",
        "控えをお渡しします。番号、適用日、残るものと使えなくなるものを記します。",
    ),
    say(
        "Nobody offers anything to this person again, on any channel.",
        "どの連絡手段でも、この方へのご提案は行いません。",
    ),
    say("The household is untouched.", "ご家族には影響しません。"),
    say(
        "This step cannot be undone here; only the client can come back.",
        "この操作は取り消せません。戻られるのはご本人のご意思によるときだけです。",
    ),
];
pub(crate) static NOT_SURE: Text = say("Not decided yet?", "まだお決まりでない場合");
pub(crate) static REQUEST_LEAD: Text = say(
    "Record that they asked to leave. One permitted offer may be made, never two.",
    "お申し出だけを記録します。了解があれば一度だけご提案できます。二度はできません。",
);
pub(crate) static REQUEST: Text = say("They asked, and are thinking", "お申し出あり・検討中");
pub(crate) static STAYS_LEAD: Text = say(
    "If they do not pursue it, say so. It is never counted as a save.",
    "お手続きを取りやめられた場合に記録します。「引き止め」としては決して数えません。",
);
pub(crate) static STAYS: Text = say("They do not pursue it", "お手続きを取りやめられた");
pub(crate) static DECIDED_ALREADY: Text = say(
    "The decision is recorded; only the processing is left.",
    "ご決定は記録済みです。あとはお手続きだけです。",
);
pub(crate) static THANKS: Text = say("Thank you", "ありがとうございました");
pub(crate) static RECEIPT_NUMBER: Text = say("Receipt", "控え番号");
pub(crate) static PROCESSED: Text = say("Processed", "お手続き日時");
pub(crate) static AFTERWARDS: Text = say("Afterwards", "今後のご連絡");
pub(crate) static DOOR_OPEN: Text =
    say("You said that we may be in touch again.", "「また連絡してよい」とうかがっています。");
pub(crate) static DOOR_CLOSED: Text = say(
    "We will not contact you. You are welcome whenever you wish.",
    "こちらからご連絡は差し上げません。いつでもお戻りいただけます。",
);
pub(crate) static FAREWELL: Text = say("We wish you well.", "どうぞお元気でお過ごしください。");
pub(crate) static BACK: Text = say("To the person's page", "お客さまのページへ");
pub(crate) static NEXT: Text = say("On to whom this hour helps", "次に力になれる方へ");
pub(crate) static LEARN: Text = say("What we learn", "私たちが学ぶこと");
pub(crate) static LEARN_LEAD: Text = say(
    "Only for us, not for the client, and nothing else follows from it.",
    "私たちの学びのためだけの欄です。ご本人にはお渡しせず、ほかの用途にも使いません。",
);
pub(crate) static RETURNED: Text =
    say("The client came back by themselves", "ご本人のご意思で戻られた");

/// Thanks, by name; a name that runs the other way turns nothing else round.
pub(crate) fn thanks(name: &str) -> Text {
    let name = format!("\u{2068}{name}\u{2069}");
    Text::new(
        format!("{name}, your request has been processed. Thank you for the time we had."),
        format!(
            "{name} 様、お手続きが完了しました。これまでお付き合いくださり、誠にありがとうございました。"
        ),
    )
}

/// How long it took.
pub(crate) fn took(asked: Timestamp, finished: Timestamp) -> Text {
    let minutes = (finished.as_second() - asked.as_second()).max(0) / 60;
    Text::new(
        format!("From asking to done: {minutes} min"),
        format!("お申し出から完了まで{minutes}分"),
    )
}

/// How help had landed before.
pub(crate) fn landings(landings: &[LandingView]) -> Text {
    let harm = landings
        .iter()
        .filter(|one| matches!(one.landing, Landing::Nuisance | Landing::Closed))
        .count();
    let all = landings.len();
    Text::new(
        format!("Nuisances among the {all} things that landed before: {harm}"),
        format!("それまでに届いた{all}件のうち、ご迷惑だったもの{harm}件"),
    )
}

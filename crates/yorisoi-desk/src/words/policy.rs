//! Words of the policy.

use yorisoi_decision::QuietHours;

use crate::lang::{Text, say};

pub(crate) static TITLE: Text = say("Policy", "方針");
pub(crate) static LEAD: Text = say(
    "What we promise the people we look after, and what things weigh.",
    "お客さまへの約束と、ものごとの重みを定めます。",
);
pub(crate) static NONE: Text = say("No policy yet", "まだ方針がありません");
pub(crate) static NONE_TEACH: Text = say(
    "Draft one below; a second person publishes it. Until then every answer is to hold.",
    "下の欄で下書きを作り、別の方が公開します。それまでは、どの判断も「見守る」になります。",
);
pub(crate) static PROMISES: Text = say("Our promises", "私たちの約束");
pub(crate) static WORTHS: Text = say("What things weigh", "ものごとの重み");
pub(crate) static OUTCOME: Text = say("A client who stays", "お客さまが続けてくださること");
pub(crate) static REPLACEMENT: Text = say("Winning a new client instead", "新たにお迎えする費用");
pub(crate) static NUISANCE: Text = say("Being a nuisance once", "一度ご迷惑をかけること");
pub(crate) static BUDGET: Text = say("Budget", "予算");
pub(crate) static MINUTES: Text = say("Minutes a day", "1日の時間（分）");
pub(crate) static UNLIMITED: Text = say("no limit", "上限なし");
pub(crate) static CATALOGUE: Text = say("The help there is", "お手伝いの一覧");
pub(crate) static ACTION: Text = say("Help", "内容");
pub(crate) static CHANNEL: Text = say("Channel", "連絡手段");
pub(crate) static COST: Text = say("Cost", "費用");
pub(crate) static TIME: Text = say("Time", "時間");
pub(crate) static SUPPLY: Text = say("Supply", "数");
pub(crate) static DRAFT: Text = say("Draft a change", "変更の下書きを作る");
pub(crate) static DRAFT_LEAD: Text = say(
    "TOML or JSON. It is checked when you keep it, and changes nothing until a second person publishes it.",
    "TOMLまたはJSONで。保存時に検査され、別の方が公開するまで何も変わりません。",
);
pub(crate) static WHY: Text = say("Why", "理由");
pub(crate) static DOCUMENT: Text = say("The document", "本文");
pub(crate) static KEEP_DRAFT: Text = say("Keep as a draft", "下書きとして保存");
pub(crate) static HISTORY: Text = say("Versions", "版の履歴");
pub(crate) static ROLL_BACK: Text = say("Back to the version before", "一つ前の版に戻す");
pub(crate) static ROLL_BACK_LEAD: Text = say("One step, at once.", "ひと押しで、すぐに戻ります。");
pub(crate) static DRAFTED_BY: Text = say("drafted by", "起案：");
pub(crate) static REHEARSAL: Text = say("Rehearsed on the log", "過去の記録でのリハーサル");
pub(crate) static REHEARSAL_LEAD: Text = say(
    "Every past decision, decided again under this version. Nobody is contacted.",
    "過去の判断を、この版でやり直したものです。実際のご連絡は行いません。",
);
pub(crate) static REPLAYED: Text = say("Decisions replayed", "やり直した判断");
pub(crate) static DIFFERENT: Text = say("Would be another", "変わる判断");
pub(crate) static LOSE: Text = say("Would be left in peace instead", "ご連絡しなくなる");
pub(crate) static GAIN: Text = say("Would be contacted instead", "ご連絡するようになる");
pub(crate) static VALUE_LOGGED: Text = say("Outcome as it was", "実際の結果");
pub(crate) static VALUE_NEW: Text = say("Outcome it would have had", "この版なら得られた結果");
pub(crate) static VALUE_IPS: Text =
    say("The same, reckoned without leaning", "同じ結果の、かたよりのない見積もり");
pub(crate) static VALUE_ROBUST: Text = say(
    "The same, helped by how each action went for others",
    "同じ結果の、ほかのお客さまでの結果も使った見積もり",
);
pub(crate) static VALUE_NOTE: Text = say(
    "These are three ways of reading one log. Where they lie apart by more than their intervals, it does not carry a conclusion.",
    "同じ記録から三つの方法で見積もっています。区間を超えて食い違うときは、この記録から結論は出せません。",
);
pub(crate) static VALUE_GAIN: Text =
    say("Difference from the outcome as it was", "実際の結果との差");
pub(crate) static HOLDS: Text = say("To leave in peace", "「見守る」になる判断");
pub(crate) static MOVES: Text = say("What would become what", "判断の変わり方");
pub(crate) static WAS: Text = say("As it was decided", "実際の判断");
pub(crate) static WOULD_BE: Text = say("Under this version", "この版での判断");
pub(crate) static HOW_OFTEN: Text = say("Decisions", "件数");
pub(crate) static WHO_LOSES: Text =
    say("Who would not be contacted any more", "ご連絡しなくなるお客さま");
pub(crate) static WHO_GAINS: Text = say("Who would be contacted", "ご連絡するようになるお客さま");
pub(crate) static NOT_KNOWABLE: Text =
    say("cannot be known from the log", "記録からは分かりません");
pub(crate) static EFFECTIVE_N: Text =
    say("Decisions that carry this number", "この数値を支える判断の数");
pub(crate) static PUBLISH: Text = say("Publish", "公開する");
pub(crate) static PUBLISH_LEAD: Text = say(
    "By somebody other than the one who drafted it. It holds from the next decision on, and can be taken back in one step.",
    "起案した方とは別の方が行います。次の判断から適用され、ひと押しで戻せます。",
);
pub(crate) static PUBLISH_DO: Text = say("I have read it; publish", "確認しました。公開する");

pub(crate) static GATES: Text = say("In this order it is asked", "確かめる順番");
pub(crate) static GATES_LEAD: Text = say(
    "Each help for each person goes through these gates. The first no counts, whatever the worth; what is not known is a no.",
    "お一人おひとりへのお手伝いを、この順に確かめます。ひとつでも「いいえ」なら、どれほど価値があっても行いません。分からないことも「いいえ」とみなします。",
);
pub(crate) static GATE_LINES: [Text; 10] = [
    say(
        "Do we know who it is, and were they not erased?",
        "どなたか分かっていて、情報が消去されていないか",
    ),
    say("May they have it at all?", "そもそも対象になる方か"),
    say("Does it concern them?", "その方に関わりがあるか"),
    say("Can harm be ruled out?", "逆効果にならないと言えるか"),
    say("Did they consent: to talk, to be advised?", "会話了解・相談了解をいただいているか"),
    say(
        "Have they neither refused it nor decided to leave?",
        "お断りや退会のご決定をいただいていないか",
    ),
    say(
        "Is there room under the caps, and is it a fitting hour?",
        "ご連絡の上限と時間帯に収まるか",
    ),
    say("Will they be there, and does it keep until then?", "お受け取りになれて、期限に間に合うか"),
    say("Is there any left: units, minutes, money?", "数・時間・予算が残っているか"),
    say(
        "Are they outside the group left without offers?",
        "比較のために控えている世帯に当たらないか",
    ),
];

/// How many decisions are to hold, as they were and as they would be.
pub(crate) fn holds(were: u64, would_be: u64) -> Text {
    Text::new(format!("{were}, would be {would_be}"), format!("実際 {were}件、この版 {would_be}件"))
}

/// That not all are named.
pub(crate) fn first_of(shown: usize, total: u64) -> Text {
    Text::new(
        format!("From the first {shown} of {total} decisions."),
        format!("{total}件の判断のうち、最初の{shown}件からです。"),
    )
}

/// A cap in words.
pub(crate) fn cap(max: Option<u32>, hours: u32, household: bool) -> Text {
    let (who_en, who_ja) = if household {
        ("a household", "ご家族合わせて")
    } else {
        ("a person", "お一人あたり")
    };
    let (window_en, window_ja) = span(hours);
    match max {
        None => Text::new(
            format!("No limit on contacts to {who_en}"),
            format!("{who_ja}、ご連絡の回数に上限なし"),
        ),
        Some(0) => Text::new(
            format!("No contact to {who_en} in any {window_en}"),
            format!("{who_ja}、{window_ja}はご連絡しません"),
        ),
        Some(max) => Text::new(
            format!(
                "At most {} to {who_en} in any {window_en}, calls included",
                counted(max, "contact")
            ),
            format!("{who_ja}、{window_ja}に{max}回まで（お電話を含む）"),
        ),
    }
}

/// A share without a needless zero: "15%", "2.5%".
fn short_percent(share: f64) -> String {
    crate::format::percent(share, 1).replace(".0%", "%")
}

/// So many of a thing, in English.
fn counted(n: u32, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

/// A span in whole days where it is one.
fn span(hours: u32) -> (String, String) {
    if hours > 24 && hours.is_multiple_of(24) {
        (counted(hours / 24, "day"), format!("{}日間", hours / 24))
    } else {
        (counted(hours, "hour"), format!("{hours}時間"))
    }
}

/// The rest after a nuisance.
pub(crate) fn cool_down(hours: u32) -> Text {
    let (en, ja) = span(hours);
    Text::new(
        format!("{en} of peace after something was a nuisance"),
        format!("ご迷惑をおかけした後は、{ja}ご連絡を控えます"),
    )
}

/// Quiet hours.
pub(crate) fn quiet(quiet: &QuietHours) -> Text {
    let clock = |time: jiff::civil::Time| format!("{:02}:{:02}", time.hour(), time.minute());
    if quiet.from == quiet.until {
        return if quiet.rest_days {
            say("No contact on Sundays and holidays", "日曜・祝日は、ご連絡しません")
        } else {
            say("No quiet hours", "ご連絡を控える時間帯の定めなし")
        };
    }
    let (rest_en, rest_ja) = if quiet.rest_days {
        (", and on Sundays and holidays", "と日曜・祝日")
    } else {
        ("", "")
    };
    Text::new(
        format!(
            "No contact from {} to {} where the person lives{rest_en}",
            clock(quiet.from),
            clock(quiet.until)
        ),
        format!(
            "お住まいの地域の時刻で{}〜{}{rest_ja}は、ご連絡しません",
            clock(quiet.from),
            clock(quiet.until)
        ),
    )
}

/// Attempts that found nobody.
pub(crate) fn attempts(max: Option<u32>) -> Text {
    match max {
        Some(max) => Text::new(
            format!(
                "After {} that found nobody: ask for a time, or hand it on",
                counted(max, "attempt")
            ),
            format!("{max}回つながらなければ、ご都合のよい時間をうかがうか、おすそわけします"),
        ),
        None => say("No limit on attempts", "ご連絡を試みる回数に上限なし"),
    }
}

/// Harm that is never accepted.
pub(crate) fn harm(allowed: f64) -> Text {
    let percent = short_percent(allowed);
    Text::new(
        format!("Nobody is offered what may harm them by more than {percent}"),
        format!("{percent}を超えて逆効果になり得るものは、どなたにもご提案しません"),
    )
}

/// The holdout.
pub(crate) fn holdout(share: f64) -> Text {
    let percent = short_percent(share);
    Text::new(
        format!("{percent} of households are left without offers, so that help can be proven"),
        format!("効果を確かめるため、{percent}の世帯にはご提案を控えます"),
    )
}

/// Exploration.
pub(crate) fn explore(rate: f64) -> Text {
    let percent = short_percent(rate);
    Text::new(
        format!("{percent} of decisions try something other than the best, to learn"),
        format!("学びのため、判断の{percent}では、最善以外のお手伝いも試します"),
    )
}

/// Minutes of an action.
pub(crate) fn minutes(minutes: u32) -> Text {
    Text::new(format!("{minutes} min"), format!("{minutes}分"))
}

/// The meaning of a state.
pub(crate) fn tone(state: &str) -> &'static str {
    match state {
        "live" => "help",
        "draft" => "unknown",
        _ => "rest",
    }
}

/// A state in words.
pub(crate) fn state(state: &str) -> Text {
    match state {
        "live" => say("holds", "適用中"),
        "draft" => say("draft", "下書き"),
        _ => say("past", "過去の版"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_counted_as_one() {
        assert_eq!(
            cap(Some(1), 168, false),
            Text::new(
                "At most 1 contact to a person in any 7 days, calls included",
                "お一人あたり、7日間に1回まで（お電話を含む）"
            )
        );
        assert!(cap(Some(2), 168, false).en.starts_with("At most 2 contacts to"));
        assert!(attempts(Some(1)).en.starts_with("After 1 attempt that"));
        assert!(cool_down(1).en.starts_with("1 hour of peace"));
    }

    #[test]
    fn quiet_hours_are_a_sentence_with_and_without_rest_days() {
        let hours = |from, until, rest_days| QuietHours {
            from: jiff::civil::time(from, 0, 0, 0),
            until: jiff::civil::time(until, 0, 0, 0),
            rest_days,
        };
        let said = [hours(21, 9, false), hours(21, 9, true), hours(9, 9, true), hours(9, 9, false)];
        assert_eq!(
            said.map(|hours| quiet(&hours).ja.into_owned()),
            [
                "お住まいの地域の時刻で21:00〜09:00は、ご連絡しません",
                "お住まいの地域の時刻で21:00〜09:00と日曜・祝日は、ご連絡しません",
                "日曜・祝日は、ご連絡しません",
                "ご連絡を控える時間帯の定めなし",
            ]
        );
    }
}

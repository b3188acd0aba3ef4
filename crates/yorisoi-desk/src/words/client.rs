//! Words of a client's page.

use jiff::Timestamp;
use maud::{Markup, html};
use yorisoi_app::AppError;
use yorisoi_decision::{ActionKind, Attribute, Busy, Refusal};
use yorisoi_ledger::{Actor, Body, Landing};

use crate::context::Context;
use crate::lang::{Lang, Text, say};
use crate::parts::Names;

pub(crate) static ALL: Text = say("All clients", "お客さま一覧");
pub(crate) static LOOKED_AFTER: Text = say("looked after by", "担当");
pub(crate) static REFUSED_ALL: Text = say("refused everything", "すべてお断り");
pub(crate) static TALK: Text = say("Begin a conversation", "会話をはじめる");
pub(crate) static DECIDED: Text = say("Has decided to leave", "退会を決めておられる");
pub(crate) static RECEIPT: Text = say("The receipt", "お手続きの控え");
pub(crate) static TIMELINE: Text = say("One line of time", "これまで");
pub(crate) static NO_EVENTS: Text = say("Nothing yet", "まだ記録はありません");
pub(crate) static NO_EVENTS_TEACH: Text = say(
    "Everything that passes between you will stand here, what was not done included.",
    "お客さまとの間の出来事がここに並びます。「しなかったこと」も含めて残ります。",
);
pub(crate) static OLDER: Text = say("Earlier", "以前の記録");
pub(crate) static CONFIDENTIAL: Text = say(
    "A confidential note; only its author and privacy officers read it.",
    "非公開のメモです。書いた本人と個人情報保護の担当者だけが読めます。",
);
pub(crate) static CONSENT: Text = say("What we may do", "いただいている了解");
pub(crate) static REFUSALS: Text = say("No means no", "お断りいただいたこと");
pub(crate) static REOPEN: Text = say("The client reopened it", "ご本人が再開を希望");
pub(crate) static NO_CALLS: Text = say("“No more calls”", "「もう電話しないで」");
pub(crate) static CONSENT_CHANGE: Text =
    say("Record a consent, a withdrawal or a refusal", "了解・取り消し・お断りを記録する");
pub(crate) static GRANT: Text = say("The client agrees", "了解をいただいた");
pub(crate) static WITHDRAW: Text = say("The client takes an agreement back", "了解が取り消された");
pub(crate) static REFUSE: Text = say("The client refuses", "お断りされた");
pub(crate) static REFUSE_HINT: Text = say(
    "With neither topic nor channel: everything.",
    "話題も連絡手段も選ばなければ、すべてのお断りになります。",
);
pub(crate) static TALK_CONSENT: Text = say("that we talk (会話了解)", "会話了解 — お話しすること");
pub(crate) static ADVISE_CONSENT: Text =
    say("that we advise (相談了解)", "相談了解 — ご提案すること");
pub(crate) static TOPIC: Text = say("Topic", "話題");
pub(crate) static CHANNEL: Text = say("Channel", "連絡手段");
pub(crate) static ANY_TOPIC: Text = say("any topic", "話題を問わず");
pub(crate) static ANY_CHANNEL: Text = say("any channel", "連絡手段を問わず");
pub(crate) static DAYS: Text = say("Holds for how many days", "有効日数");
pub(crate) static DAYS_HINT: Text =
    say("Empty: until it is taken back.", "空欄なら、取り消されるまで有効です。");
pub(crate) static THEIR_WORDS: Text = say("In their own words", "ご本人の言葉");
pub(crate) static RECORD: Text = say("Record", "記録する");
pub(crate) static NEEDS: Text = say("What they need", "お困りごと");
pub(crate) static STATED: Text = say("Said (顕在)", "うかがったこと（顕在）");
pub(crate) static STATED_NONE: Text = say(
    "Nothing was said yet. Ask, and listen.",
    "まだうかがっていません。まずはお話をお聞きしましょう。",
);
pub(crate) static INFERRED: Text =
    say("Perhaps (潜在): only to be asked", "もしかすると（潜在）：お尋ねするだけ");
pub(crate) static INFERRED_LEAD: Text = say(
    "What we think is not what they need. It may be asked about, never told.",
    "こちらの推測です。お尋ねはできますが、決めつけてお伝えすることはできません。",
);
pub(crate) static NEED_YES: Text = say("“Yes”", "「はい」");
pub(crate) static NEED_NO: Text = say("“No”", "「いいえ」");
pub(crate) static NEED_ADD: Text = say("Add a need", "お困りごとを加える");
pub(crate) static STATED_RECORD: Text = say("Record what was said", "うかがったこととして記録");
pub(crate) static INFERRED_RECORD: Text = say("Keep as a question", "お尋ねとして残す");
/// What makes a question of a topic.
pub(crate) static ASKED: Text = say("?", "についてはいかがですか");
pub(crate) static QUESTION: Text = say("The question to ask", "お尋ねの文");
pub(crate) static QUESTION_HINT: Text =
    say("An open one: “How do you find …?”", "「〜はいかがですか」のような開いた問いで。");
pub(crate) static LANDED: Text = say("How help landed", "届き方");
pub(crate) static LANDED_NONE: Text = say("Nothing was told yet.", "まだうかがっていません。");
pub(crate) static LANDED_AGAIN: Text = say("Tell one of them again", "届き方を記録し直す");
pub(crate) static LANDED_AGAIN_WHAT: Text = say("Which one", "どのお手伝いか");
pub(crate) static LANDED_AGAIN_HOW: Text =
    say("How did it land after all?", "実際にはどう届きましたか");
pub(crate) static OPEN: Text = say("Not told yet:", "届き方が未記録：");
pub(crate) static GIVEN_AT: Text = say("given", "お伝えした日時：");
pub(crate) static KEPT_UNTIL: Text = say("kept until", "取り置き期限：");
pub(crate) static DELIVERED: Text = say("It was given at another time", "別の日時にお渡ししていた");
pub(crate) static DELIVERED_LEAD: Text = say(
    "What was truly given is told with its time, also where it was kept no longer. It counts from then, takes what it took, and opens no way to anything new. After a “no” it counts as a nuisance until they say how it landed.",
    "取り置きが終わったあとでも、実際にお渡しした事実は日時とともに記録できます。その日時のこととして数え、使った分を差し引きます。新しい働きかけができるようにはなりません。お断りのあとのお渡しは、届き方をうかがうまで「ご迷惑だった」として数えます。",
);
pub(crate) static DELIVERED_WHAT: Text =
    say("What was given, by the time it was decided", "お渡ししたもの（判断した日時）");
pub(crate) static DELIVERED_AT: Text = say("When it was", "お渡しした日時");
pub(crate) static DELIVERED_AT_HINT: Text = say(
    "After the decision, at most now; like 2026-11-22 14:05.",
    "判断の後から今までの間。例：2026-11-22 14:05",
);
pub(crate) static CHANNEL_AS_DECIDED: Text = say("as decided", "判断のとおり");
pub(crate) static SEVERAL: Text = say(
    "More than one waits for an answer. The first has the focus now: press the number again, or Tab to another.",
    "届き方が未記録のものが複数あります。最初のものを選びました。もう一度数字を押すか、Tabキーで移ってください。",
);
pub(crate) static BUSY: Text = say("Busy hours", "ご都合の悪い時間");
pub(crate) static BUSY_NONE: Text = say("None are known.", "うかがっていません。");
pub(crate) static BUSY_CHANGE: Text = say("Change", "変更する");
pub(crate) static BUSY_LINES: Text = say("One span a line", "1行にひとつ");
pub(crate) static BUSY_HINT: Text = say(
    "Weekday and times, such as “Mon 09:00-12:00”.",
    "曜日と時刻で「月 09:00-12:00」のように。",
);
pub(crate) static HOUSEHOLD: Text = say("Household", "ご家族");
pub(crate) static HOUSEHOLD_LEAD: Text = say(
    "Caps count all of them together. Letting one go touches nobody else.",
    "ご連絡の回数は、ご家族を合わせて数えます。おひとりのお見送りは、ほかの方に影響しません。",
);
pub(crate) static NOTE: Text = say("Write something down", "メモを残す");
pub(crate) static NOTE_LABEL: Text = say("Note", "メモ");
pub(crate) static NOTE_CONFIDENTIAL: Text =
    say("Only I and privacy officers may read it", "自分と個人情報保護の担当者だけが読める");
pub(crate) static CHECK_IN: Text = say("A short check-in", "短いご様子うかがい");
pub(crate) static CHECK_IN_LEAD: Text =
    say("0 to 10; each may be skipped.", "0から10で。答えたくないものは飛ばせます。");
pub(crate) static SKIP: Text = say("skipped", "答えない");
pub(crate) static FACTS: Text = say("What is known", "登録情報");
pub(crate) static ERASED: Text =
    say("This person was erased at their own wish.", "ご本人のご希望により消去されています。");
pub(crate) static ALIAS: Text = say("Also known as", "別の番号");
pub(crate) static NUMBER: Text = say("Number here", "この台帳での番号");

/// When something that was held back will be looked at again.
pub(crate) fn again(body: &Body) -> Option<Timestamp> {
    match body {
        Body::Suppressed { deferred_until, .. } => *deferred_until,
        Body::Decided { decision, .. } => {
            decision.hold.as_ref().and_then(|hold| hold.look_again_at)
        }
        _ => None,
    }
}

/// What follows a name.
pub(crate) fn honorific(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "",
        Lang::Ja => " 様",
    }
}

/// The time where they are.
pub(crate) fn there(clock: &str) -> Text {
    Text::new(format!("{clock} where they are"), format!("先方の現地時刻 {clock}"))
}

/// Why help was given.
pub(crate) fn meant(intention: &str) -> Text {
    Text::new(format!("Meant to: {intention}"), format!("ねらい：{intention}"))
}

/// The question that six buttons answer, about what was given if that is known.
pub(crate) fn how_landed(name: &str) -> Text {
    if name.is_empty() {
        return say("How did it land?", "どのように届きましたか");
    }
    Text::new(format!("How did it land? {name}"), format!("{name}は、どのように届きましたか"))
}

/// The name of an entry.
pub(crate) fn entry(seq: u64) -> Text {
    Text::new(format!("entry {seq} of the ledger"), format!("台帳の記録 {seq}"))
}

/// What was refused.
pub(crate) fn refusal(lang: Lang, refusal: &Refusal, names: &Names) -> String {
    let said = refusal.channel.as_ref().map(|it| yorisoi_app::channel_words(it.as_str()));
    let channel = said.as_ref().map(|said| if lang == Lang::En { &said.en } else { &said.ja });
    let topic = refusal.topic.as_ref().map(|topic| names.topic_words(topic));
    match (lang, topic.as_ref().map(|topic| topic.in_lang(lang)), channel) {
        (Lang::En, None, None) => "everything".to_owned(),
        (Lang::Ja, None, None) => "すべて".to_owned(),
        (Lang::En, Some(topic), None) => format!("the topic “{topic}”"),
        (Lang::Ja, Some(topic), None) => format!("話題「{topic}」"),
        (Lang::En, None, Some(channel)) => format!("the channel “{channel}”"),
        (Lang::Ja, None, Some(channel)) => format!("連絡手段「{channel}」"),
        (Lang::En, Some(topic), Some(channel)) => format!("“{topic}” by “{channel}”"),
        (Lang::Ja, Some(topic), Some(channel)) => format!("「{channel}」での「{topic}」"),
    }
}

/// Who did it.
pub(crate) fn actor(lang: Lang, actor: &Actor) -> Markup {
    match (actor, lang) {
        (Actor::Agent { agent }, _) => html! { bdi { (agent) } },
        (Actor::Service { name }, _) => html! { bdi { (name) } },
        (Actor::Client, Lang::En) => html! { "the client" },
        (Actor::Client, Lang::Ja) => html! { "ご本人" },
        (Actor::House, Lang::En) => html! { "by itself" },
        (Actor::House, Lang::Ja) => html! { "自動" },
    }
}

/// The meaning of an event, as a class of its point in the timeline.
pub(crate) fn tone(body: &Body) -> &'static str {
    match body {
        Body::Landed { landing: Landing::Helped, .. }
        | Body::ConsentGranted { .. }
        | Body::Reopened { .. }
        | Body::Returned {} => "help",
        Body::Landed { landing: Landing::Nuisance | Landing::Closed, .. }
        | Body::Refused { .. }
        | Body::ConsentWithdrawn { .. } => "harm",
        Body::Suppressed { .. } | Body::ChannelQuieted { .. } => "hold",
        Body::Decided { decision, .. } if decision.choice.kind == ActionKind::Hold => "hold",
        Body::EffectsScored { .. }
        | Body::OutcomeSeen { .. }
        | Body::ReservationEnded { .. }
        | Body::ClientChanged { .. }
        | Body::AliasAdded {} => "minor",
        _ => "rest",
    }
}

/// An attribute's value.
pub(crate) fn attribute(lang: Lang, value: &Attribute) -> String {
    match (value, lang) {
        (Attribute::Flag(true), Lang::En) => "yes".to_owned(),
        (Attribute::Flag(false), Lang::En) => "no".to_owned(),
        (Attribute::Flag(true), Lang::Ja) => "はい".to_owned(),
        (Attribute::Flag(false), Lang::Ja) => "いいえ".to_owned(),
        (Attribute::Number(number), _) => number.to_string(),
        (Attribute::Text(text), _) => text.clone(),
    }
}

const DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAYS_JA: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];

/// A busy span.
pub(crate) fn busy(cx: &Context, busy: &Busy) -> Markup {
    match busy {
        Busy::Once { from, until } => html! { (cx.time(*from)) " – " (cx.time(*until)) },
        Busy::Weekly { weekday, from, until } => {
            let names = if cx.lang == Lang::Ja { DAYS_JA } else { DAYS_EN };
            let day = names.get(usize::from(*weekday).wrapping_sub(1)).copied().unwrap_or("?");
            html! { (day) " " (hours(*from)) "–" (hours(*until)) }
        }
    }
}

fn hours(time: jiff::civil::Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// The weekly spans, as the reader types them.
pub(crate) fn busy_lines(lang: Lang, busy: &[Busy]) -> String {
    let names = if lang == Lang::Ja { DAYS_JA } else { DAYS_EN };
    let line = |busy: &Busy| match busy {
        Busy::Weekly { weekday, from, until } => {
            let day = names.get(usize::from(*weekday).wrapping_sub(1))?;
            Some(format!("{day} {}-{}", hours(*from), hours(*until)))
        }
        Busy::Once { .. } => None,
    };
    busy.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

/// The spans that stand in no line and are kept when the lines change: those of one day, while they last.
pub(crate) fn busy_once(busy: &[Busy], now: Timestamp) -> impl Iterator<Item = &Busy> {
    busy.iter().filter(move |span| matches!(span, Busy::Once { until, .. } if now < *until))
}

/// Reads spans as they are typed: "Mon 09:00-12:00", "月 9:00-12:00", full-width digits included.
pub(crate) fn parse_busy(lines: &[String]) -> Result<Vec<Busy>, AppError> {
    lines
        .iter()
        .map(|line| {
            parse_span(line).ok_or_else(|| {
                let en = format!("`{line}` is no span; write it like `Mon 09:00-12:00`");
                let ja = format!(
                    "「{line}」を読み取れません。「月 09:00-12:00」のように入力してください。"
                );
                AppError::invalid("busy", (en, ja))
            })
        })
        .collect()
}

fn parse_span(line: &str) -> Option<Busy> {
    let line = yorisoi_app::narrow(line).replace(['〜', '～', '–', '~'], "-");
    let split = line.find(|c: char| c.is_ascii_digit())?;
    let (day, times) = line.split_at(split);
    let day = day.trim().trim_end_matches("曜日").trim_end_matches("曜");
    let known = |days: &[&str; 7]| {
        days.iter().position(|name| day.to_lowercase().starts_with(&name.to_lowercase()))
    };
    let weekday = u8::try_from(known(&DAYS_EN).or_else(|| known(&DAYS_JA))? + 1).ok()?;
    let (from, until) = times.split_once('-')?;
    let (from, until) = (parse_time(from)?, parse_time(until)?);
    (from <= until).then_some(Busy::Weekly { weekday, from, until })
}

fn parse_time(text: &str) -> Option<jiff::civil::Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    jiff::civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekly_spans_are_read_back_as_they_are_written_in_both_languages() {
        let weekly: Vec<Busy> = (1..=7)
            .map(|weekday| Busy::Weekly {
                weekday,
                from: jiff::civil::time(9, 30, 0, 0),
                until: jiff::civil::time(18, 0, 0, 0),
            })
            .collect();
        for (lang, first) in [(Lang::En, "Mon 09:30-18:00"), (Lang::Ja, "月 09:30-18:00")] {
            let lines = busy_lines(lang, &weekly);
            assert_eq!(lines.lines().next(), Some(first));
            let typed: Vec<String> = lines.lines().map(str::to_owned).collect();
            assert_eq!(parse_busy(&typed).expect("spans"), weekly);
        }
    }

    #[test]
    fn spans_of_one_day_are_kept_beside_the_lines_until_they_are_over() {
        let at = |hour: i64| Timestamp::from_second(3600 * hour).expect("an instant");
        let once = |from, until| Busy::Once { from: at(from), until: at(until) };
        let known = [once(1, 3), once(4, 6), once(8, 9)];
        assert_eq!(busy_lines(Lang::En, &known), "");
        let kept: Vec<Busy> = busy_once(&known, at(5)).cloned().collect();
        assert_eq!(kept, known[1..]);
    }

    #[test]
    fn a_span_is_read_in_both_languages_and_with_full_width_digits() {
        let monday = |from: i8, until: i8| Busy::Weekly {
            weekday: 1,
            from: jiff::civil::time(from, 0, 0, 0),
            until: jiff::civil::time(until, 0, 0, 0),
        };
        assert_eq!(parse_span("Mon 09:00-12:00"), Some(monday(9, 12)));
        assert_eq!(parse_span("月曜日 9:00〜12:00"), Some(monday(9, 12)));
        assert_eq!(parse_span("月 ９：００－１２：００"), Some(monday(9, 12)));
        assert_eq!(parse_span("Mon 12:00-09:00"), None);
        assert_eq!(parse_span("whenever"), None);
    }
}

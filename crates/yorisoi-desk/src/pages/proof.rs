//! Does our help help? The holdout against those who may be helped, said plainly.

mod model;

use axum::extract::State;
use jiff::civil::Date;
use maud::{Markup, html};
use yorisoi_app::{
    CreditReport, CreditRow, PolicyView, ProofPoint, ProofView, Proven, Ranged, Right,
};
use yorisoi_decision::Words as Name;
use yorisoi_report::picture::{Caption, Curve, Row, Scale, curve, intervals};

use crate::Desk;
use crate::answer::{For, Outcome, live_page};
use crate::context::Context;
use crate::format;
use crate::lang::{Lang, Text};
use crate::parts;
use crate::reader::Reader;
use crate::words::proof as words;

/// The page.
pub(crate) async fn show(State(desk): State<Desk>, Reader(cx): Reader) -> Outcome {
    let proof = desk.app.proof(&cx.caller).await.before(&cx)?;
    let policy = desk.app.live_policy(&cx.caller).await.before(&cx)?;
    let endings = desk.app.endings_report(&cx.caller).await.before(&cx)?;
    let live = desk.app.live_model(&cx.caller).await.before(&cx)?;
    let credit = if cx.may(Right::ReadCredit) {
        Some(desk.app.credit(&cx.caller, cx.caller.team.clone()).await.before(&cx)?)
    } else {
        None
    };
    let outcome = policy.policy.outcome_name(&proof.outcome);
    let names = parts::Names::of(Some(policy.policy.clone()));
    let main = html! {
        (parts::top(&cx, &words::TITLE, &words::LEAD))
        (verdict(&cx, &proof, &outcome))
        div.cells.wide {
            div.card { (over_time(&cx, &proof)) }
            div.card { (means(&cx, &proof, &outcome)) }
            div.card { (worth(&cx, &proof, &policy)) }
            div.card { (ratio(&cx, &proof)) }
            (super::exits::endings_card(&cx, &endings))
        }
        (model::section(&cx, live.as_ref(), &names))
        @if let Some(credit) = &credit { (credit_card(&cx, (credit, desk.app.settings().hard_conversations_max))) }
    };
    Ok(live_page(&cx, &words::TITLE, Some("/proof"), main))
}

/// An estimate with its interval, or that it cannot be known.
pub(crate) fn ranged(cx: &Context, ranged: &Ranged, write: impl Fn(f64) -> String) -> Markup {
    match (ranged.estimate, ranged.low, ranged.high) {
        (Some(estimate), Some(low), Some(high)) => html! {
            strong.number { (write(estimate)) } " "
            span.small.soft.number { span.keep { "(" (write(low)) " – " (write(high)) "," } " " span.keep { "n = " (ranged.n) ")" } }
        },
        (Some(estimate), _, _) => {
            html! { strong.number { (write(estimate)) } " " span.small.soft.number { "(n = " (ranged.n) ")" } }
        }
        _ => {
            html! { span.tag.unknown { (cx.t(&words::CANNOT_KNOW)) } " " span.small.soft.number { "n = " (ranged.n) } }
        }
    }
}

/// The limits of what is known of this outcome.
fn limits(proof: &ProofView) -> parts::Limits {
    parts::Limits::of(&[proof.treated_mean, proof.held_out_mean])
}

fn verdict(cx: &Context, proof: &ProofView, outcome: &Name) -> Markup {
    let said = Text::from(&proof.words);
    let effect = limits(proof).difference(&proof.effect);
    let (tone, badge) = match proof.proven {
        Proven::Proven => ("help", &words::PROVEN),
        Proven::ProvenHarm => ("harm", &words::HARM),
        Proven::NotProven => ("unknown", &words::NOT_PROVEN),
        Proven::CannotKnow => ("rest", &words::UNKNOWABLE),
    };
    html! {
        section.card.verdict aria-labelledby="verdict" {
            div.row { h2 #verdict { span.tag.(tone) { (cx.t(badge)) } } span.small.soft { (cx.t(&words::programme(&proof.programme, outcome))) } }
            p.phrase { (cx.t(&said)) }
            @if let (Some(estimate), Some(low), Some(high)) = (effect.estimate, effect.low, effect.high) {
                div aria-hidden="true" { (yorisoi_report::picture::interval_glyph([estimate, low, high])) }
                p { (cx.t(&words::EFFECT)) " " (ranged(cx, &effect, |value| format!("{:+.1}", value * 100.0))) " " span.small.soft { (cx.t(&words::POINTS)) } }
                p.small.soft { (cx.t(&words::EVERY_LOOK)) }
            }
        }
    }
}

/// How the difference came about, day by day: a line, its band, zero, and the same in words.
fn over_time(cx: &Context, proof: &ProofView) -> Markup {
    let shown = |point: &ProofPoint| {
        let it = limits(proof).difference(&point.effect);
        Some((point.day, [it.estimate? * 100.0, it.low? * 100.0, it.high? * 100.0]))
    };
    let days: Vec<(Date, [f64; 3])> = proof.curve.iter().filter_map(shown).collect();
    let (Some(first), Some(last)) = (days.first(), days.last().filter(|_| days.len() > 1)) else {
        return html! { h2 { (cx.t(&words::OVER_TIME)) } p.small.soft { (cx.t(&words::NO_CURVE)) } };
    };
    let after = |day: Date| {
        f64::from(i32::try_from(day.duration_since(first.0).as_hours() / 24).unwrap_or(0))
    };
    let spec = Curve {
        caption: Caption {
            id: "over-time",
            title: words::over_time_title(),
            note: words::over_time_note(),
        },
        points: days
            .iter()
            .map(|(day, [estimate, low, high])| [after(*day), *estimate, *low, *high])
            .collect(),
        line: words::difference(),
        reference: None,
        flag: None,
        x: (words::day_axis(), Scale::Days(first.0)),
        y: (words::difference_axis(), Scale::Signed),
    };
    let today = cx.now.to_zoned(cx.zone.clone()).date();
    // Since when has zero lain outside, up to this day?
    let covers = |(_, [_, low, high]): &(Date, [f64; 3])| *low <= 0.0 && *high >= 0.0;
    let outside = days.iter().rev().take_while(|day| !covers(day)).last();
    let say = |(day, numbers): &(Date, [f64; 3])| {
        let day = |lang| format::day(*day, today, lang);
        (Text::new(day(Lang::En), day(Lang::Ja)), *numbers)
    };
    html! { (curve(&spec)) p.small { (cx.t(&words::closed_in(&say(first), &say(last), outside.map(|it| say(it).0)))) } }
}

fn means(cx: &Context, proof: &ProofView, outcome: &Name) -> Markup {
    let limits = limits(proof);
    let row = |name, ranged: &Ranged| {
        let ranged = limits.share(ranged);
        Some(Row { name, numbers: [ranged.estimate?, ranged.low?, ranged.high?] })
    };
    let rows: Vec<Row> =
        [row(words::treated(), &proof.treated_mean), row(words::held_out(), &proof.held_out_mean)]
            .into_iter()
            .flatten()
            .collect();
    let caption = Caption { id: "means", title: words::means_title(), note: words::means_note() };
    html! {
        @if rows.is_empty() {
            h2 { (cx.t(&Text::new(caption.title.en.clone(), caption.title.ja.clone()))) }
            p.small.soft { (cx.t(&words::CANNOT_KNOW)) }
        } @else {
            (intervals(&caption, &rows, &(words::means_axis(outcome), Scale::Percent)))
        }
    }
}

fn worth(cx: &Context, proof: &ProofView, policy: &PolicyView) -> Markup {
    let currency = policy.policy.currency.clone();
    html! {
        h2 { (cx.t(&words::WORTH)) }
        dl.pairs {
            div { dt { (cx.t(&words::INCREMENTAL)) } dd { (ranged(cx, &proof.incremental_outcomes, |value| format::grouped(value, 0))) } }
            div { dt { (cx.t(&words::VALUE)) } dd { (ranged(cx, &proof.incremental_value_minor, |value| format::money(value, &currency))) } }
            div { dt { (cx.t(&words::HOLDS)) } dd.number { (cx.t(&words::holds(proof.holds, proof.decisions))) } }
        }
    }
}

fn ratio(cx: &Context, proof: &ProofView) -> Markup {
    let ratio = &proof.ratio;
    html! {
        h2 { (cx.t(&words::DEALT)) }
        @if ratio.alarm { div.note.harm role="alert" { p { (cx.t(&words::ALARM)) } } }
        dl.pairs {
            div { dt { (cx.t(&words::MAY_BE_HELPED)) } dd.number { (ratio.treated) } }
            div { dt { (cx.t(&words::HELD_OUT)) } dd.number { (ratio.held_out) " " span.small.soft { (cx.t(&words::should_be(ratio.expected_share))) } } }
            div { dt { "p" } dd.number { (format::grouped(ratio.p_value, 3)) } }
        }
        p.small.soft { (cx.t(&words::DEALT_NOTE)) }
    }
}

fn credit_card(cx: &Context, (credit, hard_max): (&CreditReport, Option<u32>)) -> Markup {
    let note = Text::from(&credit.words);
    let points = |value: f64| format!("{:+.1}", value * 100.0);
    let columns = [
        parts::Column::words(&words::AGENT),
        parts::Column::words(&words::CHANGED),
        parts::Column::number(&words::GOOD),
        parts::Column::number(&words::HARD),
    ];
    let line = |row: &CreditRow| {
        let hidden = words::hidden(credit.team_credit.estimate.is_some(), row.n);
        parts::Line::from(vec![
            html! { bdi { (row.agent) } },
            html! { @match &row.credit { Some(credit) => (ranged(cx, credit, points)), None => { span.small.soft { (cx.t(&hidden)) } } } },
            html! { (row.good_endings) },
            html! { (row.hard_conversations) @if let Some(most) = hard_max { span.small.soft { " / " (most) } } },
        ])
    };
    let lines: Vec<_> = credit.rows.iter().map(line).collect();
    html! {
        section.card aria-labelledby="credit" {
            h2 #credit { (cx.t(&words::CREDIT)) }
            p.small.soft { (cx.t(&note)) }
            p { (cx.t(&words::TEAM)) " " (ranged(cx, &credit.team_credit, points)) }
            @if credit.teams.len() > 1 {
                ul.peace.teams {
                    @for team in &credit.teams { li { bdi { (team.team) } span { (ranged(cx, &team.credit, points)) } } }
                }
            }
            (parts::table(cx, &words::CREDIT, parts::Look::Stacks, (&columns, &lines)))
        }
    }
}

//! What would we do? Whom we would help, at what price, for what gain, and whom we would leave alone.

use maud::{Markup, html};
use yorisoi::summary::{Plan, Value};

use super::{Outcome, Section};
use crate::chart::{Figure, Part, Table, Tone, WIDTH, fit, stack};
use crate::number::{self, Format, Unit};
use crate::study::Study;
use crate::text::{Name, Text};
use crate::words::{codes, page, plan as words};

/// Returns the section. There always is one: to hold back is a plan too.
#[expect(clippy::unnecessary_wraps, reason = "every section has the same signature")]
pub(crate) fn section(study: &Study<'_>) -> Outcome {
    let plan = &study.summary.plan;
    let body = html! {
        @if plan.people == 0 {
            p.lead { (words::NOBODY) }
        } @else {
            p.lead { (sentence(study)) }
            (facts(study))
            @if let Some(warning) = warning(&plan.gain) { p.warning { (warning) } }
            p { (Text::sentences(std::iter::once(promise(study)).chain(price(study)).chain(place_prices(study)))) }
            div.figures { (split(study)) (costs(study)) }
        }
        @if !plan.held_back.is_empty() { (held_back(study)) }
    };
    Ok(Section { id: "plan", title: words::TITLE, body })
}

fn warning(gain: &Value) -> Option<Text> {
    if !gain.low.is_finite() || !gain.high.is_finite() {
        return Some(words::NO_INTERVAL);
    }
    (Tone::of(gain.low, gain.high) == Tone::Unknown).then_some(words::NOT_SHOWN)
}

fn sentence(study: &Study<'_>) -> Text {
    let (people, all) = (study.summary.plan.people, study.summary.data.used_rows);
    words::sentence(
        &number::count(people),
        &number::count(all),
        &number::percent(share(people, all)),
    )
}

fn share(part: usize, all: usize) -> f64 {
    part as f64 / all as f64
}

fn facts(study: &Study<'_>) -> Markup {
    let plan = &study.summary.plan;
    let format = total_format(&plan.gain);
    let interval = format.interval(plan.gain.low, plan.gain.high);
    let tone = Tone::of(plan.gain.low, plan.gain.high).class();
    html! {
        dl.facts {
            div {
                dt { (words::OFFERED) }
                dd.number { (number::count(plan.people)) }
                @if study.counts_people() && let Some(limit) = plan.budget {
                    dd.aside { (words::at_most(&number::money(limit))) }
                }
            }
            @if !study.counts_people() {
                div {
                    dt { (words::SPEND) }
                    dd.number { (number::money(plan.spend)) }
                    dd.aside { (budget(plan)) }
                }
            }
            div {
                dt { (words::GAIN) }
                dd class={ "number " (tone) } { (format.amount(plan.gain.estimate)) }
                dd.aside { (words::gain_in(&study.outcome, &interval, study.better())) }
            }
            @if !study.counts_people() && let Some(value) = plan.value_per_outcome { (net(plan, value)) }
        }
    }
}

/// Gains of a whole plan are totals, not points.
fn total_format(gain: &Value) -> Format {
    Format::of(Unit::Outcome, [gain])
}

fn budget(plan: &Plan) -> Text {
    plan.budget.map_or(words::NO_BUDGET, |budget| words::budget(&number::money(budget)))
}

fn net(plan: &Plan, value: f64) -> Markup {
    let [estimate, low, high] =
        [plan.gain.estimate, plan.gain.low, plan.gain.high].map(|gain| gain * value - plan.spend);
    let format = Format::new(Unit::Outcome, [plan.gain.std_error * value]);
    html! {
        div {
            dt { (words::NET) }
            dd class={ "number " (Tone::of(low, high).class()) } { (format.amount(estimate)) }
            dd.aside { (words::worth(&number::money(value), &format.interval(low, high))) }
        }
    }
}

fn promise(study: &Study<'_>) -> Text {
    let allowed = study.summary.plan.allowed_harm;
    if allowed > 0.0 {
        return words::allowed_harm(&Format::new(study.unit, [allowed]).half_width(allowed));
    }
    words::NO_HARM
}

fn price(study: &Study<'_>) -> Option<Text> {
    let price =
        study.summary.plan.prices.budget.filter(|price| *price > 0.0 && price.is_finite())?;
    if study.counts_people() {
        return Some(words::people_price(&number::count((1.0 / price).ceil() as usize)));
    }
    Some(words::price(&number::money(1.0 / price)))
}

fn place_prices<'a>(study: &'a Study<'_>) -> impl Iterator<Item = Text> + 'a {
    let places = study.summary.plan.prices.places.iter();
    let bound = places.filter(|place| place.price > 0.0 && place.price.is_finite());
    bound.map(|place| words::place_price(&place.arm, &number::trimmed(place.price)))
}

/// A bar of everyone: who gets what, and who is held back.
fn split(study: &Study<'_>) -> Markup {
    const FILLS: [&str; 4] = ["f-help", "f-help-2", "f-help-3", "f-help-4"];
    let (plan, all) = (&study.summary.plan, study.summary.data.used_rows);
    let mut parts: Vec<Part> = plan
        .people_by_arm
        .iter()
        .take(crate::limits::ROWS)
        .zip(FILLS.iter().cycle())
        .map(|(arm, fill)| {
            let name = fit(&Name::new(&arm.arm).inline(), WIDTH - 90.0);
            part(Text::same(name), share(arm.people, all), fill)
        })
        .collect();
    parts.push(part(words::HOLD, share(all.saturating_sub(plan.people), all), "hatch-rest"));
    let mut table = Table::new(vec![page::ARM, page::SHARE]);
    for part in &parts {
        table.row(&[&part.words, &part.printed]);
    }
    let figure = Figure {
        id: ("plan", 0),
        title: words::BY_ARM,
        arm: None,
        note: words::BY_ARM_NOTE,
        drawing: stack(&parts),
        table,
    };
    figure.markup()
}

fn part(words: Text, share: f64, fill: &'static str) -> Part {
    Part { words, share, printed: number::percent(share), fill }
}

fn costs(study: &Study<'_>) -> Markup {
    let plan = &study.summary.plan;
    let has_prices = !study.counts_people();
    let mut head = vec![page::ARM, page::PEOPLE];
    head.extend([words::COST, words::TOGETHER].into_iter().filter(|_| has_prices));
    let mut table = Table::new(head);
    for arm in plan.people_by_arm.iter().take(crate::limits::ROWS) {
        if !has_prices {
            table.row(&[&Name::new(&arm.arm), &number::count(arm.people)]);
            continue;
        }
        let cost = plan.costs.iter().find(|cost| cost.arm == arm.arm);
        let dash = || Text::same(number::DASH.to_owned());
        let (each, together) = match cost.map(|cost| cost.cost) {
            Some(Some(cost)) => (number::money(cost), number::money(cost * arm.people as f64)),
            Some(None) => (words::DIFFERS, dash()),
            None => (dash(), dash()),
        };
        table.row(&[&Name::new(&arm.arm), &number::count(arm.people), &each, &together]);
    }
    html! { div { p.caption { @if has_prices { (words::IN_NUMBERS) } @else { (page::PEOPLE) } } (table) } }
}

fn held_back(study: &Study<'_>) -> Markup {
    let mut reasons: Vec<_> = study.summary.plan.held_back.iter().collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.people));
    let mut table = Table::new(vec![words::REASON, page::PEOPLE, page::SHARE]);
    for reason in reasons.into_iter().take(crate::limits::ROWS) {
        let share = number::percent(share(reason.people, study.summary.data.used_rows));
        let people = number::count(reason.people);
        match codes::reason(&reason.code) {
            Some(words) => table.row(&[&words, &people, &share]),
            None => table.row(&[&Name::new(&reason.code), &people, &share]),
        }
    }
    html! { h3 { (words::HELD_BACK) } (table) }
}

//! What would be otherwise under this version, and for whom? The log, decided again.

use std::collections::BTreeSet;

use maud::{Markup, html};
use yorisoi_app::{Difference, Differences, Rehearsal, Right};
use yorisoi_decision::{ActionId, ClientId, Policy};

use crate::context::Context;
use crate::format;
use crate::lang::Text;
use crate::pages::proof::ranged;
use crate::parts::{self, client_path, person};
use crate::words::{policy as words, proof as proof_words};

/// What actions are called: by this version, or by the one that holds where this one does without them.
pub(super) struct Called<'a> {
    pub(super) version: &'a Policy,
    pub(super) live: Option<&'a Policy>,
}

impl Called<'_> {
    fn name(&self, cx: &Context, action: &ActionId) -> String {
        let knows = |policy: &&Policy| policy.actions.iter().any(|known| known.id == *action);
        let policy = [Some(self.version), self.live].into_iter().flatten().find(knows);
        let name = policy.unwrap_or(self.version).action_name(action);
        cx.t(&Text::from(&name)).to_owned()
    }
}

/// The part of the page that is about the log.
pub(super) fn section(cx: &Context, rehearsal: &Rehearsal, called: &Called<'_>) -> Markup {
    html! {
        section.card aria-labelledby="rehearsal" {
            h2 #rehearsal { (cx.t(&words::REHEARSAL)) }
            p.small.soft { (cx.t(&words::REHEARSAL_LEAD)) }
            dl.pairs {
                div { dt { (cx.t(&words::REPLAYED)) } dd.number { (rehearsal.decisions) } }
                div { dt { (cx.t(&words::DIFFERENT)) } dd.number { (rehearsal.different) } }
                div { dt { (cx.t(&words::LOSE)) } dd.number { (rehearsal.loses.total) } }
                div { dt { (cx.t(&words::GAIN)) } dd.number { (rehearsal.gains.total) } }
                div { dt { (cx.t(&words::HOLDS)) } dd.number { (cx.t(&words::holds(rehearsal.holds, rehearsal.would_hold))) } }
                (worth(cx, rehearsal))
            }
            @if rehearsal.refused.is_none() { p.small.soft { (cx.t(&words::VALUE_NOTE)) } }
            (moves(cx, rehearsal, called))
            @if cx.may(Right::ReadPeople) {
                (people(cx, (&words::WHO_LOSES, &rehearsal.loses), called))
                (people(cx, (&words::WHO_GAINS, &rehearsal.gains), called))
            }
        }
    }
}

fn worth(cx: &Context, rehearsal: &Rehearsal) -> Markup {
    let share = |value: f64| format::percent(value, 1);
    let points = |value: f64| format!("{:+.1}", value * 100.0);
    let limits = parts::Limits::of(&[rehearsal.value_logged]);
    html! {
        div { dt { (cx.t(&words::VALUE_LOGGED)) } dd { (ranged(cx, &limits.share(&rehearsal.value_logged), share)) } }
        div { dt { (cx.t(&words::VALUE_NEW)) } dd {
            @match &rehearsal.refused {
                Some(refused) => { @let why = Text::from(refused); span.tag.unknown { (cx.t(&words::NOT_KNOWABLE)) } p.small { (cx.t(&why)) } }
                None => { (ranged(cx, &limits.share(&rehearsal.value), share)) }
            }
        } }
        @if rehearsal.refused.is_none() {
            div { dt { (cx.t(&words::VALUE_IPS)) } dd { (ranged(cx, &limits.share(&rehearsal.ips), share)) } }
            div { dt { (cx.t(&words::VALUE_ROBUST)) } dd { (ranged(cx, &limits.share(&rehearsal.doubly_robust), share)) } }
            div { dt { (cx.t(&words::VALUE_GAIN)) } dd { (ranged(cx, &limits.difference(&rehearsal.gain), points)) " " span.small.soft { (cx.t(&proof_words::POINTS)) } } }
        }
        @if let Some(n) = rehearsal.effective_n { div { dt { (cx.t(&words::EFFECTIVE_N)) } dd.number { (format::grouped(n, 0)) } } }
    }
}

/// What would become what, the most frequent first.
fn moves(cx: &Context, rehearsal: &Rehearsal, called: &Called<'_>) -> Markup {
    let mut moves: Vec<(u64, &ActionId, &ActionId)> = Vec::new();
    for (was, to) in &rehearsal.moves {
        moves.extend(to.iter().map(|(would_be, n)| (*n, was, would_be)));
    }
    moves.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let columns = [
        parts::Column::words(&words::WAS),
        parts::Column::words(&words::WOULD_BE),
        parts::Column::number(&words::HOW_OFTEN),
    ];
    let line = |(n, was, would_be): &(u64, &ActionId, &ActionId)| {
        let [was, would_be] = [was, would_be].map(|action| called.name(cx, action));
        parts::Line::from(vec![html! { (was) }, html! { (would_be) }, html! { (n) }])
    };
    let lines: Vec<_> = moves.iter().map(line).collect();
    html! {
        @if !lines.is_empty() {
            h3 { (cx.t(&words::MOVES)) }
            (parts::table(cx, &words::MOVES, parts::Look::Stacks, (&columns, &lines)))
        }
    }
}

/// Those it is about, each once, with the way to their page.
fn people(cx: &Context, (title, list): (&Text, &Differences), called: &Called<'_>) -> Markup {
    let mut seen = BTreeSet::new();
    let shown = list.first.iter().filter_map(|row| Some((row.client.as_ref()?, row)));
    let shown: Vec<(&ClientId, &Difference)> =
        shown.filter(|(client, _)| seen.insert(*client)).collect();
    html! {
        @if !shown.is_empty() {
            details {
                summary { (cx.t(title)) " " span.number { "(" (shown.len()) ")" } }
                ul.peace { @for (client, row) in &shown {
                    li { div {
                        a href=(client_path(client)) { bdi { (person(row.name.as_deref(), client)) } }
                        p.small.soft { (called.name(cx, &row.was)) " → " (called.name(cx, &row.would_be)) }
                    } }
                } }
                @if list.total > list.first.len() as u64 { p.small.soft { (cx.t(&words::first_of(list.first.len(), list.total))) } }
            }
        }
    }
}

//! すれ違い: how was help meant, and how did it land?

use axum::extract::State;
use maud::{Markup, html};
use yorisoi_app::{
    LandingCounts, LandingRow, LandingsReport, Ranged, Right, RuptureStep, RuptureView, TopicRow,
    WeekRow,
};
use yorisoi_ledger::Landing;
use yorisoi_report::picture::{Caption, Row, Scale, intervals};

use crate::Desk;
use crate::answer::{For, Outcome, live_page};
use crate::context::Context;
use crate::lang::Text;
use crate::parts;
use crate::reader::Reader;
use crate::words::{client as client_words, landings as words};

/// Weeks that the picture shows: a quarter of a year.
const WEEKS: usize = 13;

/// The page.
pub(crate) async fn show(State(desk): State<Desk>, Reader(cx): Reader) -> Outcome {
    let report = desk.app.landings_report(&cx.caller).await.before(&cx)?;
    let main = html! {
        (parts::top(&cx, &words::TITLE, &words::LEAD))
        @if report.rows.is_empty() { (parts::empty(&cx, &words::NONE, &words::NONE_TEACH)) }
        @else {
            (table(&cx, ("by-action", &words::BY_ACTION, &words::MEANT), &by_action(&cx, &report.rows)))
            (table(&cx, ("by-topic", &words::BY_TOPIC, &words::TOPIC), &by_topic(&cx, &report.topics)))
            div.cells.wide {
                (over_time(&cx, &report.weeks))
                div.stack { div.card { (nuisance(&report)) } div.card { (words::reading(&cx)) } }
            }
            (ruptures(&cx, &report.ruptures))
        }
        p.small.soft { (cx.t(&words::holds(report.holds, report.decisions))) }
    };
    Ok(live_page(&cx, &words::TITLE, Some("/landings"), main))
}

/// One row of a table of landings: what it is about, how often it landed how, and the mismatch.
struct Line {
    name: Markup,
    counts: LandingCounts,
    mismatch: Ranged,
}

fn by_action(cx: &Context, rows: &[LandingRow]) -> Vec<Line> {
    let line = |row: &LandingRow| {
        let (name, meant) = (Text::from(&row.name), Text::from(&row.intention));
        Line {
            name: html! { (cx.t(&name)) p.small.soft { (cx.t(&meant)) } },
            counts: LandingCounts {
                received: row.received,
                helped: row.helped,
                neutral: row.neutral,
                nuisance: row.nuisance,
                not_received: row.not_received,
                closed: row.closed,
            },
            mismatch: row.mismatch,
        }
    };
    rows.iter().map(line).collect()
}

fn by_topic(cx: &Context, rows: &[TopicRow]) -> Vec<Line> {
    let line = |row: &TopicRow| Line {
        name: html! {
            @if let Some(name) = &row.name { bdi { (cx.t(&Text::from(name))) } } @else { (cx.t(&words::NO_TOPIC)) }
        },
        counts: row.counts,
        mismatch: row.mismatch,
    };
    rows.iter().map(line).collect()
}

/// How it was meant, line by line, against how it landed, column by column.
fn table(cx: &Context, (id, title, head): (&str, &Text, &Text), lines: &[Line]) -> Markup {
    let landed = parts::LANDINGS.map(|(landing, _, _)| parts::landing_words(landing));
    let columns: Vec<_> = [head]
        .into_iter()
        .chain(landed)
        .chain([&words::MISMATCH])
        .map(parts::Column::words)
        .collect();
    let rows: Vec<_> = lines.iter().map(|line| row(cx, line)).collect();
    html! {
        section.card aria-labelledby=(id) {
            h2 id=(id) { (cx.t(title)) }
            (parts::table(cx, title, parts::Look::Matrix, (&columns, &rows)))
        }
    }
}

/// One line, its cells in the order of [`parts::LANDINGS`].
fn row(cx: &Context, line: &Line) -> parts::Line {
    let it = &line.counts;
    let cells = [it.helped, it.received, it.neutral, it.nuisance, it.not_received, it.closed];
    let all = cells.iter().sum::<u64>().max(1) as f64;
    let class = |i: usize, n: u64| match (i, n as f64 / all) {
        (_, share) if share < 0.1 => "",
        (0, _) => "good",
        (3 | 5, share) if share >= 0.2 => "hot",
        (3 | 5, _) => "warm",
        _ => "",
    };
    let counts =
        cells.into_iter().enumerate().map(|(i, n)| parts::Cell::toned(class(i, n), html! { (n) }));
    let mismatch =
        super::proof::ranged(cx, &line.mismatch, |value| crate::format::grouped(value, 2));
    let name = parts::Cell::from(line.name.clone());
    parts::Line {
        item: None,
        cells: [name].into_iter().chain(counts).chain([mismatch.into()]).collect(),
    }
}

/// The mismatch week by week: does it narrow?
fn over_time(cx: &Context, weeks: &[WeekRow]) -> Markup {
    let today = cx.now.to_zoned(cx.zone.clone()).date();
    let shown = weeks.get(weeks.len().saturating_sub(WEEKS)..).unwrap_or_default();
    let rows: Vec<Row> = shown
        .iter()
        .filter_map(|week| {
            let it = week.mismatch;
            let name = words::week(week.week, today);
            Some(Row { name, numbers: [it.estimate?, it.low?, it.high?] })
        })
        .collect();
    let caption = Caption { id: "weeks", title: words::weeks_title(), note: words::weeks_note() };
    html! {
        div.card {
            @if rows.is_empty() { h2 { (cx.t(&words::OVER_TIME)) } p.small.soft { (cx.t(&words::NO_REACTION)) } }
            @else { (intervals(&caption, &rows, &(words::mismatch_axis(), Scale::Plain))) }
        }
    }
}

/// Hearts that closed, each with what came before it.
fn ruptures(cx: &Context, ruptures: &[RuptureView]) -> Markup {
    html! {
        section.card aria-labelledby="ruptures" {
            h2 #ruptures { (cx.t(&words::RUPTURES)) }
            p.small.soft { (cx.t(&words::RUPTURES_LEAD)) }
            @if ruptures.is_empty() { p { (cx.t(&words::NO_RUPTURE)) } }
            div.cells.wide { @for one in ruptures { (rupture(cx, one)) } }
        }
    }
}

fn rupture(cx: &Context, one: &RuptureView) -> Markup {
    let (name, meant) = (Text::from(&one.name), Text::from(&one.intention));
    html! {
        article.rupture {
            h3 { (cx.t(&name)) }
            p.small.soft { (cx.t(&client_words::meant(cx.t(&meant)))) }
            ol.timeline {
                @for step in &one.before { (step_before(cx, step)) }
                li.harm { span.when { (cx.time(one.at)) } (cx.t(parts::landing_words(Landing::Closed))) }
            }
            @if cx.may(Right::ReadPeople) {
                a.button href={ (parts::client_path(&one.client)) "?before=" (one.seq + 1) "#e" (one.seq) } {
                    (cx.t(&words::READ_BACK)) span.hidden-visually { " " (one.client) }
                }
            }
        }
    }
}

fn step_before(cx: &Context, step: &RuptureStep) -> Markup {
    let headline = Text::from(&step.headline);
    let tone = match (step.landing, step.kind.as_str()) {
        (Some(landing), _) => parts::landing_tone(landing),
        (None, "suppressed") => "hold",
        (None, "refused" | "consent_withdrawn") => "harm",
        _ => "rest",
    };
    html! { li.(tone) { span.when { (cx.time(step.at)) } (cx.t(&headline)) } }
}

fn nuisance(report: &LandingsReport) -> Markup {
    let rows: Vec<Row> = report
        .rows
        .iter()
        .filter_map(|row| {
            let rate = row.nuisance_rate;
            Some(Row {
                name: words::both(&row.name),
                numbers: [rate.estimate?, rate.low?, rate.high?],
            })
        })
        .collect();
    let caption =
        Caption { id: "nuisance", title: words::nuisance_title(), note: words::nuisance_note() };
    html! { @if !rows.is_empty() { (intervals(&caption, &rows, &(words::nuisance_axis(), Scale::Percent))) } }
}

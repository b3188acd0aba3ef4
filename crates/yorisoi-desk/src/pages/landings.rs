//! すれ違い: how was help meant, and how did it land?

use axum::extract::State;
use maud::{Markup, html};
use yorisoi_app::{LandingRow, LandingsReport};
use yorisoi_report::picture::{Caption, Row, Scale, intervals};

use crate::Desk;
use crate::answer::{For, Outcome, live_page};
use crate::context::Context;
use crate::lang::Text;
use crate::parts;
use crate::reader::Reader;
use crate::words::landings as words;

/// The page.
pub(crate) async fn show(State(desk): State<Desk>, Reader(cx): Reader) -> Outcome {
    let report = desk.app.landings_report(&cx.caller).await.before(&cx)?;
    let main = html! {
        (parts::top(&cx, &words::TITLE, &words::LEAD))
        @if report.rows.iter().all(|row| told(row) == 0) { (parts::empty(&cx, &words::NONE, &words::NONE_TEACH)) }
        @else {
            div.card { (matrix(&cx, &report)) }
            div.cells.wide { div.card { (picture(&report)) } div.card { (words::reading(&cx)) } }
        }
        p.small.soft { (cx.t(&words::holds(report.holds, report.decisions))) }
    };
    Ok(live_page(&cx, &words::TITLE, Some("/landings"), main))
}

fn told(row: &LandingRow) -> u64 {
    row.received + row.helped + row.neutral + row.nuisance + row.not_received + row.closed
}

fn matrix(cx: &Context, report: &LandingsReport) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(cx.t(&words::TITLE)) {
            table.matrix {
                caption.hidden-visually { (cx.t(&words::LEAD)) }
                thead { tr {
                    th scope="col" { (cx.t(&words::MEANT)) }
                    @for (landing, _, _) in parts::LANDINGS { th scope="col" { (cx.t(parts::landing_words(landing))) } }
                    th scope="col" { (cx.t(&words::MISMATCH)) }
                } }
                tbody { @for row in &report.rows { (matrix_row(cx, row)) } }
            }
        }
    }
}

fn matrix_row(cx: &Context, row: &LandingRow) -> Markup {
    let (name, meant) = (Text::from(&row.name), Text::from(&row.intention));
    let all = told(row).max(1) as f64;
    let cells = [row.helped, row.received, row.neutral, row.nuisance, row.not_received, row.closed];
    let class = |i: usize, n: u64| match (i, n as f64 / all) {
        (_, share) if share < 0.1 => "",
        (0, _) => "good",
        (3 | 5, share) if share >= 0.2 => "hot",
        (3 | 5, _) => "warm",
        _ => "",
    };
    html! {
        tr {
            th scope="row" { (cx.t(&name)) p.small.soft { (cx.t(&meant)) } }
            @for (i, n) in cells.into_iter().enumerate() { td.number.(class(i, n)) { (n) } }
            td { (super::proof::ranged(cx, &row.mismatch, |value| crate::format::grouped(value, 2))) }
        }
    }
}

fn picture(report: &LandingsReport) -> Markup {
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

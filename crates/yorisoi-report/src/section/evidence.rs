//! What exactly was used? The data with their fingerprint, what was left out, notices, settings, times.

use maud::{Markup, Render, html};

use super::{Outcome, Section};
use crate::chart::Table;
use crate::limits;
use crate::number;
use crate::study::Study;
use crate::text::{Name, Text, shorten};
use crate::words::{codes, method as words, page};

/// Returns the section; there always is one.
#[expect(clippy::unnecessary_wraps, reason = "every section has the same signature")]
pub(crate) fn section(study: &Study<'_>) -> Outcome {
    let body = html! {
        (data(study))
        h3 { (words::DROPPED) } (dropped(study))
        h3 { (words::NOTICES) } (notices(study))
        h3 { (words::SETTINGS) } (settings(study))
        h3 { (words::TIMINGS) } (timings(study))
    };
    Ok(Section { id: "data", title: words::DATA, body })
}

fn data(study: &Study<'_>) -> Markup {
    let data = &study.summary.data;
    let counts = [
        (words::READ, Some(data.rows)),
        (words::USED, Some(data.used_rows)),
        (words::TRAIN, Some(data.train_rows)),
        (words::HELDOUT, Some(data.heldout_rows)),
        (words::CLUSTERS, data.clusters),
    ];
    html! {
        dl.data {
            div { dt { (words::FILE) } dd { (Name::new(&data.name)) } }
            div { dt { (words::TREATMENT) } dd { (Name::new(&data.treatment)) } }
            div { dt { (words::OUTCOME) } dd { (Name::new(&data.outcome)) } }
            @for (label, count) in &counts {
                @if let Some(count) = count { div { dt { (label) } dd { (number::count(*count)) } } }
            }
            div.whole { dt { (words::FEATURES) } dd { (features(&data.features)) } }
            div.whole {
                dt { (words::FINGERPRINT) }
                dd { code translate="no" { (shorten(&data.fingerprint, limits::TITLE_CHARS)) } }
            }
        }
    }
}

fn features(all: &[String]) -> Markup {
    html! {
        @for (i, feature) in all.iter().take(limits::LISTED).enumerate() {
            @if i > 0 { ", " }
            (Name::new(feature))
        }
        @if all.len() > limits::LISTED {
            ". " (page::cut(&number::count(limits::LISTED), &number::count(all.len())))
        }
    }
}

fn dropped(study: &Study<'_>) -> Markup {
    let dropped = &study.summary.data.dropped;
    if dropped.is_empty() {
        return html! { p { (words::NONE_DROPPED) } };
    }
    let mut table = Table::new(vec![crate::words::plan::REASON, page::ROWS]);
    for entry in dropped.iter().take(limits::LISTED) {
        let rows = number::count(entry.rows);
        match codes::dropped(&entry.code) {
            Some(words) => table.row(&[&words, &rows]),
            None => table.row(&[&Name::new(&entry.code), &rows]),
        }
    }
    table.render()
}

fn notices(study: &Study<'_>) -> Markup {
    let notices = &study.summary.data.notices;
    html! {
        @if notices.is_empty() { p { (words::NO_NOTICES) } }
        ul.notices {
            @for notice in notices.iter().take(limits::LISTED) {
                li {
                    @if let Some(column) = &notice.column { (Name::new(column)) ": " }
                    (Text::from_data(&notice.en, &notice.ja))
                    " " code translate="no" { (Name::new(&notice.code).short) }
                }
            }
        }
        @if notices.len() > limits::LISTED {
            p { (page::cut(&number::count(limits::LISTED), &number::count(notices.len()))) }
        }
    }
}

fn settings(study: &Study<'_>) -> Markup {
    let all = crate::settings::flatten(&study.summary.settings);
    let mut table = Table::new(vec![words::SETTING, words::VALUE]);
    for (name, value) in all.iter().take(2 * limits::LISTED) {
        let code = |text: &str| html! { code translate="no" { (Name::new(text).short) } };
        table.row(&[&code(name), &code(value)]);
    }
    html! { details { summary { (words::SETTINGS_SUMMARY) } (table) } }
}

fn timings(study: &Study<'_>) -> Markup {
    let timings = &study.summary.timings;
    let mut table = Table::new(vec![words::STAGE, words::SECONDS]);
    for timing in timings.iter().take(limits::LISTED) {
        table.row(&[&Name::new(&timing.stage), &number::decimal(timing.seconds, 2)]);
    }
    let total: f64 = timings.iter().map(|timing| timing.seconds).sum();
    table.row(&[&words::TOTAL, &number::decimal(total, 2)]);
    table.render()
}

//! Is the model in use any good, and what does a budget buy? As its own study found, in the report's pictures.

use maud::{Markup, PreEscaped, html};
use serde::Serialize;
use yorisoi::summary::{BudgetPoint, Calibration, Curve as Found, Plan, Summary};
use yorisoi_app::{Evaluation, LiveModel};
use yorisoi_report::picture::{Caption, Curve, Row, Scale, curve, intervals};

use crate::context::Context;
use crate::format::grouped;
use crate::lang::Text;
use crate::parts;
use crate::words::model as words;

/// Arms of which pictures are drawn: more would be a report, and the report has them.
const ARMS: usize = 3;

/// Steps of the slider.
const STEPS: usize = 40;

/// The part of the page that is about the model.
pub(super) fn section(cx: &Context, live: Option<&LiveModel>, names: &parts::Names) -> Markup {
    let Some(live) = live else {
        return parts::empty(cx, &words::NONE, &words::NONE_TEACH);
    };
    html! {
        section aria-labelledby="model" {
            h2 #model { (cx.t(&words::TITLE)) }
            @match &live.evaluation {
                Evaluation::Missing => { div.note.unknown { p { (cx.t(&words::MISSING)) } p.small { (cx.t(&words::MISSING_REMEDY)) } } }
                Evaluation::Lost { why } => { div.note.harm { p { (cx.t(&words::LOST)) } p.small { code { (why) } } } }
                Evaluation::Kept(summary) => { (judged(cx, (live, summary), names)) }
            }
        }
    }
}

fn judged(cx: &Context, (live, summary): (&LiveModel, &Summary), names: &parts::Names) -> Markup {
    let verdict = summary.arms.iter().fold(
        Text::new(summary.verdict.en.clone(), summary.verdict.ja.clone()),
        |said, arm| {
            let (id, name) = (&arm.arm, names.arm(&arm.arm));
            let en = said.en.replace(&format!("`{id}`"), &format!("“{}”", name.en));
            Text::new(en, said.ja.replace(&format!("「{id}」"), &format!("「{}」", name.ja)))
        },
    );
    let id = live.model.card.model.as_str();
    let data = &summary.data;
    let shown: Vec<&str> =
        summary.arms.iter().skip(1).take(ARMS).map(|arm| arm.arm.as_str()).collect();
    let is_shown = |arm: &str| shown.contains(&arm);
    html! {
        div.card {
            p.phrase { (cx.t(&verdict)) }
            p.small.soft {
                (cx.t(&words::study(data.train_rows, data.heldout_rows))) " " bdi { (data.name) } " · " code { (id.get(..12).unwrap_or(id)) }
                @if let Some(at) = live.model.promoted_at { " · " (cx.t(&words::SINCE)) " " (cx.time(at)) }
            }
        }
        (budget(cx, &summary.plan))
        div.cells.wide {
            (rates(summary, names))
            @for (i, found) in summary.curves.iter().filter(|it| it.kind == "qini" && is_shown(&it.arm)).enumerate() { (ranking(i, found, names)) }
            @for (i, found) in summary.curves.iter().filter(|it| it.kind == "toc" && is_shown(&it.arm)).enumerate() { (ranking(i, found, names)) }
            @for (i, found) in summary.calibration.iter().filter(|it| is_shown(&it.arm) && it.tenths.len() > 1).enumerate() { (sizes(i, found, names)) }
        }
    }
}

/// AUTOC and Qini with their intervals: does the ranking find those whom help helps?
fn rates(summary: &Summary, names: &parts::Names) -> Markup {
    let row = |rate: &yorisoi::summary::Rate| {
        let it = &rate.value;
        Row {
            name: words::rate(&rate.target, &names.arm(&rate.arm)),
            numbers: [it.estimate, it.low, it.high],
        }
    };
    let rows: Vec<Row> = summary.rate.iter().take(2 * ARMS).map(row).collect();
    let caption = Caption { id: "rates", title: words::rates_title(), note: words::rates_note() };
    html! { @if !rows.is_empty() { div.card { (intervals(&caption, &rows, &(words::rates_axis(), Scale::Signed))) } } }
}

/// Ids of figures must differ on a page; a picture takes fixed words.
const RANKING_IDS: [[&str; ARMS]; 2] =
    [["toc-1", "toc-2", "toc-3"], ["qini-1", "qini-2", "qini-3"]];

fn ranking(i: usize, found: &Found, names: &parts::Names) -> Markup {
    let is_qini = found.kind == "qini";
    let points: Vec<[f64; 4]> =
        found.points.iter().map(|it| [it.share, it.estimate, it.low, it.high]).collect();
    // A Qini curve ends at the average effect whatever the order; random choice is the chord to it.
    let end = points.last().map(|it| (it[0], it[1]));
    let spec = Curve {
        caption: Caption {
            id: RANKING_IDS[usize::from(is_qini)].get(i).copied().unwrap_or("ranking"),
            title: words::ranking_title(is_qini, &names.arm(&found.arm)),
            note: words::ranking_note(is_qini),
        },
        points,
        line: words::by_rank(),
        reference: end.filter(|_| is_qini).map(|end| (vec![(0.0, 0.0), end], words::at_random())),
        flag: None,
        x: (words::share_axis(), Scale::Percent),
        y: (words::effect_axis(is_qini), Scale::Signed),
    };
    html! { div.card { (curve(&spec)) } }
}

const SIZES_IDS: [&str; ARMS] = ["sizes-1", "sizes-2", "sizes-3"];

/// Predicted against found, tenth by tenth: on the dashed line the sizes are right.
fn sizes(i: usize, found: &Calibration, names: &parts::Names) -> Markup {
    let mut points: Vec<[f64; 4]> = found
        .tenths
        .iter()
        .map(|it| [it.predicted, it.found.estimate, it.found.low, it.found.high])
        .collect();
    points.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let ends = [points.first(), points.last()].into_iter().flatten().map(|it| (it[0], it[0]));
    let spec = Curve {
        caption: Caption {
            id: SIZES_IDS.get(i).copied().unwrap_or("sizes"),
            title: words::sizes_title(&names.arm(&found.arm)),
            note: words::sizes_note(),
        },
        reference: Some((ends.collect(), words::as_predicted())),
        points,
        line: words::found(),
        flag: None,
        x: (words::predicted_axis(), Scale::Signed),
        y: (words::found_axis(), Scale::Signed),
    };
    html! {
        div.card {
            (curve(&spec))
        }
    }
}

/// One place of the slider, in the reader's words.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Step {
    spend: String,
    people: String,
    gain: String,
    random: String,
    say: String,
}

/// The spend curve, and a slider that says what a budget buys.
fn budget(cx: &Context, plan: &Plan) -> Markup {
    if plan.curve.len() < 2 {
        return html! {};
    }
    let shown = from_nothing(thinned(&plan.curve));
    let steps: Vec<Step> = shown.iter().map(|point| step(cx, plan, point)).collect();
    let at = nearest(&shown, plan.spend);
    let spec = Curve {
        caption: Caption {
            id: "spend",
            title: words::spend_title(plan.is_priced),
            note: words::spend_note(),
        },
        points: shown.iter().map(|it| [it.spend, it.gain, it.low, it.high]).collect(),
        line: words::by_rank(),
        reference: Some((
            shown.iter().map(|it| (it.spend, it.random)).collect(),
            words::at_random(),
        )),
        flag: (plan.people > 0).then(|| (plan.spend, plan.gain.estimate, words::the_plan())),
        x: (words::spend_axis(plan.is_priced), Scale::Compact),
        y: (words::gain_axis(), Scale::Signed),
    };
    html! {
        div.cells.wide {
            div.card { (curve(&spec)) }
            div.card { (slider(cx, &steps, (at, plan.is_priced))) }
        }
    }
}

fn slider(cx: &Context, steps: &[Step], (at, is_priced): (usize, bool)) -> Markup {
    let Some(now) = steps.get(at) else { return html! {} };
    let pair = |title: &Text, id: &str, value: &str| {
        html! { div { dt { (cx.t(title)) } dd.number id={ "slide-" (id) } { (value) } } }
    };
    // Only what this page wrote stands in it, and `<` is never left bare.
    let rows = serde_json::to_string(steps).unwrap_or_default().replace('<', "\\u003c");
    html! {
        h2 { label for="budget" { (cx.t(&words::BUYS)) } }
        input #budget type="range" min="0" max=(steps.len() - 1) value=(at) data-slide="budget-rows" aria-valuetext=(now.say);
        script #budget-rows type="application/json" { (PreEscaped(rows)) }
        p.phrase #slide-say { (now.say) }
        dl.pairs {
            @if is_priced { (pair(&words::SPEND, "spend", &now.spend)) }
            (pair(&words::PEOPLE, "people", &now.people))
            (pair(&words::GAIN, "gain", &now.gain)) (pair(&words::RANDOM, "random", &now.random))
        }
        p.small.soft { (cx.t(&words::SLIDE_NOTE)) }
    }
}

fn step(cx: &Context, plan: &Plan, point: &BudgetPoint) -> Step {
    let signed = |value: f64| {
        if value.is_finite() { format!("{value:+.0}") } else { "–".to_owned() }
    };
    let (spend, people) = (grouped(point.spend, 0), grouped(point.people as f64, 0));
    let range = (signed(point.low), signed(point.high));
    let said = words::buys(plan.is_priced, (&spend, &people), (&signed(point.gain), &range));
    Step {
        gain: format!("{} ({} – {})", signed(point.gain), range.0, range.1),
        random: signed(point.random),
        say: cx.t(&said).to_owned(),
        spend,
        people,
    }
}

/// At most [`STEPS`] points, the first and the last among them.
fn thinned(curve: &[BudgetPoint]) -> Vec<BudgetPoint> {
    let last = curve.len().saturating_sub(1);
    let n = STEPS.min(curve.len());
    (0..n).filter_map(|k| curve.get(k * last / (n - 1).max(1)).copied()).collect()
}

/// The same, beginning where nothing is spent and nothing gained.
fn from_nothing(mut steps: Vec<BudgetPoint>) -> Vec<BudgetPoint> {
    if steps.first().is_some_and(|first| first.spend > 0.0) {
        let nothing =
            BudgetPoint { spend: 0.0, people: 0, gain: 0.0, low: 0.0, high: 0.0, random: 0.0 };
        steps.insert(0, nothing);
    }
    steps
}

/// The step whose spend is next to a sum.
fn nearest(steps: &[BudgetPoint], spend: f64) -> usize {
    let far = |point: &BudgetPoint| (point.spend - spend).abs();
    let best = steps.iter().enumerate().min_by(|a, b| far(a.1).total_cmp(&far(b.1)));
    best.map_or(0, |(k, _)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve_of(n: usize) -> Vec<BudgetPoint> {
        let point = |k: usize| {
            let spend = k as f64;
            BudgetPoint { spend, people: k, gain: spend, low: 0.0, high: spend, random: 0.0 }
        };
        (0..n).map(point).collect()
    }

    #[test]
    fn the_slider_has_both_ends_and_few_steps() {
        for n in [2, 3, 39, 40, 41, 1000] {
            let shown = thinned(&curve_of(n));
            assert_eq!(shown.len(), n.min(STEPS));
            assert_eq!((shown[0].people, shown[shown.len() - 1].people), (0, n - 1));
        }
    }

    #[test]
    fn nothing_spent_is_a_place_of_the_slider_once() {
        let later: Vec<BudgetPoint> = curve_of(5).into_iter().skip(2).collect();
        assert_eq!(
            from_nothing(later).iter().map(|it| it.people).collect::<Vec<_>>(),
            [0, 2, 3, 4]
        );
        assert_eq!(from_nothing(curve_of(5)).len(), 5);
    }

    #[test]
    fn the_slider_begins_where_the_plan_is() {
        let steps = curve_of(5);
        assert_eq!(nearest(&steps, 2.4), 2);
        assert_eq!(nearest(&steps, 99.0), 4);
        assert_eq!(nearest(&steps, f64::NAN), 0);
    }
}

//! A summary as lines of text.

use yorisoi::Reason;
use yorisoi::data::Better;
use yorisoi::summary::{Arm, Calibration, Comparison, Plan, Rate, Summary};

use super::number::{amount, change, count, estimate, percent};
use super::{Style, bar, table};
use crate::lang::Lang;

/// Returns the study as text for a terminal of 80 columns or more.
pub(crate) fn study(summary: &Summary, lang: Lang, style: Style) -> String {
    let parts = [
        verdict(summary, lang, style),
        data(summary, lang),
        arms(&summary.arms, lang, style),
        ranking(summary, lang, style),
        groups(summary, lang, style),
        plan(summary, lang, style),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn verdict(summary: &Summary, lang: Lang, style: Style) -> String {
    let verdict = &summary.verdict;
    let sentence = style.bold(lang.pick(&verdict.en, &verdict.ja));
    let (Some(value), Some(name)) = (&verdict.decided_by, &verdict.decided_by_name) else {
        return format!("{sentence}\n");
    };
    let number = format!("{}: {}", lang.words(name), estimate(value));
    format!("{sentence}\n  {}\n", style.dim(&number))
}

fn data(summary: &Summary, lang: Lang) -> String {
    let data = &summary.data;
    let (used, train, held) =
        (count(data.used_rows), count(data.train_rows), count(data.heldout_rows));
    let features = count(data.features.len());
    let mut lines = vec![match lang {
        Lang::En => format!(
            "{used} rows of {}: {train} to learn from, {held} kept for judging; {features} features; \
             outcome `{}`, treatment `{}`\n",
            data.name, data.outcome, data.treatment
        ),
        Lang::Ja => format!(
            "{}: {used} 行（学習 {train}、検証 {held}）、特徴 {features} 個、結果 `{}`、働きかけ `{}`\n",
            data.name, data.outcome, data.treatment
        ),
    }];
    lines.extend(data.dropped.iter().map(|dropped| {
        let (words, rows) = (lang.pick("rows left out:", "除外した行:"), count(dropped.rows));
        format!("  {words} {rows} ({})\n", dropped.code)
    }));
    lines.concat()
}

fn arms(arms: &[Arm], lang: Lang, style: Style) -> String {
    let title =
        lang.pick("What each help changes, on average", "それぞれの働きかけが平均して変えること");
    let head = [
        lang.pick("arm", "働きかけ"),
        lang.pick("people", "人数"),
        lang.pick("mean outcome", "結果の平均"),
        lang.pick("effect (95 % interval)", "効果 (95 % 区間)"),
    ];
    let effect = |arm: &Arm, is_control: bool| match &arm.ate {
        Some(ate) => estimate(ate),
        None if is_control => lang.pick("control", "比較の基準").to_owned(),
        None => lang.pick("unknown", "わかりません").to_owned(),
    };
    let rows = arms.iter().enumerate().map(|(at, arm)| {
        [arm.arm.clone(), count(arm.rows), amount(arm.mean_outcome), effect(arm, at == 0)]
    });
    format!("{}\n{}", style.bold(title), table(head, rows))
}

fn ranking(summary: &Summary, lang: Lang, style: Style) -> String {
    if summary.calibration.is_empty() {
        return String::new();
    }
    let title = lang.pick(
        "Does the ranking find whom it helps? Effect found in each tenth, highest predicted first",
        "順位は効く人を見つけているか（予測の高い順に10分の1ずつ、実際の効果）",
    );
    let arms = summary.calibration.iter().map(|arm| tenths(arm, summary, lang, style));
    format!("{}\n{}", style.bold(title), arms.collect::<String>())
}

fn tenths(calibration: &Calibration, summary: &Summary, lang: Lang, style: Style) -> String {
    let is_ours = |rate: &&Rate| rate.arm == calibration.arm && rate.target == "autoc";
    let autoc = summary.rate.iter().find(is_ours);
    let autoc = autoc.map(|rate| format!("   AUTOC {}", estimate(&rate.value)));
    let mut lines = vec![format!("  {}{}\n", calibration.arm, autoc.unwrap_or_default())];
    let found: Vec<f64> = calibration.tenths.iter().map(|tenth| tenth.found.estimate).collect();
    for (tenth, bar) in calibration.tenths.iter().zip(bar::around_zero(&found)) {
        let interval = format!("{} … {}", change(tenth.found.low), change(tenth.found.high));
        let predicted = format!("{} {}", lang.pick("predicted", "予測"), change(tenth.predicted));
        lines.push(format!(
            "  {:>4} {bar} {:>9}  {}\n",
            tenth.tenth,
            change(tenth.found.estimate),
            style.dim(&format!("{interval}; {predicted}"))
        ));
    }
    lines.concat()
}

fn groups(summary: &Summary, lang: Lang, style: Style) -> String {
    if summary.groups.is_empty() {
        return String::new();
    }
    let title = lang.pick("To whom help does what", "働きかけが誰に何をするか");
    let head = [
        lang.pick("arm", "働きかけ"),
        lang.pick("helps", "効く"),
        lang.pick("no effect shown", "効果が見られない"),
        lang.pick("harms", "逆効果"),
        lang.pick("cannot tell yet", "まだ分からない"),
    ];
    let rows = summary.groups.iter().map(|groups| {
        let shares = [groups.persuadable, groups.no_effect, groups.sleeping_dog, groups.undecided];
        let [helps, none, harms, unknown] = shares.map(percent);
        [groups.arm.clone(), helps, none, harms, unknown]
    });
    format!("{}\n{}", style.bold(title), table(head, rows))
}

fn plan(summary: &Summary, lang: Lang, style: Style) -> String {
    let plan = &summary.plan;
    let title = style.bold(lang.pick("The plan", "計画"));
    let gain = match summary.data.better {
        Better::More => lang.pick("outcome gained in total", "結果の増加（合計）"),
        Better::Less => lang.pick("outcome reduced in total", "結果の減少（合計）"),
    };
    let mut lines = vec![format!("{title}\n"), reach(plan, lang)];
    lines.extend(
        plan.people_by_arm.iter().map(|arm| format!("    {} {}\n", arm.arm, count(arm.people))),
    );
    lines.push(format!("  {gain}: {}\n", estimate(&plan.gain)));
    lines.extend(plan.prices.budget.map(|price| {
        let words = if plan.is_priced {
            lang.pick("one more unit of money would gain", "予算をあと1増やすと")
        } else {
            lang.pick("one more person would gain", "あと1人増やすと")
        };
        format!("  {words} {}\n", change(price))
    }));
    lines.extend(plan.prices.places.iter().map(|place| {
        let (arm, price) = (&place.arm, change(place.price));
        match lang {
            Lang::En => format!("  one more place of {arm} would gain {price}\n"),
            Lang::Ja => format!("  {arm} の枠をあと1つ増やすと {price}\n"),
        }
    }));
    lines.extend(plan.held_back.iter().map(|held| {
        let (words, reason) = (lang.pick("held back:", "見守り:"), reason_words(&held.code, lang));
        format!("  {words} {} ({reason})\n", count(held.people))
    }));
    if !plan.comparisons.is_empty() {
        let head = [
            lang.pick("against", "比べる相手"),
            lang.pick("gain per person (95 % interval)", "1人あたりの差 (95 % 区間)"),
        ];
        let row =
            |other: &Comparison| [rule_words(&other.against, lang), estimate(&other.difference)];
        lines.push(table(head, plan.comparisons.iter().map(row)));
    }
    lines.concat()
}

fn reach(plan: &Plan, lang: Lang) -> String {
    let (people, spend) = (count(plan.people), amount(plan.spend));
    let budget = plan.budget.map(amount);
    let (en, ja) = match (plan.is_priced, budget) {
        (true, Some(budget)) => (
            format!("offer to {people} people, spending {spend} of {budget}"),
            format!("{people} 人に提案、費用 {spend}（予算 {budget}）"),
        ),
        (true, None) => (
            format!("offer to {people} people, spending {spend}"),
            format!("{people} 人に提案、費用 {spend}"),
        ),
        // Without prices money means people.
        (false, Some(most)) => (
            format!("offer to {people} people, of {most} at most"),
            format!("{people} 人に提案（上限 {most} 人）"),
        ),
        (false, None) => (format!("offer to {people} people"), format!("{people} 人に提案")),
    };
    format!("  {}\n", lang.pick(&en, &ja))
}

/// Returns a reason code of `plan.csv` in words; an unknown code stands for itself.
fn reason_words(code: &str, lang: Lang) -> &str {
    let reason = Reason::ALL.into_iter().find(|reason| reason.code() == code);
    reason.map_or(code, |reason| lang.pick(reason.en(), reason.ja()))
}

fn rule_words(code: &str, lang: Lang) -> String {
    match (code, code.strip_prefix("treat_all:")) {
        (_, Some(arm)) => match lang {
            Lang::En => format!("{arm} to everyone"),
            Lang::Ja => format!("全員に {arm}"),
        },
        ("treat_none", _) => lang.pick("no one", "誰にも何もしない").to_owned(),
        ("risk", _) => lang.pick("those most at risk first", "離れそうな人から順に").to_owned(),
        _ => code.to_owned(),
    }
}

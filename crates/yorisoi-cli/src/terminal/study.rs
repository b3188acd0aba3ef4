//! A summary as lines of text.

use yorisoi::Reason;
use yorisoi::summary::{Arm, Calibration, Plan, Summary, Value};

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
        plan(&summary.plan, lang, style),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn verdict(summary: &Summary, lang: Lang, style: Style) -> String {
    let verdict = &summary.verdict;
    let mut text = style.bold(lang.pick(&verdict.en, &verdict.ja)) + "\n";
    if let (Some(value), Some(name)) = (&verdict.decided_by, &verdict.decided_by_name) {
        text += &format!(
            "  {}: {}\n",
            lang.words(name),
            style.dim(&format!("{} {}", estimate(value), lang.pick("(95 %)", "(95 % 区間)")))
        );
    }
    text
}

fn data(summary: &Summary, lang: Lang) -> String {
    let data = &summary.data;
    let (used, train, held) =
        (count(data.used_rows), count(data.train_rows), count(data.heldout_rows));
    let features = count(data.features.len());
    let mut text = match lang {
        Lang::En => format!(
            "{used} rows of {}: {train} to learn from, {held} kept for judging; {features} features; \
             outcome `{}`, treatment `{}`\n",
            data.name, data.outcome, data.treatment
        ),
        Lang::Ja => format!(
            "{}: {used} 行（学習 {train}、検証 {held}）、特徴 {features} 個、結果 `{}`、施策 `{}`\n",
            data.name, data.outcome, data.treatment
        ),
    };
    for dropped in &data.dropped {
        let rows = count(dropped.rows);
        text += &match lang {
            Lang::En => format!("  left out: {rows} rows ({})\n", dropped.code),
            Lang::Ja => format!("  除外: {rows} 行 ({})\n", dropped.code),
        };
    }
    text
}

fn arms(arms: &[Arm], lang: Lang, style: Style) -> String {
    let title =
        lang.pick("What each help changes, on average", "それぞれの施策が平均して変えること");
    let head = [
        lang.pick("arm", "施策"),
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
    let mut text = style.bold(title) + "\n";
    for calibration in &summary.calibration {
        text += &tenths(calibration, summary, lang, style);
    }
    text
}

fn tenths(calibration: &Calibration, summary: &Summary, lang: Lang, style: Style) -> String {
    let rate = |target: &str| {
        summary.rate.iter().find(|rate| rate.arm == calibration.arm && rate.target == target)
    };
    let mut text = format!("  {}", calibration.arm);
    if let Some(autoc) = rate("autoc") {
        text += &format!("   AUTOC {}", estimate(&autoc.value));
    }
    text.push('\n');
    let found: Vec<f64> = calibration.tenths.iter().map(|tenth| tenth.found.estimate).collect();
    for (tenth, bar) in calibration.tenths.iter().zip(bar::around_zero(&found)) {
        let interval = |value: &Value| format!("{} … {}", change(value.low), change(value.high));
        text += &format!(
            "  {:>4} {bar} {:>9}  {}\n",
            tenth.tenth,
            change(tenth.found.estimate),
            style.dim(&format!(
                "{}; {} {}",
                interval(&tenth.found),
                lang.pick("predicted", "予測"),
                change(tenth.predicted)
            ))
        );
    }
    text
}

fn groups(summary: &Summary, lang: Lang, style: Style) -> String {
    if summary.groups.is_empty() {
        return String::new();
    }
    let title = lang.pick("To whom help does what", "施策が誰に何をするか");
    let head = [
        lang.pick("arm", "施策"),
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

fn plan(plan: &Plan, lang: Lang, style: Style) -> String {
    let mut text = style.bold(lang.pick("The plan", "計画")) + "\n";
    let people = count(plan.people);
    let (spend, budget) = (amount(plan.spend), plan.budget.map(amount));
    text += &match (lang, &budget) {
        (Lang::En, Some(budget)) => {
            format!("  offer to {people} people, spending {spend} of {budget}\n")
        }
        (Lang::En, None) => format!("  offer to {people} people, spending {spend}\n"),
        (Lang::Ja, Some(budget)) => {
            format!("  {people} 人に提案、費用 {spend}（予算 {budget}）\n")
        }
        (Lang::Ja, None) => format!("  {people} 人に提案、費用 {spend}\n"),
    };
    for arm in &plan.people_by_arm {
        text += &format!("    {} {}\n", arm.arm, count(arm.people));
    }
    let gain_words = lang.pick("outcome gained in total", "結果の増加（合計）");
    text += &format!("  {gain_words}: {}\n", estimate(&plan.gain));
    if let Some(price) = plan.price {
        let words = lang.pick("one more unit of money would gain", "予算をあと1増やすと");
        text += &format!("  {words} {}\n", change(price));
    }
    for held in &plan.held_back {
        let words = reason_words(&held.code, lang);
        text +=
            &format!("  {} {} ({words})\n", lang.pick("held back:", "見送り:"), count(held.people));
    }
    if !plan.comparisons.is_empty() {
        let head = [
            lang.pick("against", "比べる相手"),
            lang.pick("gain per person (95 % interval)", "1人あたりの差 (95 % 区間)"),
        ];
        let rows = plan
            .comparisons
            .iter()
            .map(|other| [rule_words(&other.against, lang), estimate(&other.difference)]);
        text += &table(head, rows);
    }
    text
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

//! What does a decision look like in a terminal? What to do and why, then every candidate.

use yorisoi_decision::{Candidate, Decision, HoldoutArm, Lang as Words, Policy, Verdict, explain};

use super::number::{amount, percent};
use super::table_of;

use comfy_table::CellAlignment::{Left, Right};

use crate::lang::Lang;
use crate::session::Session;

/// Returns the decision in words of the session's language.
pub(crate) fn decision(decision: &Decision, policy: &Policy, session: &Session) -> String {
    let words = match session.lang {
        Lang::En => Words::En,
        Lang::Ja => Words::Ja,
    };
    let pick = |en: &'static str, ja: &'static str| session.lang.pick(en, ja);
    let said = explain(decision, policy, words);
    let looks = decision.hold.as_ref().and_then(|hold| hold.look_again_at);
    let held_out = decision.holdout == HoldoutArm::HeldOut;
    let lines = [
        Some(session.style.bold(&said.choice)),
        Some(format!("  {}", said.reason)),
        looks.map(|at| format!("  {} {at}", pick("look again at", "次に確認する日時:"))),
        held_out.then(|| {
            format!("  {}", pick("held out, for comparison", "比較のための対照群の方です"))
        }),
        said.ghost
            .map(|ghost| format!("  {} {ghost}", pick("would have been:", "対照群でなければ:"))),
    ];
    let text = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let worth = format!("{} ({})", pick("worth", "価値"), policy.currency);
    let head = [
        pick("candidate", "候補"),
        worth.as_str(),
        pick("chance", "確率"),
        pick("stopped by", "不可の理由"),
    ];
    let rows = decision.candidates.iter().map(|candidate| row(candidate, policy, words));
    text + "\n\n" + &table_of(head, rows, [Left, Right, Right, Left])
}

fn row(candidate: &Candidate, policy: &Policy, words: Words) -> [String; 4] {
    let action = policy.actions.iter().find(|action| action.id == candidate.action);
    let name = action.map_or_else(
        || candidate.action.to_string(),
        |action| action.name.in_lang(words).to_owned(),
    );
    let chance = percent(candidate.probability);
    match &candidate.verdict {
        Verdict::Scored(score) => [name, amount(score.total_minor), chance, String::new()],
        Verdict::Stopped(stop) => {
            [name, String::new(), chance, stop.code.words().in_lang(words).to_owned()]
        }
    }
}

//! What can tomorrow's model learn from today's decisions? The log as a table for a study.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, ActionKind, Attribute, Decision, HoldoutArm, Record};

use crate::decision_log::{Outcomes, each_decision};
use crate::work::Work;
use crate::{App, AppError, Caller, Right};

/// Which table is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StudyAsk {
    /// The outcome; `null`: the house's own.
    pub outcome: Option<String>,
    /// Days after a decision within which the outcome counts; `null`: the house's own.
    pub outcome_days: Option<u32>,
    /// One action only, against holding. Then the logged chances are the propensities of the study; `null`:
    /// all actions. The chance of each stands in the table, and the study estimates propensities: an action that
    /// a gate stopped had none, and a study wants every arm to be possible for everybody.
    pub action: Option<ActionId>,
    /// Decisions from here on.
    pub from: Option<Timestamp>,
    /// Decisions before.
    pub until: Option<Timestamp>,
}

/// A table that `yorisoi study` reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StudyTable {
    /// CSV with a header: `action`, `propensity`, the outcome, `household`; of all actions `propensity.ACTION` for
    /// each of them; and the attributes as known when the decision was made.
    pub csv: String,
    /// Rows.
    pub rows: u64,
    /// Decisions left out because their outcome is not known yet.
    pub without_outcome: u64,
    /// Decisions left out because the person was erased.
    pub erased: u64,
    /// The command that reads it.
    pub command: String,
}

impl App {
    /// Returns the log as a table: treatment, propensity, outcome, clusters, features.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`] if there is no decision with a known outcome.
    pub async fn export_study(
        &self,
        caller: &Caller,
        ask: StudyAsk,
    ) -> Result<StudyTable, AppError> {
        caller.may(Right::ExportStudy)?;
        self.read(caller, move |work| export(work, &ask)).await
    }
}

/// The arm that everything is compared with.
const HOLD: &str = "hold";

/// One decision with its outcome.
struct Row {
    action: String,
    propensity: f64,
    /// The chance of each action, in a table of all actions.
    chances: BTreeMap<String, f64>,
    outcome: f64,
    unit: String,
    attributes: BTreeMap<String, Attribute>,
}

fn export(work: &mut Work<'_, '_>, ask: &StudyAsk) -> Result<StudyTable, AppError> {
    let settings = work.app.settings().clone();
    let outcome = ask.outcome.clone().unwrap_or(settings.outcome);
    let days = ask.outcome_days.unwrap_or(settings.outcome_days);
    let outcomes = Outcomes::read(work, &outcome, days)?;
    let (mut rows, mut without_outcome, mut erased) = (Vec::new(), 0, 0);
    let mut units: HashMap<String, usize> = HashMap::new();
    each_decision(work, |work, logged| {
        let decision = logged.decision;
        if !is_wanted(ask, &decision) {
            return Ok(());
        }
        let Some(situation) = logged.situation else {
            erased += 1;
            return Ok(());
        };
        let Some(outcome) = outcomes.after(work, &decision)? else {
            without_outcome += 1;
            return Ok(());
        };
        let Record::Client { facts } = situation.record else {
            return Ok(());
        };
        // Who somebody is does not go into a study: people become numbers.
        let unit = decision.household.as_ref().map_or(decision.client.as_str(), |it| it.as_str());
        let next = units.len() + 1;
        let unit = *units.entry(unit.to_owned()).or_insert(next);
        let is_held = decision.choice.kind == ActionKind::Hold;
        let Some(propensity) = propensity(ask, &decision) else {
            return Ok(());
        };
        rows.push(Row {
            action: if is_held { HOLD.to_owned() } else { decision.choice.action.to_string() },
            propensity,
            chances: if ask.action.is_none() { chances(&decision) } else { BTreeMap::new() },
            outcome,
            unit: format!("u{unit}"),
            attributes: facts.attributes,
        });
        Ok(())
    })?;
    if rows.is_empty() {
        let reason = format!("no decision has an outcome `{outcome}` within {days} days yet");
        return Err(AppError::Refused { reason });
    }
    let arms: BTreeSet<String> = rows.iter().flat_map(|row| row.chances.keys().cloned()).collect();
    Ok(StudyTable {
        csv: table(&rows, &outcome, &arms)?,
        rows: rows.len() as u64,
        without_outcome,
        erased,
        command: command(ask, &outcome, &arms),
    })
}

/// The chance that each action had, as it was logged; holding, by whatever way one came to it, is one of them.
fn chances(decision: &Decision) -> BTreeMap<String, f64> {
    let mut chances = BTreeMap::new();
    for candidate in &decision.candidates {
        *chances.entry(candidate.action.to_string()).or_insert(0.0) += candidate.probability;
    }
    chances
}

/// Decisions that anything could have come of: a hold that nothing but a gate forced is no comparison.
fn is_wanted(ask: &StudyAsk, decision: &Decision) -> bool {
    let is_in_time = ask.from.is_none_or(|from| decision.at >= from)
        && ask.until.is_none_or(|until| decision.at < until);
    let had_choice = decision.holdout == HoldoutArm::HeldOut
        || decision.candidates.iter().filter(|it| it.probability > 0.0).count() > 1;
    is_in_time && had_choice
}

/// The chance with which it was given. Of one action against holding: that of the action, given that it was one of
/// the two; `None` if only one of them was possible, or something else was chosen.
fn propensity(ask: &StudyAsk, decision: &Decision) -> Option<f64> {
    let Some(action) = &ask.action else {
        return Some(decision.choice.probability);
    };
    // What somebody held out would have had is not known well enough to be one of these rows.
    let is_one = decision.choice.action == *action || decision.choice.kind == ActionKind::Hold;
    if !is_one || decision.holdout == HoldoutArm::HeldOut {
        return None;
    }
    let chance = |is_it: &dyn Fn(&ActionId) -> bool| -> f64 {
        decision.candidates.iter().filter(|it| is_it(&it.action)).map(|it| it.probability).sum()
    };
    let given = chance(&|it| it == action);
    let held = if decision.choice.kind == ActionKind::Hold {
        decision.choice.probability
    } else {
        chance(&|it| it.as_str() == HOLD)
    };
    (given > 0.0 && held > 0.0).then(|| given / (given + held))
}

fn command(ask: &StudyAsk, outcome: &str, arms: &BTreeSet<String>) -> String {
    let propensity = if ask.action.is_some() {
        "--propensity propensity".to_owned()
    } else {
        let logged = arms.iter().map(|arm| chance_column(arm));
        let all: Vec<_> = std::iter::once("propensity".to_owned()).chain(logged).collect();
        format!("--drop {}", all.join(","))
    };
    format!(
        "yorisoi study decisions.csv --treatment action --control {HOLD} --outcome {outcome} \
         --cluster household {propensity}"
    )
}

fn chance_column(arm: &str) -> String {
    format!("propensity.{arm}")
}

fn table(rows: &[Row], outcome: &str, arms: &BTreeSet<String>) -> Result<String, AppError> {
    let names: BTreeSet<&String> = rows.iter().flat_map(|row| row.attributes.keys()).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let bad = |error: csv::Error| AppError::Internal { what: error.to_string() };
    let own = ["action", "propensity", outcome, "household"].map(str::to_owned);
    let own: Vec<String> =
        own.into_iter().chain(arms.iter().map(|arm| chance_column(arm))).collect();
    // An attribute of the same name as one of our columns keeps its name with a mark.
    let named = names
        .iter()
        .map(|name| if own.contains(name) { format!("attribute.{name}") } else { (*name).clone() });
    writer.write_record(own.iter().cloned().chain(named)).map_err(bad)?;
    for row in rows {
        let (propensity, outcome) = (row.propensity.to_string(), row.outcome.to_string());
        let cells = [row.action.clone(), propensity, outcome, row.unit.clone()];
        // What was no candidate had no chance.
        let chance = |arm| row.chances.get(arm).copied().unwrap_or(0.0).to_string();
        let known =
            names.iter().map(|name| row.attributes.get(*name).map_or_else(String::new, cell));
        let record = cells.into_iter().chain(arms.iter().map(chance)).chain(known);
        writer.write_record(record).map_err(bad)?;
    }
    let bytes =
        writer.into_inner().map_err(|error| AppError::Internal { what: error.to_string() })?;
    String::from_utf8(bytes).map_err(|error| AppError::Internal { what: error.to_string() })
}

fn cell(value: &Attribute) -> String {
    match value {
        Attribute::Flag(flag) => flag.to_string(),
        Attribute::Number(number) => number.to_string(),
        Attribute::Text(text) => text.clone(),
    }
}

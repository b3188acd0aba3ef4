//! What can tomorrow's model learn from today's decisions? The log as a table for a study.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, ActionKind, Attribute, Decision, HoldoutArm, IdError, Record};

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
    /// all actions. The chance of each stands in the table, and the study takes them as propensities if each
    /// was possible for everybody. Where a gate stopped an action for some it had none, and the study estimates.
    pub action: Option<ActionId>,
    /// Several actions, commas between their names, against holding and one another: decisions for which each of
    /// them was possible. The logged chances are the propensities.
    pub actions: Option<String>,
    /// Decisions from here on.
    pub from: Option<Timestamp>,
    /// Decisions before.
    pub until: Option<Timestamp>,
}

/// A table that `yorisoi study` reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StudyTable {
    /// CSV with a header: `action`, `propensity`, the outcome, `household`; but for one action alone `propensity.ACTION`
    /// for each of them; and the attributes as known when the decision was made. `propensity` is the chance of that
    /// one action, else of what was chosen.
    pub csv: String,
    /// Rows.
    pub rows: u64,
    /// Decisions left out because their outcome is not known yet.
    pub without_outcome: u64,
    /// Decisions left out because the person was erased.
    pub erased: u64,
    /// Decisions left out because an action that was asked for, or holding, was not possible, or something else
    /// was chosen.
    pub not_comparable: u64,
    /// Whether the study can take the logged chances as propensities.
    pub chances_known: bool,
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
        self.read_long(caller, move |work| export(work, &ask)).await
    }
}

/// The arm that everything is compared with.
const HOLD: &str = "hold";

/// Chances are computed to 1e-4 and sum to 1 within this.
const CHANCES_SUM: f64 = 0.005;

/// One decision with its outcome.
struct Row {
    action: String,
    /// The chance of each action, holding among them.
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
    let compared = compared(ask)?;
    let mut rows = Vec::new();
    let (mut without_outcome, mut erased, mut not_comparable) = (0, 0, 0);
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
        let action = if is_held { HOLD.to_owned() } else { decision.choice.action.to_string() };
        let Some(chances) = comparable(chances(work, &decision)?, &compared, &decision, &action)
        else {
            not_comparable += 1;
            return Ok(());
        };
        let (unit, attributes) = (format!("u{unit}"), facts.attributes);
        rows.push(Row { action, chances, outcome, unit, attributes });
        Ok(())
    })?;
    if rows.is_empty() {
        let en = format!("no decision has an outcome `{outcome}` within {days} days yet");
        let ja = format!("{days} 日以内に結果 `{outcome}` のある判断が、まだありません。");
        return Err(AppError::Refused { reason: (en, ja).into() });
    }
    let arms = Arms::of(&mut rows, &compared);
    Ok(StudyTable {
        csv: table(&rows, &outcome, &arms)?,
        rows: rows.len() as u64,
        without_outcome,
        erased,
        not_comparable,
        chances_known: arms.are_known,
        command: command(&outcome, &arms),
    })
}

/// The actions that were asked for; none: all.
fn compared(ask: &StudyAsk) -> Result<BTreeSet<String>, AppError> {
    let several = ask.actions.as_deref().unwrap_or_default().split(',').map(str::trim);
    let several = several.filter(|name| !name.is_empty()).map(ActionId::new);
    let one = ask.action.iter().cloned().map(Ok);
    let all = several.chain(one).map(|name| name.map(|name| name.to_string()));
    all.collect::<Result<_, _>>().map_err(|error: IdError| AppError::invalid("actions", &error))
}

/// The chance that each action had, as it was logged; holding, by whatever name, is one of them.
fn chances(
    work: &mut Work<'_, '_>,
    decision: &Decision,
) -> Result<BTreeMap<String, f64>, AppError> {
    let policy = work.policy_of(&decision.policy_fingerprint)?;
    let mut chances = BTreeMap::new();
    for candidate in &decision.candidates {
        let action = policy.action(&candidate.action);
        let is_hold = action.is_some_and(|action| action.kind == ActionKind::Hold);
        let name = if is_hold { HOLD } else { candidate.action.as_str() };
        *chances.entry(name.to_owned()).or_insert(0.0) += candidate.probability;
    }
    Ok(chances)
}

/// Decisions that anything could have come of: a hold that nothing but a gate forced is no comparison.
fn is_wanted(ask: &StudyAsk, decision: &Decision) -> bool {
    let is_in_time = ask.from.is_none_or(|from| decision.at >= from)
        && ask.until.is_none_or(|until| decision.at < until);
    let had_choice = decision.holdout == HoldoutArm::HeldOut
        || decision.candidates.iter().filter(|it| it.probability > 0.0).count() > 1;
    is_in_time && had_choice
}

/// The chances among what is compared, given that it was one of these; `None` if one of them was not possible, or
/// something else was chosen. Of all actions: as they are.
fn comparable(
    chances: BTreeMap<String, f64>,
    compared: &BTreeSet<String>,
    decision: &Decision,
    chosen: &str,
) -> Option<BTreeMap<String, f64>> {
    if compared.is_empty() {
        return Some(chances);
    }
    // What somebody held out would have had is not known well enough to be one of these rows.
    let is_one = chosen == HOLD || compared.contains(chosen);
    if !is_one || decision.holdout == HoldoutArm::HeldOut {
        return None;
    }
    let arms = compared.iter().map(String::as_str).chain([HOLD]);
    let of = |arm: &str| Some((arm.to_owned(), *chances.get(arm).filter(|chance| **chance > 0.0)?));
    arms.map(of).collect()
}

/// What the table compares.
struct Arms {
    /// The only action that is compared with holding: its chance stands in `propensity`.
    only: Option<String>,
    /// Every action with a column of its own.
    columns: BTreeSet<String>,
    /// The actions that were chosen: the arms of the study.
    chosen: BTreeSet<String>,
    /// Whether each arm was possible in every row, so that the logged chances are propensities.
    are_known: bool,
}

impl Arms {
    /// Finds the arms of the rows. Where actions were asked for, each row's chances become those among the arms.
    fn of(rows: &mut [Row], compared: &BTreeSet<String>) -> Self {
        let chosen: BTreeSet<String> = rows.iter().map(|row| row.action.clone()).collect();
        let only = compared.first().filter(|_| compared.len() == 1).cloned();
        if !compared.is_empty() {
            for row in &mut *rows {
                // An action that was never chosen is no arm.
                row.chances.retain(|arm, _| only.is_some() || chosen.contains(arm));
                let sum: f64 = row.chances.values().sum();
                row.chances.values_mut().for_each(|chance| *chance /= sum);
            }
        }
        let is_possible = |row: &Row| {
            let of = |arm: &String| row.chances.get(arm).copied().unwrap_or(0.0);
            let sum: f64 = chosen.iter().map(of).sum();
            chosen.iter().all(|arm| of(arm) > 0.0) && (sum - 1.0).abs() < CHANCES_SUM
        };
        let columns = match &only {
            Some(_) => BTreeSet::new(),
            None => rows.iter().flat_map(|row| row.chances.keys().cloned()).collect(),
        };
        let are_known = chosen.len() > 1 && rows.iter().all(is_possible);
        Self { only, columns, chosen, are_known }
    }
}

fn command(outcome: &str, arms: &Arms) -> String {
    format!(
        "yorisoi study decisions.csv --treatment action --control {HOLD} --outcome {outcome} \
         --cluster household {}",
        propensities(arms)
    )
}

/// How the chances in the table are told to a study: as propensities, or not at all.
fn propensities(arms: &Arms) -> String {
    if arms.only.is_some() {
        return "--propensity propensity".to_owned();
    }
    let is_given = |arm: &&String| arms.are_known && arms.chosen.contains(*arm);
    let (given, left): (Vec<&String>, Vec<&String>) = arms.columns.iter().partition(is_given);
    let left = left.into_iter().map(|arm| chance_column(arm));
    let drop: Vec<String> = std::iter::once("propensity".to_owned()).chain(left).collect();
    let given: Vec<String> =
        given.into_iter().map(|arm| format!("{arm}=@{}", chance_column(arm))).collect();
    let given =
        if given.is_empty() { String::new() } else { format!(" --propensity {}", given.join(",")) };
    format!("--drop {}{given}", drop.join(","))
}

fn chance_column(arm: &str) -> String {
    format!("propensity.{arm}")
}

fn table(rows: &[Row], outcome: &str, arms: &Arms) -> Result<String, AppError> {
    let names: BTreeSet<&String> = rows.iter().flat_map(|row| row.attributes.keys()).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let bad = |error: csv::Error| AppError::Internal { what: error.to_string() };
    let own = ["action", "propensity", outcome, "household"].map(str::to_owned);
    let own: Vec<String> =
        own.into_iter().chain(arms.columns.iter().map(|arm| chance_column(arm))).collect();
    // An attribute of the same name as one of our columns keeps its name with a mark.
    let named = names
        .iter()
        .map(|name| if own.contains(name) { format!("attribute.{name}") } else { (*name).clone() });
    writer.write_record(own.iter().cloned().chain(named)).map_err(bad)?;
    for row in rows {
        // What was no candidate had no chance.
        let chance = |arm: &String| row.chances.get(arm).copied().unwrap_or(0.0).to_string();
        let (own, outcome) =
            (chance(arms.only.as_ref().unwrap_or(&row.action)), row.outcome.to_string());
        let cells = [row.action.clone(), own, outcome, row.unit.clone()];
        let known =
            names.iter().map(|name| row.attributes.get(*name).map_or_else(String::new, cell));
        let record = cells.into_iter().chain(arms.columns.iter().map(chance)).chain(known);
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

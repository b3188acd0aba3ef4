//! What does help change, for each of our clients? Models: registered, shadowed, promoted, and scoring.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi::effects::EffectModel;
use yorisoi_decision::{ActionId, ClientId, EffectFact, EffectSource};
use yorisoi_ledger::{
    Body, Client, ClientQuery, Cursor, ModelCard, ModelFacts, ModelState, Order, Whose,
};

use crate::fit_of_model::{ModelWarning, check_fit, warnings};
use crate::give_effects::score;
use crate::model_files::{effects_of, read_card};
use crate::work::Work;
use crate::{App, AppError, Caller, Right};

/// A model with its history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ModelView {
    /// What it is.
    pub card: ModelCard,
    /// `shadow`, `live`, `past`.
    pub state: String,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it was promoted.
    pub promoted_at: Option<Timestamp>,
    /// Actions of the live policy that it has no effect for.
    pub missing: Vec<ActionId>,
    /// What somebody should know before it decides.
    pub warnings: Vec<ModelWarning>,
}

/// How a model in the shadow compares with what decides now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShadowReport {
    /// Which.
    pub model: String,
    /// Clients scored by it.
    pub clients: u64,
    /// Clients whose features were missing.
    pub incomplete: u64,
    /// Clients whose best action would be another.
    pub different: u64,
    /// Mean effect by action.
    pub mean_effect: BTreeMap<ActionId, f64>,
    /// Mean effect by action, as it decides now.
    pub mean_effect_now: BTreeMap<ActionId, f64>,
}

/// What scoring did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreReport {
    /// Which model.
    pub model: String,
    /// Clients with new effects.
    pub scored: u64,
    /// Clients none of whose features are known: they keep what they had.
    pub incomplete: u64,
}

/// Where it stands which models were shadowed.
const SHADOWED: &str = "model_shadowed";

/// Clients scored in one go: others get their turn in between.
const PAGE: usize = 500;

impl App {
    /// Registers a model file: checks its checksum, structure, features and arms.
    ///
    /// # Errors
    ///
    /// [`AppError::Model`] if the file is damaged, `expected` is not its BLAKE3 hash, none of its arms is an
    /// action of the policy, its control is one, or it takes less of the house's outcome for better.
    pub async fn register_model(
        &self,
        caller: &Caller,
        file: Vec<u8>,
        expected: Option<String>,
    ) -> Result<ModelView, AppError> {
        caller.may(Right::KeepModels)?;
        let (card, model) = read_card(&file, expected.as_deref())?;
        let name = card.model.clone();
        // What the house would refuse is neither written to its disk nor held in its memory.
        let asked = card.clone();
        self.read(caller, move |work| check_fit(work, &asked)).await?;
        self.inner.models.keep(self.settings(), &card, &file, model)?;
        self.write(caller, "model_registered", move |work| {
            check_fit(work, &card)?;
            if !work.books.models()?.iter().any(|known| known.card.model == name) {
                work.append(None, Body::ModelRegistered { card }, None)?;
            }
            view(work, &name)
        })
        .await
    }

    /// Every model, newest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn models(&self, caller: &Caller) -> Result<Vec<ModelView>, AppError> {
        caller.may(Right::KeepModels)?;
        self.read(caller, |work| {
            let known = work.books.models()?;
            known.iter().rev().map(|facts| view_of(work, facts)).collect()
        })
        .await
    }

    /// Scores every client with a model in the shadow, and compares. Nothing changes for anybody.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::Model`].
    pub async fn shadow_model(
        &self,
        caller: &Caller,
        model: &str,
    ) -> Result<ShadowReport, AppError> {
        caller.may(Right::KeepModels)?;
        let name = model.to_owned();
        let asked = name.clone();
        let report = self.read_long(caller, move |work| shadow(work, &asked)).await?;
        if report.clients > 0 {
            self.write(caller, "model_shadowed", move |work| {
                let at = work.now;
                Ok(work.books.note(SHADOWED, &name, &at, None, None)?)
            })
            .await?;
        }
        Ok(report)
    }

    /// A model that was shadowed decides from now on; every client is scored anew.
    ///
    /// # Errors
    ///
    /// [`AppError::Model`] if it was not shadowed; [`AppError::Unknown`].
    pub async fn promote_model(
        &self,
        caller: &Caller,
        model: &str,
    ) -> Result<ScoreReport, AppError> {
        caller.may(Right::KeepModels)?;
        let name = model.to_owned();
        self.write(caller, "model_promoted", move |work| {
            find(work, &name)?;
            if work.books.read_note::<Timestamp>(SHADOWED, &name)?.is_none() {
                let en = "it was not shadowed yet; compare it with what decides now first";
                let ja = "まだ参考として比べていません。先に、いまの判断と比べてください。";
                return Err(AppError::Model { reason: (en, ja).into() });
            }
            work.append(None, Body::ModelPromoted { model: name }, None)?;
            Ok(())
        })
        .await?;
        self.score_clients(caller).await
    }

    /// Scores every client with the model that decides.
    ///
    /// # Errors
    ///
    /// [`AppError::Model`] if none does.
    pub async fn score_clients(&self, caller: &Caller) -> Result<ScoreReport, AppError> {
        caller.may(Right::KeepModels)?;
        let live = self
            .read(caller, |work| {
                let known = work.books.models()?;
                let live = known.into_iter().find(|it| it.state == ModelState::Deciding);
                live.map(|it| it.card.model).ok_or_else(|| AppError::Model {
                    reason: (
                        "no model decides yet; shadow one and promote it",
                        "判断に使うモデルがまだありません。参考として比べてから、判断に使ってください。",
                    )
                        .into(),
                })
            })
            .await?;
        let mut report = ScoreReport { model: live.clone(), scored: 0, incomplete: 0 };
        let mut after = None;
        loop {
            let (name, from) = (live.clone(), after.clone());
            let page = self
                .without_once()
                .write(caller, "scored", move |work| score_page(work, &name, from))
                .await?;
            report.scored += page.scored;
            report.incomplete += page.incomplete;
            after = page.last;
            if after.is_none() {
                return Ok(report);
            }
        }
    }
}

/// What became of one page of clients.
#[derive(Serialize, Deserialize)]
struct Page {
    scored: u64,
    incomplete: u64,
    last: Option<ClientId>,
}

/// A model by its name.
pub(crate) fn find(work: &mut Work<'_, '_>, model: &str) -> Result<ModelFacts, AppError> {
    let known = work.books.models()?.into_iter().find(|it| it.card.model == model);
    known.ok_or_else(|| AppError::unknown("model", model))
}

fn loaded(work: &mut Work<'_, '_>, model: &str) -> Result<(ModelCard, Arc<EffectModel>), AppError> {
    let card = find(work, model)?.card;
    let file = work.app.inner.models.load(work.app.settings(), &card)?;
    Ok((card, file))
}

fn view(work: &mut Work<'_, '_>, model: &str) -> Result<ModelView, AppError> {
    let facts = find(work, model)?;
    view_of(work, &facts)
}

/// A model as it is shown.
pub(crate) fn view_of(work: &mut Work<'_, '_>, facts: &ModelFacts) -> Result<ModelView, AppError> {
    let policy = work.policy()?;
    let arms = &facts.card.arms;
    let missing = policy
        .policy()
        .actions
        .iter()
        .filter(|action| action.is_solicitation())
        .filter(|action| !arms.iter().any(|arm| arm == action.id.as_str()))
        .map(|action| action.id.clone())
        .collect();
    let state = match facts.state {
        ModelState::Shadow => "shadow",
        ModelState::Deciding => "live",
        ModelState::Retired => "past",
    };
    Ok(ModelView {
        card: facts.card.clone(),
        state: state.to_owned(),
        registered_at: facts.registered_at,
        promoted_at: facts.promoted_at,
        missing,
        warnings: warnings(work, &facts.card)?,
    })
}

fn page_of(work: &mut Work<'_, '_>, after: Option<ClientId>) -> Result<Vec<Client>, AppError> {
    let after = after.map(|client| Cursor { client, worth_minor: 0.0 });
    let query = ClientQuery { whose: Whose::Everybody, order: Order::Id, after, limit: PAGE };
    Ok(work.books.clients(&query)?)
}

fn score_page(
    work: &mut Work<'_, '_>,
    model: &str,
    after: Option<ClientId>,
) -> Result<Page, AppError> {
    let (card, file) = loaded(work, model)?;
    let clients = page_of(work, after)?;
    let effects = effects_of(&file, &clients)?;
    let mut page = Page { scored: 0, incomplete: 0, last: None };
    for (client, effects) in clients.iter().zip(effects) {
        match effects {
            Some(effects) => {
                let source = EffectSource::Model { model: card.model.clone() };
                score(work, &client.facts, (source, effects))?;
                page.scored += 1;
            }
            None => page.incomplete += 1,
        }
    }
    page.last = clients.last().filter(|_| clients.len() == PAGE).map(|it| it.facts.client.clone());
    Ok(page)
}

/// Running means by action.
#[derive(Default)]
struct Means {
    by_action: BTreeMap<ActionId, (f64, f64)>,
}

impl Means {
    fn add(&mut self, effects: &BTreeMap<ActionId, EffectFact>) {
        for (action, effect) in effects {
            let known = self.by_action.entry(action.clone()).or_default();
            *known = (known.0 + 1.0, known.1 + effect.benefit);
        }
    }

    fn means(self) -> BTreeMap<ActionId, f64> {
        self.by_action.into_iter().map(|(action, (n, sum))| (action, sum / n)).collect()
    }
}

fn shadow(work: &mut Work<'_, '_>, model: &str) -> Result<ShadowReport, AppError> {
    let (_, file) = loaded(work, model)?;
    let (mut clients, mut incomplete, mut different) = (0, 0, 0);
    let (mut then, mut now) = (Means::default(), Means::default());
    let mut after = None;
    loop {
        let page = page_of(work, after.take())?;
        for (client, effects) in page.iter().zip(effects_of(&file, &page)?) {
            let Some(effects) = effects else {
                incomplete += 1;
                continue;
            };
            clients += 1;
            different += u64::from(best(&effects) != best(&client.facts.effects));
            then.add(&effects);
            now.add(&client.facts.effects);
        }
        match page.last() {
            Some(last) if page.len() == PAGE => after = Some(last.facts.client.clone()),
            _ => break,
        }
    }
    Ok(ShadowReport {
        model: model.to_owned(),
        clients,
        incomplete,
        different,
        mean_effect: then.means(),
        mean_effect_now: now.means(),
    })
}

fn best(effects: &BTreeMap<ActionId, EffectFact>) -> Option<&ActionId> {
    effects.iter().max_by(|a, b| a.1.benefit.total_cmp(&b.1.benefit)).map(|(action, _)| action)
}

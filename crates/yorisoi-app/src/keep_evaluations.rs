//! How was a model judged before it was let in? Its study's summary, kept beside its file.

use serde::{Deserialize, Serialize};
use yorisoi::summary::Summary;
use yorisoi_ledger::{ModelCard, ModelState};

use crate::keep_models::{ModelView, find, view_of};
use crate::model_files::read_card;
use crate::work::Work;
use crate::{App, AppError, Caller, Right};

/// The model that decides, and how it was judged.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveModel {
    /// Which.
    pub model: ModelView,
    /// What is known of its quality.
    pub evaluation: Evaluation,
}

/// What is known of a model's quality.
#[derive(Debug, Clone, PartialEq)]
pub enum Evaluation {
    /// It was registered without its evaluation.
    Missing,
    /// The summary of the study it comes from.
    Kept(Box<Summary>),
    /// There was one, and it cannot be read any more, or is not the one that was registered.
    Lost {
        /// What is wrong with it.
        why: String,
    },
}

/// Where it stands which summary belongs to a model, by its hash.
const EVALUATED: &str = "model_evaluated";

/// Which summary belongs to a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Evaluated {
    hash: String,
}

impl App {
    /// Registers a model together with the summary of the study it comes from.
    ///
    /// # Errors
    ///
    /// As [`App::register_model`]; [`AppError::Model`] if the summary is about other arms or other features.
    pub async fn register_study(
        &self,
        caller: &Caller,
        file: Vec<u8>,
        summary: Summary,
    ) -> Result<ModelView, AppError> {
        caller.may(Right::KeepModels)?;
        let (card, _) = read_card(&file, None)?;
        check_same(&card, &summary)?;
        let view = self.register_model(caller, file, Some(card.model.clone())).await?;
        let text = serde_json::to_vec(&summary)
            .map_err(|error| AppError::Internal { what: error.to_string() })?;
        let hash = blake3::hash(&text).to_hex().to_string();
        self.inner.models.keep_summary(self.settings(), &card, text)?;
        self.without_once()
            .write(caller, "model_evaluated", move |work| {
                Ok(work.books.note(EVALUATED, &card.model, &Evaluated { hash }, None, None)?)
            })
            .await?;
        Ok(view)
    }

    /// Returns the model that decides, with its evaluation; `None` if none does.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn live_model(&self, caller: &Caller) -> Result<Option<LiveModel>, AppError> {
        caller.may(Right::ReadProof)?;
        self.read(caller, live_model).await
    }
}

/// A summary says nothing of a model with other arms or features.
fn check_same(card: &ModelCard, summary: &Summary) -> Result<(), AppError> {
    let arms = summary.arms.iter().map(|arm| arm.arm.as_str());
    let is_same =
        arms.eq(card.arms.iter().map(String::as_str)) && summary.data.features == card.features;
    if is_same {
        return Ok(());
    }
    let en =
        "the summary is about other arms or features than the model; give both files of one study";
    let ja = "この summary.json はモデルと別の群や特徴量についてのものです。同じ調べものの 2 つのファイルを選んでください。";
    Err(AppError::Model { reason: (en, ja).into() })
}

fn live_model(work: &mut Work<'_, '_>) -> Result<Option<LiveModel>, AppError> {
    let known = work.books.models()?.into_iter().find(|it| it.state == ModelState::Deciding);
    let Some(facts) = known else { return Ok(None) };
    let facts = find(work, &facts.card.model)?;
    let model = view_of(work, &facts)?;
    let evaluation = match work.books.read_note::<Evaluated>(EVALUATED, &facts.card.model)? {
        None => Evaluation::Missing,
        Some(known) => read_summary(work, &facts.card, &known),
    };
    Ok(Some(LiveModel { model, evaluation }))
}

fn read_summary(work: &Work<'_, '_>, card: &ModelCard, known: &Evaluated) -> Evaluation {
    let text = match work.app.inner.models.load_summary(work.app.settings(), card) {
        Ok(text) => text,
        Err(why) => return Evaluation::Lost { why },
    };
    if blake3::hash(&text).to_hex().as_str() != known.hash {
        return Evaluation::Lost { why: "it is not the one that was registered".to_owned() };
    }
    match serde_json::from_slice(&text) {
        Ok(summary) => Evaluation::Kept(Box::new(summary)),
        Err(error) => Evaluation::Lost { why: error.to_string() },
    }
}

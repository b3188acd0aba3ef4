//! Where are the models, and what do they say of clients? Files by their hash, and attributes as a table.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use yorisoi::data::{Better, Column, FeatureKind, MISSING_CODE, Silent, Table, Values};
use yorisoi::effects::EffectModel;
use yorisoi::japanese::InJapanese as _;
use yorisoi_decision::{ActionId, Attribute, EffectFact};
use yorisoi_ledger::{Client, ModelCard, ModelOrigin};

use crate::settings::Settings;
use crate::{AppError, Reason};

/// The models in use. A file is opened once.
#[derive(Default)]
pub(crate) struct ModelFiles {
    open: Mutex<HashMap<String, Arc<EffectModel>>>,
    /// Summaries of houses without a folder.
    summaries: Mutex<HashMap<String, Vec<u8>>>,
}

/// Reads a model file: its checksum, its structure, what it asks for and what it answers.
pub(crate) fn read_card(
    file: &[u8],
    expected: Option<&str>,
) -> Result<(ModelCard, EffectModel), AppError> {
    let hash = blake3::hash(file).to_hex().to_string();
    if let Some(expected) = expected.filter(|expected| *expected != hash) {
        let en = format!("its hash is `{hash}`, not `{expected}`; send the file again");
        let ja = format!(
            "ハッシュが `{expected}` ではなく `{hash}` です。もう一度ファイルを送ってください。"
        );
        return Err(AppError::Model { reason: (en, ja).into() });
    }
    let model = EffectModel::from_bytes(file).map_err(|error| {
        let en = format!("{error}; {}", error.hint());
        AppError::Model { reason: (en, format!("{}。", error.japanese())).into() }
    })?;
    if model.is_dose() {
        let en = "it is about an amount and not about actions; fit one with arms";
        let ja = "量についてのモデルで、働きかけについてのものではありません。群を比べて学習し直してください。";
        return Err(AppError::Model { reason: (en, ja).into() });
    }
    let origin = model.origin();
    let card = ModelCard {
        file: format!("models/{hash}.yorisoi"),
        model: hash,
        data_fingerprint: origin.fingerprint.clone(),
        features: model.binner().names.clone(),
        arms: model.arm_names().to_vec(),
        origin: Some(ModelOrigin {
            treatment: origin.treatment.clone(),
            outcome: origin.outcome.clone(),
            less_is_better: origin.better == Better::Less,
        }),
    };
    Ok((card, model))
}

impl ModelFiles {
    /// Keeps a model, in the folder if there is one.
    pub(crate) fn keep(
        &self,
        settings: &Settings,
        card: &ModelCard,
        file: &[u8],
        model: EffectModel,
    ) -> Result<(), AppError> {
        if let Some(path) = path_of(settings, card) {
            write_whole(&path, file)?;
        }
        self.open().insert(card.model.clone(), Arc::new(model));
        Ok(())
    }

    /// A model, from memory or from its file, which must be the one that was registered.
    #[expect(clippy::disallowed_methods, reason = "layers above 7 keep files")]
    pub(crate) fn load(
        &self,
        settings: &Settings,
        card: &ModelCard,
    ) -> Result<Arc<EffectModel>, AppError> {
        if let Some(known) = self.open().get(&card.model) {
            return Ok(Arc::clone(known));
        }
        let lost = |why: String, ja: &str| {
            let (en, ja) =
                (format!("{why}; register it again"), format!("{ja}登録し直してください。"));
            AppError::Model { reason: (en, ja).into() }
        };
        let path = path_of(settings, card)
            .ok_or_else(|| lost("its file is gone".to_owned(), "ファイルがなくなっています。"))?;
        let file = std::fs::read(&path).map_err(|error| {
            let why = format!("`{}` cannot be read: {error}", path.display());
            lost(why, "ファイルを読み取れません。")
        })?;
        let (_, model) = read_card(&file, Some(&card.model))?;
        let model = Arc::new(model);
        self.open().insert(card.model.clone(), Arc::clone(&model));
        Ok(model)
    }

    /// Keeps the summary of a model's study beside it, in the folder if there is one.
    pub(crate) fn keep_summary(
        &self,
        settings: &Settings,
        card: &ModelCard,
        text: Vec<u8>,
    ) -> Result<(), AppError> {
        if let Some(path) = summary_path(settings, card) {
            return write_whole(&path, &text);
        }
        self.summaries().insert(card.model.clone(), text);
        Ok(())
    }

    /// The summary of a model's study as it was kept, or why it cannot be read.
    #[expect(clippy::disallowed_methods, reason = "layers above 7 keep files")]
    pub(crate) fn load_summary(
        &self,
        settings: &Settings,
        card: &ModelCard,
    ) -> Result<Vec<u8>, String> {
        match summary_path(settings, card) {
            Some(path) => std::fs::read(&path)
                .map_err(|error| format!("`{}` cannot be read: {error}", path.display())),
            None => self.summaries().get(&card.model).cloned().ok_or_else(|| {
                "it was kept in memory only, and the program has started anew since".to_owned()
            }),
        }
    }

    fn summaries(&self) -> MutexGuard<'_, HashMap<String, Vec<u8>>> {
        self.summaries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> MutexGuard<'_, HashMap<String, Arc<EffectModel>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn path_of(settings: &Settings, card: &ModelCard) -> Option<PathBuf> {
    settings.folder.as_ref().map(|folder| folder.join(&card.file))
}

fn summary_path(settings: &Settings, card: &ModelCard) -> Option<PathBuf> {
    path_of(settings, card).map(|path| path.with_extension("summary.json"))
}

/// Writes a file under a name that only the whole of it ever gets.
#[expect(clippy::disallowed_methods, reason = "layers above 7 keep files")]
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    let failed = |error: std::io::Error| AppError::Unavailable {
        why: format!("`{}` cannot be written: {error}", path.display()),
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let part = path.with_extension("part");
    std::fs::write(&part, bytes).map_err(failed)?;
    std::fs::rename(&part, path).map_err(failed)
}

/// The effects of each client; `None` where none of the model's features is known.
pub(crate) fn effects_of(
    model: &EffectModel,
    clients: &[Client],
) -> Result<Vec<Option<BTreeMap<ActionId, EffectFact>>>, AppError> {
    if clients.is_empty() {
        return Ok(Vec::new());
    }
    let binner = model.binner();
    let columns = binner
        .names
        .iter()
        .zip(binner.kinds())
        .map(|(name, kind)| Column { name: name.clone(), values: values_of(clients, name, kind) });
    let unusable = |reason: Reason| AppError::Model { reason };
    let table = Table::new(columns.collect()).ok_or_else(|| {
        unusable(("two of its features have one name", "同じ名前の特徴量が 2 つあります。").into())
    })?;
    let rows =
        yorisoi::score(model, &table, &Silent).map_err(|error| unusable(Reason::of(&error)))?;
    let actions: Vec<ActionId> = rows.arms.iter().map(ActionId::new).collect::<Result<_, _>>()?;
    let of_client = |(row, client): (usize, &Client)| {
        let is_known = binner.names.iter().any(|name| client.facts.attributes.contains_key(name));
        is_known.then(|| {
            let arms = actions.iter().zip(&rows.effects.arms);
            arms.filter_map(|(action, arm)| {
                let (benefit, low, high) = (arm.tau_hat[row], arm.low[row], arm.high[row]);
                // What the model does not know of this client is no effect: what the house believes stands.
                let is_known = benefit.is_finite() && low.is_finite() && high.is_finite();
                is_known.then(|| (action.clone(), EffectFact { benefit, low, high }))
            })
            .collect()
        })
    };
    Ok(clients.iter().enumerate().map(of_client).collect())
}

/// One feature of all clients, in the kind the model learned it in; what does not fit is missing.
fn values_of(clients: &[Client], name: &str, kind: FeatureKind) -> Values {
    let known = clients.iter().map(|client| client.facts.attributes.get(name));
    match kind {
        FeatureKind::Ordered { .. } => Values::Numeric(
            known
                .map(|value| match value {
                    Some(Attribute::Number(number)) => *number,
                    Some(Attribute::Flag(flag)) => f64::from(u8::from(*flag)),
                    Some(Attribute::Text(text)) => text.parse().unwrap_or(f64::NAN),
                    None => f64::NAN,
                })
                .collect(),
        ),
        FeatureKind::Category { .. } => {
            let (mut levels, mut by_text) = (Vec::new(), HashMap::new());
            let codes = known
                .map(|value| {
                    let text = match value {
                        Some(Attribute::Text(text)) => text.clone(),
                        Some(Attribute::Flag(flag)) => flag.to_string(),
                        Some(Attribute::Number(number)) => number.to_string(),
                        None => return MISSING_CODE,
                    };
                    *by_text.entry(text).or_insert_with_key(|text: &String| {
                        levels.push(text.clone());
                        levels.len() as u32 - 1
                    })
                })
                .collect();
            Values::Category { codes, levels }
        }
    }
}

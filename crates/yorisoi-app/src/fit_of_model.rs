//! Does a model speak of this house? Its actions, its outcome and which way is better, its features.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionKind, Words};
use yorisoi_ledger::{ClientQuery, ModelCard, Order, Whose};

use crate::AppError;
use crate::headline::words;
use crate::work::Work;

/// Something about a model that stops nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ModelWarning {
    /// Stable code, such as `model.unknown_features`.
    pub code: String,
    /// In words.
    pub words: Words,
}

/// Clients whose attributes are looked at: a feature that none of so many has is most likely called otherwise.
const LOOKED_AT: usize = 500;

/// Refuses a model whose numbers would mean something else here than where they were learned.
///
/// # Errors
///
/// [`AppError::Model`] that says what is wrong and what helps.
pub(crate) fn check_fit(work: &mut Work<'_, '_>, card: &ModelCard) -> Result<(), AppError> {
    let policy = work.policy()?;
    let action = |arm: &str| policy.policy().actions.iter().find(|it| it.id.as_str() == arm);
    let refuse = |en: String, ja: String| Err(AppError::Model { reason: (en, ja).into() });
    let [control, arms @ ..] = card.arms.as_slice() else {
        return refuse("it has no arms".to_owned(), "群がありません。".to_owned());
    };
    // A model that knows none of the house's actions would score nobody.
    if !arms.iter().any(|arm| action(arm).is_some()) {
        let arms = arms.join(", ");
        return refuse(
            format!("none of its arms ({arms}) is an action of the policy; name arms like actions"),
            format!(
                "群 `{arms}` は、どれも方針の働きかけではありません。働きかけと同じ名前にしてください。"
            ),
        );
    }
    // The house weighs every action against holding, and so must its effects.
    if action(control).is_some_and(|action| action.kind != ActionKind::Hold) {
        return refuse(
            format!(
                "its effects are against `{control}`, which is an action and not holding; learn it again with \
                 `--control` set to the arm of those who were left in peace"
            ),
            format!(
                "効果が `{control}` との比較ですが、これは見守りではなく働きかけです。`--control` に見守りの群を\
                 指定して学習し直してください。"
            ),
        );
    }
    let own = &work.app.settings().outcome;
    match &card.origin {
        Some(origin) if origin.less_is_better && origin.outcome == *own => refuse(
            format!(
                "it was learned as if less of `{own}` were better, and the house counts more of it as better; learn \
                 it again without `--lower-is-better`"
            ),
            format!(
                "`{own}` が少ないほど良いものとして学習されていますが、当方では多いほど良いと数えます。\
                 `--lower-is-better` なしで学習し直してください。"
            ),
        ),
        _ => Ok(()),
    }
}

/// What somebody should know of a model before it decides.
pub(crate) fn warnings(
    work: &mut Work<'_, '_>,
    card: &ModelCard,
) -> Result<Vec<ModelWarning>, AppError> {
    let found =
        [unknown_arms(work, card)?, other_outcome(work, card), unknown_features(work, card)?];
    Ok(found.into_iter().flatten().collect())
}

fn warning(code: &str, en: String, ja: String) -> ModelWarning {
    ModelWarning { code: code.to_owned(), words: words(en, ja) }
}

fn unknown_arms(
    work: &mut Work<'_, '_>,
    card: &ModelCard,
) -> Result<Option<ModelWarning>, AppError> {
    let policy = work.policy()?;
    let is_known = |arm: &&String| policy.policy().actions.iter().any(|it| it.id.as_str() == *arm);
    let unknown: Vec<&str> =
        card.arms.iter().skip(1).filter(|arm| !is_known(arm)).map(String::as_str).collect();
    let names = unknown.join(", ");
    Ok((!unknown.is_empty()).then(|| {
        warning(
            "model.unknown_arms",
            format!("it has effects of {names}, which the policy does not know; they are not used"),
            format!("方針にない働きかけ（{names}）の効果が含まれています。これらは使われません"),
        )
    }))
}

fn other_outcome(work: &Work<'_, '_>, card: &ModelCard) -> Option<ModelWarning> {
    let own = &work.app.settings().outcome;
    let learned = &card.origin.as_ref()?.outcome;
    (learned != own && !learned.is_empty()).then(|| {
        warning(
            "model.other_outcome",
            format!(
                "it learned what help changes of `{learned}`, and the house judges by `{own}`; see that one unit of \
                 either is worth the same"
            ),
            format!(
                "このモデルは「{learned}」の変化を学習しましたが、当方の結果は「{own}」です。1 単位の価値が同じか\
                 ご確認ください"
            ),
        )
    })
}

fn unknown_features(
    work: &mut Work<'_, '_>,
    card: &ModelCard,
) -> Result<Option<ModelWarning>, AppError> {
    let query =
        ClientQuery { whose: Whose::Everybody, order: Order::Id, after: None, limit: LOOKED_AT };
    let clients = work.books.clients(&query)?;
    if clients.is_empty() {
        return Ok(None);
    }
    let known: BTreeSet<&String> =
        clients.iter().flat_map(|client| client.facts.attributes.keys()).collect();
    let unknown: Vec<&str> =
        card.features.iter().filter(|it| !known.contains(it)).map(String::as_str).collect();
    let (names, n) = (unknown.join(", "), clients.len());
    Ok((!unknown.is_empty()).then(|| {
        warning(
            "model.unknown_features",
            format!(
                "it asks for {names}, which none of {n} clients has; it takes them for missing"
            ),
            format!(
                "{n} 人のどなたにも記録のない項目（{names}）を使うモデルです。欠損として扱います"
            ),
        )
    }))
}

//! `model.yorisoi`: a fitted model as a file.

use std::path::Path;

use yorisoi::effects::EffectModel;

use crate::failure::Failure;
use crate::input;

/// Reads a model.
///
/// # Errors
///
/// A [`Failure`] of the input kind for a file that is no model, was cut off or changed.
pub(crate) fn read(path: &Path) -> Result<EffectModel, Failure> {
    let bytes = input::bytes(path)?;
    EffectModel::from_bytes(&bytes)
        .map_err(|error| Failure::from(error).in_file(&input::name_of(path)))
}

//! The model file: one header, one body, nothing that runs.
//!
//! | bytes | what |
//! |---|---|
//! | 0..8 | `YORISOI` and a zero byte |
//! | 8..12 | format version, `u32` little-endian |
//! | 12..20 | length of the body, `u64` little-endian |
//! | 20..52 | BLAKE3 hash of the body |
//! | 52.. | the body: [`EffectModel`] in the postcard wire format, fields in order of declaration |
//!
//! Integers and floats of the body have one encoding on every machine, and prediction adds them in one
//! order, so the same file gives the same bytes everywhere. Opening checks the hash first and then the
//! structure: a file that opens can be asked anything without a panic.

use crate::{EffectModel, contrast::Contrast, model::KnownPropensity};

/// The version this library writes, and the only one it reads.
pub const FORMAT_VERSION: u32 = 5;

const MAGIC: &[u8; 8] = b"YORISOI\0";
const HEADER: usize = 52;
/// Moments of a causal forest: `W, Y, W², WY`.
const MOMENTS: usize = 4;

/// Why bytes are not a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The bytes do not begin like a model file.
    #[error("this is not a yorisoi model: it does not begin with `YORISOI`")]
    NotAModel,
    /// Another version of the format.
    #[error("the model has format {actual}, this program reads format {expected}")]
    Version {
        /// Version in the file.
        actual: u32,
        /// Version read here.
        expected: u32,
    },
    /// Bytes are missing or left over.
    #[error(
        "the model's body has {actual} bytes, its header says {expected}: the file is cut short or has more behind it"
    )]
    Length {
        /// Bytes there.
        actual: u64,
        /// Bytes announced.
        expected: u64,
    },
    /// The body is not what was written.
    #[error("the model's checksum does not match: at least one byte was changed")]
    Checksum,
    /// The body decodes to nothing that could be asked.
    #[error("the model's body makes no sense: {what}")]
    Unsound {
        /// The part at fault.
        what: &'static str,
    },
}

impl ModelError {
    /// Returns a stable code, such as `model.checksum`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAModel => "model.not_a_model",
            Self::Version { .. } => "model.version",
            Self::Length { .. } => "model.length",
            Self::Checksum => "model.checksum",
            Self::Unsound { .. } => "model.unsound",
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotAModel => {
                "give a file written by `yorisoi study` or `yorisoi fit`, such as model.yorisoi"
            }
            Self::Version { .. } => "fit the model again with this version of yorisoi",
            _ => "copy the file again from where it was written, or fit the model again",
        }
    }
}

impl EffectModel {
    /// Returns the model as the bytes of a model file.
    ///
    /// # Panics
    ///
    /// Never: every field of a model has an encoding.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; HEADER];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        let mut bytes = postcard::to_extend(self, bytes).expect("growing a vector cannot fail");
        let (header, body) = bytes.split_at_mut(HEADER);
        header[12..20].copy_from_slice(&(body.len() as u64).to_le_bytes());
        header[20..].copy_from_slice(blake3::hash(body).as_bytes());
        bytes
    }

    /// Opens a model file.
    ///
    /// # Errors
    ///
    /// A [`ModelError`] for anything but the bytes of [`Self::to_bytes`], whole and unchanged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let Some((header, body)) = bytes.split_at_checked(HEADER) else {
            return Err(ModelError::NotAModel);
        };
        if &header[..8] != MAGIC {
            return Err(ModelError::NotAModel);
        }
        let actual = header[8..12].iter().rev().fold(0, |sum, &byte| sum << 8 | u32::from(byte));
        if actual != FORMAT_VERSION {
            return Err(ModelError::Version { actual, expected: FORMAT_VERSION });
        }
        let expected = header[12..20].iter().rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        if expected != body.len() as u64 {
            return Err(ModelError::Length { actual: body.len() as u64, expected });
        }
        if blake3::hash(body).as_bytes() != &header[20..] {
            return Err(ModelError::Checksum);
        }
        let (model, rest): (Self, &[u8]) = postcard::take_from_bytes(body)
            .map_err(|_| ModelError::Unsound { what: "it does not decode" })?;
        if !rest.is_empty() {
            return Err(ModelError::Unsound { what: "bytes are left over" });
        }
        model.check()?;
        Ok(model)
    }

    fn check(&self) -> Result<(), ModelError> {
        let n_features = self.binner.names.len();
        let ensure =
            |holds: bool, what| if holds { Ok(()) } else { Err(ModelError::Unsound { what }) };
        ensure(self.binner.is_sound(), "the features' bins")?;
        ensure(!self.contrasts.is_empty(), "the arms")?;
        ensure(self.arm_names.len() == self.contrasts.len() + 1, "the arms' names")?;
        let is_sound = |contrast: &Contrast| {
            contrast.forest.is_sound(n_features, MOMENTS)
                && contrast.spread.is_sound()
                && contrast.nuisances.is_sound(n_features)
        };
        ensure(self.contrasts.iter().all(is_sound), "a forest")?;
        ensure(
            self.overall.as_ref().is_none_or(|models| models.is_sound(n_features)),
            "the outcome's model",
        )?;
        let is_known_sound = match &self.known {
            KnownPropensity::Constant(e) => {
                e.len() == self.arm_names.len() && e.iter().all(|&e| e > 0.0 && e < 1.0)
            }
            _ => true,
        };
        ensure(is_known_sound, "the known propensities")
    }
}

//! How are forests that have no model file of their own kept? One header, one body, nothing that runs.
//!
//! | bytes | what |
//! |---|---|
//! | 0..8 | `YORIPY` , the kind of content, and a zero byte |
//! | 8..12 | format version, `u32` little-endian |
//! | 12..44 | BLAKE3 hash of the body |
//! | 44.. | the body in the postcard wire format |

use pyo3::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::errors::{Fault, Outcome};

const HEADER: usize = 44;

/// What is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What a forest says of its own rows.
    Evidence,
    /// A regression forest.
    Mean,
    /// A probability forest.
    Class,
    /// An instrumental forest.
    Instrument,
}

impl Kind {
    /// The version written, and the only one read.
    fn version(self) -> u32 {
        match self {
            // 2: amounts and instruments. 3: what intervals lie around, baselines without a line.
            Self::Evidence => 3,
            // 2: the mean that the forest stands on; how nuisances are learned.
            Self::Mean | Self::Instrument => 2,
            Self::Class => 1,
        }
    }

    fn magic(self) -> &'static [u8; 8] {
        match self {
            Self::Evidence => b"YORIPYE\0",
            Self::Mean => b"YORIPYM\0",
            Self::Class => b"YORIPYC\0",
            Self::Instrument => b"YORIPYI\0",
        }
    }
}

/// Returns content with its header.
///
/// # Errors
///
/// None for the plain columns and trees that are stored here.
pub(crate) fn seal(kind: Kind, content: &impl Serialize) -> Outcome<Vec<u8>> {
    let mut bytes = vec![0; HEADER];
    bytes[..8].copy_from_slice(kind.magic());
    bytes[8..12].copy_from_slice(&kind.version().to_le_bytes());
    let mut bytes = postcard::to_extend(content, bytes)
        .map_err(|error| Fault::argument(format!("cannot be stored: {error}")))?;
    let hash = blake3::hash(&bytes[HEADER..]);
    bytes[12..HEADER].copy_from_slice(hash.as_bytes());
    Ok(bytes)
}

/// Content that can be asked, wherever it comes from: the checksum keeps accidents out, not intent, since
/// whoever changes the body can write it anew.
pub(crate) trait Sound {
    /// Returns whether nothing that is asked of it can panic or loop.
    fn is_sound(&self) -> bool;
}

/// Opens what [`seal`] has closed.
///
/// # Errors
///
/// A [`Fault`] for other bytes, another version, a changed byte, or content that cannot be asked.
pub(crate) fn open<T: DeserializeOwned + Sound>(kind: Kind, bytes: &[u8]) -> Outcome<T> {
    let refuse = |message: &str, code| Fault {
        code,
        hint: "copy the file again from where it was written, or fit again".to_owned(),
        ..Fault::argument(message)
    };
    let header = bytes.get(..HEADER).filter(|header| &header[..8] == kind.magic());
    let Some(header) = header else {
        return Err(refuse("this is not what `save` wrote for such a forest", "model.not_a_model"));
    };
    if header[8..12] != kind.version().to_le_bytes() {
        let message = "it was saved by another version; fit again with this one";
        return Err(refuse(message, "model.version"));
    }
    if blake3::hash(&bytes[HEADER..]).as_bytes() != &header[12..] {
        return Err(refuse(
            "the checksum does not match: bytes were changed or lost",
            "model.checksum",
        ));
    }
    let content: Option<T> = postcard::from_bytes(&bytes[HEADER..]).ok();
    content
        .filter(Sound::is_sound)
        .ok_or_else(|| refuse("the content makes no sense", "model.unsound"))
}

/// Returns plain data as JSON.
///
/// # Errors
///
/// None for what is passed here: numbers that are not finite become `null`.
pub(crate) fn json(data: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(data).map_err(|error| Fault::argument(error.to_string()).into())
}

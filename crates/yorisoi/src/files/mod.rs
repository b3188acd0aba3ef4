//! What does a study leave behind? The files of its rows and its summary, the same from every interface.
//!
//! They are written to whatever takes bytes. Where files lie and how they appear whole or not at all is for
//! whoever opens them.

mod effects;
mod plan;

pub use effects::{EFFECT_COLUMNS, write_effects};
pub use plan::{csv_field, write_plan};

/// Returns a result, such as a summary, as `summary.json` has it: indented, ending in a line end.
///
/// # Errors
///
/// What JSON cannot say.
pub fn json(result: &impl serde::Serialize) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(result)?;
    bytes.push(b'\n');
    Ok(bytes)
}

//! Where does a finished study lie, so that it is there after a restart? In a folder each, or in memory.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use yorisoi::summary::Summary;
use yorisoi_app::AppError;

use crate::lang::Text;

/// What a study found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) is_proven: bool,
    pub(crate) verdict: Text,
    kept: Kept,
}

/// Where its parts are.
#[derive(Debug)]
enum Kept {
    Here { summary: Box<Summary>, model: Vec<u8> },
    Folder(PathBuf),
}

/// How a study ended, or that it has not.
#[derive(Debug)]
pub(crate) enum Ending {
    Done(Found),
    Failed(Text),
}

/// What is written before a study begins: if nothing else is there, it was broken off.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    name: String,
}

/// Why it could not be done, in both languages.
#[derive(Debug, Serialize, Deserialize)]
struct Failed {
    en: String,
    ja: String,
}

const ASKED: &str = "asked.json";
const SUMMARY: &str = "summary.json";
const MODEL: &str = "model.yorisoi";
const FAILED: &str = "failed.json";

impl Found {
    /// A study's result, kept in its folder if there is one.
    pub(crate) fn keep(
        folder: Option<&Path>,
        summary: Summary,
        model: Vec<u8>,
    ) -> Result<Self, AppError> {
        let (is_proven, verdict) = told(&summary);
        let Some(folder) = folder else {
            let kept = Kept::Here { summary: Box::new(summary), model };
            return Ok(Self { is_proven, verdict, kept });
        };
        write(folder, MODEL, &model)?;
        // The summary comes last: where it is, all is.
        write(folder, SUMMARY, &to_json(&summary)?)?;
        Ok(Self { is_proven, verdict, kept: Kept::Folder(folder.to_owned()) })
    }

    /// The summary.
    pub(crate) fn summary(&self) -> Result<Summary, AppError> {
        match &self.kept {
            Kept::Here { summary, .. } => Ok(Summary::clone(summary)),
            Kept::Folder(folder) => from_json(folder, SUMMARY),
        }
    }

    /// The model file.
    pub(crate) fn model(&self) -> Result<Vec<u8>, AppError> {
        match &self.kept {
            Kept::Here { model, .. } => Ok(model.clone()),
            Kept::Folder(folder) => read(folder, MODEL),
        }
    }

    /// The report, as one page.
    pub(crate) fn report(&self) -> Result<String, AppError> {
        yorisoi_report::render(&self.summary()?)
            .map_err(|error| AppError::Internal { what: error.to_string() })
    }
}

fn told(summary: &Summary) -> (bool, Text) {
    let verdict = &summary.verdict;
    (verdict.proven, Text::new(quoted(&verdict.en), verdict.ja.clone()))
}

/// A terminal sets names between backticks, a page between quotation marks.
fn quoted(en: &str) -> String {
    let parts = en.split('`').enumerate();
    parts.map(|(i, part)| if i % 2 == 1 { format!("“{part}”") } else { part.to_owned() }).collect()
}

/// Notes that a study was asked for.
pub(crate) fn begin(folder: &Path, name: &str) -> Result<(), AppError> {
    write(folder, ASKED, &to_json(&Asked { name: name.to_owned() })?)
}

/// Notes why a study could not be done.
pub(crate) fn fail(folder: &Path, why: &Text) -> Result<(), AppError> {
    let failed = Failed { en: why.en.to_string(), ja: why.ja.to_string() };
    write(folder, FAILED, &to_json(&failed)?)
}

/// The studies of a folder, with their numbers, names and endings, the oldest first. What cannot be read is
/// left where it is and not listed.
pub(crate) fn all(root: &Path) -> Vec<(u64, String, Ending)> {
    let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
    let numbered = entries.flatten().filter_map(|entry| {
        let id: u64 = entry.file_name().to_str()?.parse().ok()?;
        let folder = entry.path();
        let asked: Asked = from_json(&folder, ASKED).ok()?;
        Some((id, asked.name, ending(&folder)))
    });
    let mut studies: Vec<_> = numbered.collect();
    studies.sort_by_key(|(id, ..)| *id);
    studies
}

fn ending(folder: &Path) -> Ending {
    if let Ok(summary) = from_json::<Summary>(folder, SUMMARY) {
        let (is_proven, verdict) = told(&summary);
        return Ending::Done(Found { is_proven, verdict, kept: Kept::Folder(folder.to_owned()) });
    }
    match from_json::<Failed>(folder, FAILED) {
        Ok(failed) => Ending::Failed(Text::new(failed.en, failed.ja)),
        Err(_) => Ending::Failed(crate::words::studies::BROKEN_OFF.clone()),
    }
}

/// Forgets a study for good.
pub(crate) fn forget(folder: &Path) {
    // A folder that stays behind is listed again after a restart, and forgotten then.
    drop(std::fs::remove_dir_all(folder));
}

fn to_json(value: &impl Serialize) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(value).map_err(|error| AppError::Internal { what: error.to_string() })
}

fn from_json<T: serde::de::DeserializeOwned>(folder: &Path, name: &str) -> Result<T, AppError> {
    serde_json::from_slice(&read(folder, name)?).map_err(|error| AppError::Unavailable {
        why: format!("`{}` cannot be understood: {error}", folder.join(name).display()),
    })
}

#[expect(clippy::disallowed_methods, reason = "layers above 7 keep files")]
fn read(folder: &Path, name: &str) -> Result<Vec<u8>, AppError> {
    let path = folder.join(name);
    std::fs::read(&path).map_err(|error| AppError::Unavailable {
        why: format!("`{}` cannot be read: {error}", path.display()),
    })
}

/// Writes a file under a name that only the whole of it ever gets.
#[expect(clippy::disallowed_methods, reason = "layers above 7 keep files")]
fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), AppError> {
    let path = folder.join(name);
    let part = path.with_extension("part");
    let done = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&part, bytes))
        .and_then(|()| std::fs::rename(&part, &path));
    done.map_err(|error| AppError::Unavailable {
        why: format!("`{}` cannot be written: {error}", path.display()),
    })
}

//! How does a study run while its reader does something else? One at a time, with its progress to see.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::{Arc, Mutex, PoisonError};

use yorisoi::StudyOptions;
use yorisoi::data::read::{ReadOptions, read_table};
use yorisoi::data::{Progress, Roles};
use yorisoi_app::AppError;

use crate::lang::Text;

/// Finished studies that are kept to be read; the oldest goes first.
const KEPT: usize = 8;

/// What is to be studied.
#[derive(Debug, Default)]
pub(crate) struct Ask {
    pub(crate) name: String,
    pub(crate) treatment: String,
    pub(crate) outcome: String,
    pub(crate) cluster: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// What a study found.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) is_proven: bool,
    pub(crate) verdict: Text,
    pub(crate) report: String,
    pub(crate) model: Vec<u8>,
}

/// How far a study is.
#[derive(Debug, Clone)]
pub(crate) enum Phase {
    Running { stage: &'static str, done: u64, total: u64 },
    Failed(Text),
    Done(Arc<Found>),
}

#[derive(Debug, Default)]
struct Shelf {
    last: u64,
    studies: BTreeMap<u64, (String, Phase)>,
}

/// The studies of this process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Studies {
    shelf: Arc<Mutex<Shelf>>,
}

impl Studies {
    fn with<T>(&self, work: impl FnOnce(&mut Shelf) -> T) -> T {
        work(&mut self.shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Every study, newest first.
    pub(crate) fn all(&self) -> Vec<(u64, String, Phase)> {
        self.with(|shelf| {
            shelf
                .studies
                .iter()
                .rev()
                .map(|(id, (name, phase))| (*id, name.clone(), phase.clone()))
                .collect()
        })
    }

    /// One study.
    pub(crate) fn find(&self, id: &str) -> Option<(String, Phase)> {
        let id: u64 = id.parse().ok()?;
        self.with(|shelf| shelf.studies.get(&id).cloned())
    }

    /// Begins a study on a thread of its own; a second one waits for nobody and is refused while one runs.
    pub(crate) fn start(&self, ask: Ask) -> Result<u64, AppError> {
        let begun = self.with(|shelf| {
            if shelf.studies.values().any(|(_, phase)| matches!(phase, Phase::Running { .. })) {
                return None;
            }
            shelf.last += 1;
            while shelf.studies.len() >= KEPT {
                shelf.studies.pop_first();
            }
            let running = Phase::Running { stage: "read", done: 0, total: 0 };
            shelf.studies.insert(shelf.last, (ask.name.clone(), running));
            Some(shelf.last)
        });
        let id = begun.ok_or_else(|| AppError::Refused {
            reason: "another study is running; wait until it is done".to_owned(),
        })?;
        let watch = Watch { studies: self.clone(), id };
        std::thread::spawn(move || {
            let phase =
                match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(ask, &watch))) {
                    Ok(Ok(found)) => Phase::Done(Arc::new(found)),
                    Ok(Err(words)) => Phase::Failed(words),
                    Err(_) => Phase::Failed(crate::words::studies::BROKEN.clone()),
                };
            watch.studies.set(id, phase);
        });
        Ok(id)
    }

    fn set(&self, id: u64, phase: Phase) {
        self.with(|shelf| {
            if let Some(study) = shelf.studies.get_mut(&id) {
                study.1 = phase;
            }
        });
    }
}

fn run(ask: Ask, watch: &Watch) -> Result<Found, Text> {
    let said = |error: &dyn std::fmt::Display| Text::new(error.to_string(), error.to_string());
    let (table, _) =
        read_table(&ask.name, Cursor::new(ask.bytes), &ReadOptions { columns: None }, watch)
            .map_err(|error| said(&error))?;
    let roles = Roles { cluster: ask.cluster, ..Roles::new(&ask.treatment, &ask.outcome) };
    let options = StudyOptions { name: ask.name, ..StudyOptions::default() };
    let study = yorisoi::study(&table, &roles, &options, watch).map_err(|error| said(&error))?;
    let report = yorisoi_report::render(&study.summary).map_err(|error| said(&error))?;
    let verdict = &study.summary.verdict;
    Ok(Found {
        is_proven: verdict.proven,
        verdict: Text::new(verdict.en.clone(), verdict.ja.clone()),
        report,
        model: study.model.to_bytes(),
    })
}

/// Keeps what a running study says of its progress.
struct Watch {
    studies: Studies,
    id: u64,
}

impl Progress for Watch {
    fn stage(&self, name: &'static str, steps: u64) {
        self.studies.set(self.id, Phase::Running { stage: name, done: 0, total: steps });
    }

    fn advance(&self, steps: u64) {
        self.studies.with(|shelf| {
            if let Some((_, Phase::Running { done, .. })) = shelf.studies.get_mut(&self.id) {
                *done += steps;
            }
        });
    }
}

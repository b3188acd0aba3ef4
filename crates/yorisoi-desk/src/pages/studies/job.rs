//! How does a study run while its reader does something else? One at a time, with its progress to see.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use yorisoi::StudyOptions;
use yorisoi::data::read::{ReadOptions, read_table};
use yorisoi::data::{Progress, Roles};
use yorisoi::japanese::InJapanese;
use yorisoi_app::AppError;

use super::shelf::{self, Ending, Found};
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
    /// A table that lies in the house's folder, instead of an uploaded one.
    pub(crate) here: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// How far a study is.
#[derive(Debug, Clone)]
pub(crate) enum Phase {
    Running { stage: &'static str, done: u64, total: u64 },
    Failed(Text),
    Done(Arc<Found>),
}

impl From<Ending> for Phase {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Done(found) => Self::Done(Arc::new(found)),
            Ending::Failed(why) => Self::Failed(why),
        }
    }
}

#[derive(Debug, Default)]
struct Shelf {
    last: u64,
    studies: BTreeMap<u64, (String, Phase)>,
}

/// The studies of the house.
#[derive(Debug, Clone, Default)]
pub(crate) struct Studies {
    shelf: Arc<Mutex<Shelf>>,
    /// Where they are kept; `None`: in memory.
    root: Option<PathBuf>,
}

impl Studies {
    /// The studies of a data folder, those from before a restart among them.
    pub(crate) fn open(folder: Option<PathBuf>) -> Self {
        let root = folder.map(|folder| folder.join("studies"));
        let known = root.as_deref().map(shelf::all).unwrap_or_default();
        let studies: BTreeMap<u64, (String, Phase)> =
            known.into_iter().map(|(id, name, ending)| (id, (name, ending.into()))).collect();
        let last = studies.last_key_value().map_or(0, |(id, _)| *id);
        Self { shelf: Arc::new(Mutex::new(Shelf { last, studies })), root }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Shelf) -> T) -> T {
        work(&mut self.shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn folder(&self, id: u64) -> Option<PathBuf> {
        self.root.as_ref().map(|root| root.join(id.to_string()))
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
                let gone = shelf.studies.pop_first();
                if let Some(folder) = gone.and_then(|(id, _)| self.folder(id)) {
                    shelf::forget(&folder);
                }
            }
            let running = Phase::Running { stage: "read", done: 0, total: 0 };
            shelf.studies.insert(shelf.last, (ask.name.clone(), running));
            Some(shelf.last)
        });
        let id = begun.ok_or_else(|| AppError::Refused {
            reason: (
                "another study is running; wait until it is done",
                "別の調べものを実行中です。終わるまでお待ちください。",
            )
                .into(),
        })?;
        if let Some(Err(error)) = self.folder(id).map(|folder| shelf::begin(&folder, &ask.name)) {
            self.with(|shelf| shelf.studies.remove(&id));
            return Err(error);
        }
        let watch = Watch { studies: self.clone(), id };
        std::thread::spawn(move || {
            let phase = watch.studies.ended(id, || run(ask, &watch));
            watch.studies.set(id, phase);
        });
        Ok(id)
    }

    /// How a study ended; one that could not be done is kept with its reason.
    fn ended(&self, id: u64, run: impl FnOnce() -> Result<Found, Text>) -> Phase {
        let why = match std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)) {
            Ok(Ok(found)) => return Phase::Done(Arc::new(found)),
            Ok(Err(words)) => words,
            Err(_) => crate::words::studies::BROKEN.clone(),
        };
        if let Some(folder) = self.folder(id) {
            // Whoever waits is told anyway; after a restart it reads as broken off.
            drop(shelf::fail(&folder, &why));
        }
        Phase::Failed(why)
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
    let (table, _) =
        read_table(&ask.name, Cursor::new(ask.bytes), &ReadOptions { columns: None }, watch)
            .map_err(|error| said(&error))?;
    let roles = Roles { cluster: ask.cluster, ..Roles::new(&ask.treatment, &ask.outcome) };
    let options = StudyOptions { name: ask.name, ..StudyOptions::default() };
    let study = yorisoi::study(&table, &roles, &options, watch).map_err(|error| said(&error))?;
    // A study whose report cannot be made is told now, and not when somebody opens it.
    yorisoi_report::render(&study.summary).map_err(|error| said(&error))?;
    let folder = watch.studies.folder(watch.id);
    Found::keep(folder.as_deref(), study.summary, study.model.to_bytes())
        .map_err(|error| Text::from(&error.plain_words()))
}

/// Why a study could not be made, for whoever began it.
fn said(error: &impl InJapanese) -> Text {
    Text::new(error.to_string(), format!("{}。", error.japanese()))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A table on which help does nothing, of 400 rows.
    fn table() -> Vec<u8> {
        let mut csv = String::from("offer,stayed,age\n");
        for k in 0_u32..400 {
            let offer = if k.is_multiple_of(2) { "none" } else { "call" };
            let line = format!("{offer},{},{}\n", k / 2 % 2, 20 + k * 7 % 50);
            csv.push_str(&line);
        }
        csv.into_bytes()
    }

    fn ask(name: &str, outcome: &str) -> Ask {
        Ask {
            name: name.to_owned(),
            treatment: "offer".to_owned(),
            outcome: outcome.to_owned(),
            cluster: None,
            here: None,
            bytes: table(),
        }
    }

    fn wait(studies: &Studies, id: u64) -> Phase {
        loop {
            let (_, phase) = studies.find(&id.to_string()).expect("it was begun");
            if !matches!(phase, Phase::Running { .. }) {
                return phase;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    #[test]
    fn studies_are_there_again_after_a_restart() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Some(folder.path().to_owned());
        let studies = Studies::open(place.clone());
        let good = studies.start(ask("past.csv", "stayed")).expect("begun");
        let Phase::Done(before) = wait(&studies, good) else { panic!("it can be studied") };
        let bad = studies.start(ask("other.csv", "no_such_column")).expect("begun");
        let Phase::Failed(why) = wait(&studies, bad) else { panic!("there is no such column") };
        drop(studies);

        let again = Studies::open(place.clone());
        let names: Vec<String> = again.all().into_iter().map(|(_, name, _)| name).collect();
        assert_eq!(names, ["other.csv", "past.csv"]);
        let Phase::Done(after) = wait(&again, good) else { panic!("it was done") };
        assert_eq!(after.model().expect("kept"), before.model().expect("kept"));
        assert_eq!(after.report().expect("drawn"), before.report().expect("drawn"));
        assert_eq!(after.verdict, before.verdict);
        let Phase::Failed(told) = wait(&again, bad) else { panic!("it had failed") };
        assert_eq!(told, why);
        // Numbers go on where they were.
        assert!(again.start(ask("third.csv", "stayed")).expect("begun") > bad);
        wait(&again, bad + 1);
    }

    #[test]
    fn a_study_that_a_restart_broke_off_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        shelf::begin(&folder.path().join("studies/4"), "half.csv").expect("written");
        let studies = Studies::open(Some(folder.path().to_owned()));
        let (name, phase) = studies.find("4").expect("listed");
        assert_eq!(name, "half.csv");
        let Phase::Failed(why) = phase else { panic!("nothing runs after a restart") };
        assert_eq!(why, crate::words::studies::BROKEN_OFF);
    }

    /// Notes the stages that are told.
    #[derive(Default)]
    struct Told(Mutex<Vec<&'static str>>);

    impl Progress for Told {
        fn stage(&self, name: &'static str, _steps: u64) {
            self.0.lock().expect("nobody panicked").push(name);
        }

        fn advance(&self, _steps: u64) {}
    }

    #[test]
    fn every_stage_that_a_study_tells_has_words() {
        let told = Told::default();
        let read = ReadOptions { columns: None };
        let (table, _) =
            read_table("past.csv", Cursor::new(table()), &read, &told).expect("a table");
        let roles = Roles::new("offer", "stayed");
        yorisoi::study(&table, &roles, &StudyOptions::default(), &told).expect("a study");
        let told = told.0.into_inner().expect("nobody panicked");
        assert!(["read", "forest", "evaluate"].iter().all(|name| told.contains(name)), "{told:?}");
        for name in told {
            let has_words = crate::words::studies::STAGES.iter().any(|(known, _)| *known == name);
            assert!(has_words, "the stage `{name}` would be shown by its name");
        }
    }

    #[test]
    fn the_oldest_study_makes_room_on_the_disk_too() {
        let folder = tempfile::tempdir().expect("a folder");
        for id in 1..=KEPT {
            let place = folder.path().join(format!("studies/{id}"));
            shelf::begin(&place, "old.csv").expect("written");
        }
        let studies = Studies::open(Some(folder.path().to_owned()));
        let id = studies.start(ask("new.csv", "no_such_column")).expect("begun");
        wait(&studies, id);
        assert_eq!(studies.all().len(), KEPT);
        assert!(!folder.path().join("studies/1").exists());
        assert!(folder.path().join(format!("studies/{id}/failed.json")).exists());
    }
}

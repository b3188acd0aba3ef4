//! How do results appear whole or not at all?
//!
//! Everything is written into a temporary sibling folder first. Nothing under the name the user chose
//! changes before every file is complete and on disk; then files move in by renaming, which the file
//! system does in one step each. A failure or Ctrl-C before that leaves no trace; an interrupt during
//! the renames waits for them.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::failure::Failure;
use crate::failures::reason;

/// Temporary folders that exist now, for whoever has to tidy up, each with the parents made for it.
static OPEN: Mutex<Vec<(PathBuf, Vec<PathBuf>)>> = Mutex::new(Vec::new());

/// Results on their way: a temporary folder beside the place they will have.
#[derive(Debug)]
pub(crate) struct Staging {
    folder: PathBuf,
    /// Parent folders that were made for it, innermost first; taken back if nothing comes of it.
    made: Vec<PathBuf>,
}

impl Staging {
    /// Opens a temporary folder for results that will be the folder `target`.
    ///
    /// # Errors
    ///
    /// A [`Failure`] where the folder cannot be made, or a file stands there.
    pub(crate) fn for_folder(target: &Path) -> Result<Self, Failure> {
        if target.exists() && !target.is_dir() {
            return Err(wrong_kind(target, ("a file", "ファイル"), ("a folder", "フォルダー")));
        }
        Self::beside(target)
    }

    /// Opens a temporary folder for a result that will be the file `target`.
    ///
    /// # Errors
    ///
    /// A [`Failure`] where the folder cannot be made, or a folder stands there.
    pub(crate) fn for_file(target: &Path) -> Result<Self, Failure> {
        if target.is_dir() {
            return Err(wrong_kind(target, ("a folder", "フォルダー"), ("a file", "ファイル")));
        }
        Self::beside(target)
    }

    /// Opens a temporary folder beside `target`.
    ///
    /// Asking before the work begins means that a place one may not write to is known at once.
    ///
    /// # Errors
    ///
    /// A [`Failure`] of the input kind where the folder cannot be made.
    fn beside(target: &Path) -> Result<Self, Failure> {
        Self::open(target).map_err(|error| cannot_write(target, &error))
    }

    fn open(target: &Path) -> io::Result<Self> {
        let parent = parent_of(target);
        let missing: Vec<PathBuf> = parent
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
            .map(Path::to_path_buf)
            .collect();
        let mut open = registry();
        fs::create_dir_all(parent)?;
        let name = target.file_name().map_or("result".into(), std::ffi::OsStr::to_string_lossy);
        for attempt in 0_u32.. {
            let folder =
                parent.join(format!(".{name}.unfinished-{}-{attempt}", std::process::id()));
            match fs::create_dir(&folder) {
                Ok(()) => {
                    open.push((folder.clone(), missing.clone()));
                    return Ok(Self { folder, made: missing });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => {
                    remove_empty(&missing);
                    return Err(error);
                }
            }
        }
        Err(io::Error::other("no free name for a temporary folder"))
    }

    /// Writes one file and waits until the disk has it.
    ///
    /// # Errors
    ///
    /// A [`Failure`] of the input kind, such as a full disk.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.folder.join(name);
        let write = || -> io::Result<()> {
            let mut file = fs::File::create(&path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        write().map_err(|error| cannot_write(Path::new(name), &error))
    }

    /// Creates one file for writing piece by piece.
    ///
    /// # Errors
    ///
    /// A [`Failure`] of the input kind.
    pub(crate) fn create(&self, name: &str) -> Result<fs::File, Failure> {
        fs::File::create(self.folder.join(name))
            .map_err(|error| cannot_write(Path::new(name), &error))
    }

    /// Makes the folder appear as `target`.
    ///
    /// A new folder appears in one step. In a folder that exists, each file replaces its namesake and
    /// everything else stays; should a step fail, the files replaced before are put back.
    ///
    /// # Errors
    ///
    /// A [`Failure`] of the input kind where the place cannot be written to or is a file.
    pub(crate) fn commit_folder(self, target: &Path) -> Result<(), Failure> {
        let mut open = registry();
        let moved = if target.is_dir() {
            replace_files(&self.folder, target)
        } else {
            fs::rename(&self.folder, target)
        };
        moved.map_err(|error| cannot_write(target, &error))?;
        open.retain(|(folder, _)| *folder != self.folder);
        drop(open);
        self.keep_parents();
        Ok(())
    }

    /// Makes the one file `name` appear as `target`.
    ///
    /// # Errors
    ///
    /// A [`Failure`] of the input kind where the place cannot be written to.
    pub(crate) fn commit_file(self, name: &str, target: &Path) -> Result<(), Failure> {
        // The parents are no longer ours to take back, whatever comes next.
        let mut open = registry();
        fs::rename(self.folder.join(name), target).map_err(|error| cannot_write(target, &error))?;
        open.iter_mut()
            .filter(|(folder, _)| *folder == self.folder)
            .for_each(|(_, made)| made.clear());
        drop(open);
        self.keep_parents();
        Ok(())
    }

    fn keep_parents(mut self) {
        self.made.clear();
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let mut open = registry();
        // A folder that was renamed into place is gone already.
        let _ = fs::remove_dir_all(&self.folder);
        open.retain(|(folder, _)| *folder != self.folder);
        remove_empty(&self.made);
    }
}

/// Removes every temporary folder and keeps the door shut: for an interrupt, right before the end.
pub(crate) fn tidy_before_exit() -> impl Drop {
    let mut open = registry();
    for (folder, made) in open.drain(..) {
        let _ = fs::remove_dir_all(folder);
        remove_empty(&made);
    }
    open
}

fn registry() -> MutexGuard<'static, Vec<(PathBuf, Vec<PathBuf>)>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn parent_of(target: &Path) -> &Path {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Removes folders that are empty, innermost first.
fn remove_empty(folders: &[PathBuf]) {
    for folder in folders {
        let _ = fs::remove_dir(folder);
    }
}

/// Moves every file of `from` over its namesake in `to`, all of them or none.
fn replace_files(from: &Path, to: &Path) -> io::Result<()> {
    let mut names: Vec<_> = Vec::new();
    for entry in fs::read_dir(from)? {
        names.push(entry?.file_name());
    }
    names.sort();
    let backup = from.join("replaced");
    fs::create_dir(&backup)?;
    let mut done = Vec::new();
    for name in &names {
        let (target, kept) = (to.join(name), backup.join(name));
        let step = (|| {
            if target.symlink_metadata().is_ok_and(|meta| !meta.is_dir()) {
                fs::rename(&target, &kept)?;
            }
            done.push(name);
            fs::rename(from.join(name), &target)
        })();
        if let Err(error) = step {
            for name in done.iter().rev() {
                let _ = fs::remove_file(to.join(name));
                let _ = fs::rename(backup.join(name), to.join(name));
            }
            return Err(error);
        }
    }
    fs::remove_dir_all(from)
}

fn wrong_kind(target: &Path, is: (&str, &str), should: (&str, &str)) -> Failure {
    let place = target.display();
    Failure::usage(
        format!("`{place}` is {}, but {} is to be written", is.0, should.0),
        format!("`{place}` は{}ですが、{}を書き込もうとしています", is.1, should.1),
    )
    .hint("give another name", "別の名前を指定してください")
}

fn cannot_write(target: &Path, error: &io::Error) -> Failure {
    let (place, reason) = (target.display(), reason(error));
    Failure::input(
        format!("cannot write `{place}`: {}", reason.en),
        format!("`{place}` に書き込めません: {}", reason.ja),
    )
    .hint(
        "choose another place with --out, or free some space there",
        "--out で別の場所を指定するか、空き容量を確認してください",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of this test alone.
    fn scratch(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("yorisoi-staging-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn dropped_work_leaves_nothing_behind() {
        let home = scratch("dropped");
        let staging = Staging::beside(&home.join("deep/er/result")).unwrap();
        staging.write("a.txt", b"a").unwrap();
        drop(staging);
        assert!(names(&home).is_empty());
    }

    #[test]
    fn a_new_folder_appears_whole() {
        let home = scratch("new");
        let staging = Staging::beside(&home.join("result")).unwrap();
        staging.write("a.txt", b"a").unwrap();
        assert!(!home.join("result").exists());
        staging.commit_folder(&home.join("result")).unwrap();
        assert_eq!(names(&home), ["result"]);
        assert_eq!(names(&home.join("result")), ["a.txt"]);
    }

    #[test]
    fn files_of_others_survive_a_replacement() {
        let home = scratch("others");
        let target = home.join("result");
        fs::create_dir(&target).unwrap();
        fs::File::create(target.join("diary.txt")).unwrap().write_all(b"mine").unwrap();
        fs::File::create(target.join("a.txt")).unwrap().write_all(b"old").unwrap();
        let staging = Staging::beside(&target).unwrap();
        staging.write("a.txt", b"new").unwrap();
        staging.commit_folder(&target).unwrap();
        assert_eq!(names(&home), ["result"]);
        assert_eq!(names(&target), ["a.txt", "diary.txt"]);
        assert_eq!(fs::read_to_string(target.join("a.txt")).unwrap(), "new");
    }

    #[test]
    fn a_replacement_that_fails_puts_the_old_files_back() {
        let home = scratch("back");
        let target = home.join("result");
        // A folder stands where the second file has to go.
        fs::create_dir_all(target.join("b.txt/full")).unwrap();
        fs::File::create(target.join("a.txt")).unwrap().write_all(b"old").unwrap();
        let staging = Staging::beside(&target).unwrap();
        staging.write("a.txt", b"new").unwrap();
        staging.write("b.txt", b"new").unwrap();
        assert!(staging.commit_folder(&target).is_err());
        assert_eq!(fs::read_to_string(target.join("a.txt")).unwrap(), "old");
        assert_eq!(names(&home), ["result"]);
    }
}

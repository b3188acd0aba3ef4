//! Where do tables, models and summaries come from? A path, or standard input as `-`.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use yorisoi::data::read::{ReadOptions, read_file, read_table};
use yorisoi::data::{Notice, Progress, Table};

use crate::failure::Failure;
use crate::failures::reason;

/// A table with the name of its file and what reading it had to say.
#[derive(Debug)]
pub(crate) struct Input {
    /// Name without folder.
    pub(crate) name: String,
    /// The table.
    pub(crate) table: Table,
    /// Warnings.
    pub(crate) notices: Vec<Notice>,
}

/// Reads a table; `columns` names those needed, `None` reads all.
///
/// # Errors
///
/// A [`Failure`] of the input kind that names file, row and column.
pub(crate) fn table(
    path: &Path,
    columns: Option<Vec<String>>,
    progress: &dyn Progress,
) -> Result<Input, Failure> {
    let name = name_of(path);
    let options = ReadOptions { columns };
    progress.stage("read", 0);
    let (table, notices) = if is_stdin(path) {
        read_table(&name, io::stdin(), &options, progress)?
    } else {
        read_file(&name, open(path)?, &options, progress)?
    };
    Ok(Input { name, table, notices })
}

/// Reads all bytes of a small file.
///
/// # Errors
///
/// A [`Failure`] of the input kind.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if is_stdin(path) {
        io::stdin().read_to_end(&mut bytes)
    } else {
        open(path)?.read_to_end(&mut bytes)
    };
    read.map_err(|error| cannot_read(path, &error))?;
    Ok(bytes)
}

/// Returns the file's name without its folder.
pub(crate) fn name_of(path: &Path) -> String {
    if is_stdin(path) {
        return "stdin".to_owned();
    }
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Returns whether the path means standard input or output.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

#[expect(clippy::disallowed_methods, reason = "the outermost layer opens files")]
fn open(path: &Path) -> Result<File, Failure> {
    let file = File::open(path).map_err(|error| cannot_read(path, &error))?;
    let is_folder = file.metadata().is_ok_and(|metadata| metadata.is_dir());
    if is_folder { Err(cannot_read(path, &io::ErrorKind::IsADirectory.into())) } else { Ok(file) }
}

fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    let (place, reason) = (path.display(), reason(error));
    Failure::input(
        format!("cannot read `{place}`: {}", reason.en),
        format!("`{place}` を読めません: {}", reason.ja),
    )
    .hint(
        "check the path; `-` reads standard input",
        "場所を確認してください。`-` で標準入力から読みます",
    )
}

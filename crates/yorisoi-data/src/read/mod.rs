//! What does this file say? CSV and Parquet, plain or compressed, to a [`Table`].
//!
//! One streaming pass in bounded memory: apart from the table itself, reading holds a few dozen
//! megabytes. The same bytes give the same table for any number of threads.
//!
//! # How columns are typed
//!
//! A CSV column is numeric while all its fields are numbers or missing; true/false become 1/0, ISO dates
//! and times become days since 1970-01-01 (with a [`Notice`]). A column that mixes these, or holds other
//! text, is a category column whose levels are the fields without blanks around them, and numbers in it
//! are spelt canonically (`1.0` and `1` are one level); a mixture gives a [`Notice`] that names the first
//! text and its row. Missing are the empty field, `NA`, `N/A`, `n/a`, `#N/A`, `<NA>`, `NaN`, `NULL`,
//! `null`, `\N` and `.`; `None` is missing among numbers, but a level among texts, because an arm may be
//! called that. Parquet columns keep the type the file gives them.

mod batches;
mod bounds;
mod column;
mod csv;
mod date;
mod decode;
mod error;
mod field;
mod pages;
mod parquet;
mod records;
mod thrift;
mod unpack;

use std::io::{Read, Seek, SeekFrom};

pub use batches::read_batches;
pub use error::ReadError;
pub use field::EXACT_INTEGER_LIMIT;
pub use parquet::{integers, is_decoding, read_parquet};

use crate::text::nearest_names;
use crate::{Notice, Progress, Table};

/// What to read of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The columns needed; `None` reads all. Others are skipped unread, which saves time and memory.
    pub columns: Option<Vec<String>>,
}

/// Reads a table from a stream, such as standard input, whatever its format.
///
/// `name` is what messages call the input. Parquet needs to be read from its end, so a Parquet stream is
/// held in memory whole; prefer [`read_file`] where there is a file. `progress` advances by rows; its
/// total is 0 where the number of rows is not known.
///
/// # Errors
///
/// A [`ReadError`] that names the input, the row and line, the column, and by
/// [`ReadError::hint`] the remedy.
///
/// # Example
///
/// ```
/// # use yorisoi_data::{Silent, Values, read::{ReadOptions, read_table}};
/// let text = "offer,stayed\nmail,1\nnone,0\n";
/// let (table, notices) = read_table("past.csv", text.as_bytes(), &ReadOptions::default(), &Silent)?;
/// assert_eq!(table.n_rows(), 2);
/// assert_eq!(table.column("stayed").map(|c| &c.values), Some(&Values::Numeric(vec![1.0, 0.0])));
/// assert!(notices.is_empty());
/// # Ok::<(), yorisoi_data::read::ReadError>(())
/// ```
pub fn read_table<'a>(
    name: &'a str,
    source: impl Read + Send + 'a,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<(Table, Vec<Notice>), ReadError> {
    let mut unpacked = unpack::unpack(name, source)?;
    if unpack::is_parquet(&unpacked.head) {
        let mut bytes = Vec::new();
        let read = unpacked.bytes.read_to_end(&mut bytes);
        read.map_err(|error| ReadError::from_io(name, unpacked.compression, 0, error))?;
        return read_parquet(name, bytes::Bytes::from(bytes), options, progress);
    }
    unpack::refuse_other_formats(name, &unpacked.head)?;
    let text = decode::TextBlocks::new(unpacked.bytes, &unpacked.head);
    csv::read_csv(name, unpacked.compression, text, options, progress)
}

/// Reads a table from an open file, whatever its format; Parquet is read in place.
///
/// # Errors
///
/// As [`read_table`].
pub fn read_file(
    name: &str,
    mut file: std::fs::File,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<(Table, Vec<Notice>), ReadError> {
    let io = |error| ReadError::from_io(name, None, 0, error);
    let mut head = Vec::new();
    file.by_ref().take(4).read_to_end(&mut head).map_err(io)?;
    if unpack::is_parquet(&head) {
        return read_parquet(name, file, options, progress);
    }
    match file.seek(SeekFrom::Start(0)) {
        Ok(_) => read_table(name, file, options, progress),
        // A pipe cannot go back; put the first bytes in front again.
        Err(_) => read_table(name, std::io::Cursor::new(head).chain(file), options, progress),
    }
}

/// Returns the positions of the columns to read, in file order.
fn select_columns(
    file: &str,
    names: &[String],
    options: &ReadOptions,
) -> Result<Vec<usize>, ReadError> {
    let Some(wanted) = &options.columns else { return Ok((0..names.len()).collect()) };
    if let Some(unknown) = wanted.iter().find(|name| !names.contains(name)) {
        return Err(ReadError::UnknownColumn {
            file: file.to_owned(),
            column: unknown.clone(),
            nearest: nearest_names(unknown, names.iter().map(String::as_str)),
        });
    }
    Ok((0..names.len()).filter(|&i| wanted.contains(&names[i])).collect())
}

//! Delimited text to a table, in one pass: one thread cuts records while the others type columns.

use rayon::prelude::*;

use super::column::{ColumnBuilder, Kind, Piece};
use super::decode::TextBlocks;
use super::records::{Chunk, Records};
use super::{ReadError, ReadOptions, select_columns};
use crate::{Notice, Progress, Table};

/// Chunks cut and typed at a time: a constant, so that memory does not grow with the threads.
const CHUNKS_A_BATCH: usize = 16;

/// Reads delimited text whose compression is already undone.
pub(super) fn read_csv(
    file: &str,
    compression: Option<&'static str>,
    text: TextBlocks<'_>,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<(Table, Vec<Notice>), ReadError> {
    let mut records = Records::new(file, compression, text)?;
    let result = read_records(file, &mut records, options, progress);
    result.map_err(|error| match error {
        ReadError::Truncated { .. } | ReadError::Corrupt { .. } | ReadError::Io { .. } => error,
        error => records.find_damage().unwrap_or(error),
    })
}

fn read_records(
    file: &str,
    records: &mut Records<'_>,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<(Table, Vec<Notice>), ReadError> {
    let names = records.header()?;
    let wanted = select_columns(file, &names, options)?;
    let mut builders: Vec<ColumnBuilder> = wanted.iter().map(|_| ColumnBuilder::new()).collect();

    progress.stage("read", 0);
    let mut n_rows = 0;
    let mut batch = new_batch();
    let mut spare = new_batch();
    fill_batch(records, &mut batch, names.len())?;
    while batch[0].n_rows() > 0 {
        let kinds: Vec<Kind> = builders.iter().map(ColumnBuilder::kind).collect();
        let (typed, filled) = rayon::join(
            || type_batch(file, &names, &batch, &wanted, &kinds),
            || fill_batch(records, &mut spare, names.len()),
        );
        // Rows of this batch come before rows of the next, so its error is told first.
        append(&mut builders, typed?);
        let n_batch: usize = batch.iter().map(Chunk::n_rows).sum();
        n_rows += n_batch;
        progress.advance(n_batch as u64);
        check_row_count(file, n_rows)?;
        filled?;
        std::mem::swap(&mut batch, &mut spare);
    }
    if n_rows == 0 {
        return Err(ReadError::HeaderOnly { file: file.to_owned() });
    }
    let encoding = records.other_encoding();
    let names = wanted.into_iter().map(|column| names[column].clone()).collect();
    let (table, mut notices) = finish(builders, names);
    notices.extend(encoding.map(encoding_notice));
    Ok((table, notices))
}

/// Refuses more rows than a `u32` can number.
pub(super) fn check_row_count(file: &str, n_rows: usize) -> Result<(), ReadError> {
    let limit = u32::MAX as usize - 1;
    if n_rows > limit {
        return Err(ReadError::TooManyRows { file: file.to_owned(), limit });
    }
    Ok(())
}

/// Turns grown columns into a table.
pub(super) fn finish(builders: Vec<ColumnBuilder>, names: Vec<String>) -> (Table, Vec<Notice>) {
    let finished = builders.into_iter().zip(names).map(|(builder, name)| builder.finish(name));
    let (columns, notices): (Vec<_>, Vec<_>) = finished.unzip();
    let table = Table::new(columns).expect("names were checked, and every batch fills all columns");
    (table, notices.into_iter().flatten().collect())
}

fn new_batch() -> Vec<Chunk> {
    (0..CHUNKS_A_BATCH).map(|_| Chunk::default()).collect()
}

fn fill_batch(
    records: &mut Records<'_>,
    batch: &mut [Chunk],
    n_columns: usize,
) -> Result<(), ReadError> {
    batch.iter_mut().try_for_each(|chunk| records.fill(chunk, n_columns))
}

/// Types the wanted columns of every chunk; the result is in chunk order, then column order.
fn type_batch(
    file: &str,
    names: &[String],
    batch: &[Chunk],
    wanted: &[usize],
    kinds: &[Kind],
) -> Result<Vec<Vec<Piece>>, ReadError> {
    let typed: Vec<Result<Vec<Piece>, ReadError>> =
        batch.par_iter().map(|chunk| type_chunk(file, names, chunk, wanted, kinds)).collect();
    typed.into_iter().collect()
}

fn type_chunk(
    file: &str,
    names: &[String],
    chunk: &Chunk,
    wanted: &[usize],
    kinds: &[Kind],
) -> Result<Vec<Piece>, ReadError> {
    let mut pieces = Vec::with_capacity(wanted.len());
    let mut first_bad: Option<(usize, usize)> = None;
    for (&column, &kind) in wanted.iter().zip(kinds) {
        match Piece::parse(chunk.column(column), kind) {
            Ok(piece) => pieces.push(piece),
            Err(bad) => {
                first_bad = Some(first_bad.unwrap_or((bad.row, column)).min((bad.row, column)));
            }
        }
    }
    match first_bad {
        None => Ok(pieces),
        Some((row, column)) => Err(ReadError::Undecodable {
            file: file.to_owned(),
            row: chunk.first_row + row + 1,
            line: chunk.line(row),
            column: names[column].clone(),
        }),
    }
}

/// Appends pieces to their columns, columns in parallel, chunks in order.
fn append(builders: &mut [ColumnBuilder], typed: Vec<Vec<Piece>>) {
    let mut by_column: Vec<Vec<Piece>> =
        builders.iter().map(|_| Vec::with_capacity(typed.len())).collect();
    for pieces in typed {
        for (column, piece) in by_column.iter_mut().zip(pieces) {
            column.push(piece);
        }
    }
    builders.par_iter_mut().zip(by_column).for_each(|(builder, pieces)| {
        for piece in pieces {
            builder.append(piece);
        }
    });
}

fn encoding_notice(name: &'static str) -> Notice {
    Notice::new(
        "file.encoding",
        None,
        format!("the text was read as {name}; if characters look wrong, save the file as UTF-8"),
        format!(
            "文字コードは {name} として読みました。文字化けがあれば UTF-8 で保存し直してください。"
        ),
    )
}

//! Does a Parquet file promise more than its bytes could hold?
//!
//! The decoder reserves memory for as many entries as it is promised, before it has seen one. A few forged
//! bytes would then end the whole process, which no handler can catch. So promises are checked first: the
//! footer before it is decoded, page headers before pages are, and the lengths inside of delta-coded pages
//! ([`super::pages`]) once they are unpacked.

use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};
use parquet::file::reader::ChunkReader;

use super::thrift::walk;

/// Bytes at the end of the file: length of the footer, and the magic number.
const TAIL_BYTES: u64 = 8;
/// A page header fits into this, unless its statistics quote long texts.
const HEADER_BYTES: usize = 512;
/// What a byte of the strongest codec can stand for; zstd repeats 128 kB with four.
const UNPACKED_A_BYTE: i64 = 40_000;
/// Small pages may unpack to this in any case.
const SMALL_PAGE_BYTES: i64 = 1 << 16;

/// Checks that the footer holds the lists and texts it announces.
///
/// # Errors
///
/// What is wrong, in a few words.
pub(super) fn check_footer(source: &impl ChunkReader) -> Result<(), String> {
    let file_bytes = source.len();
    let body_bytes = file_bytes.checked_sub(TAIL_BYTES).ok_or("the file is too small")?;
    let read = |start, length| source.get_bytes(start, length).map_err(|e| e.to_string());
    let tail = read(body_bytes, TAIL_BYTES as usize)?;
    let length = tail.iter().take(4).rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
    let start = body_bytes.checked_sub(length).ok_or("the footer is longer than the file")?;
    let footer = read(start, length as usize)?;
    match walk(&footer, &mut |_| {}) {
        Some(_) => Ok(()),
        None => Err("the footer announces more than it holds".to_owned()),
    }
}

/// Checks every page header of these leaf columns.
///
/// # Errors
///
/// What is wrong, in a few words.
pub(super) fn check_pages(
    source: &impl ChunkReader,
    metadata: &ParquetMetaData,
    is_wanted: impl Fn(usize) -> bool,
) -> Result<(), String> {
    for group in metadata.row_groups() {
        if group.num_rows() < 0 {
            return Err("a row group has less than no rows".to_owned());
        }
        for (leaf, chunk) in group.columns().iter().enumerate().filter(|(leaf, _)| is_wanted(*leaf))
        {
            check_chunk(source, chunk, group.num_rows())
                .map_err(|problem| format!("column {}: {problem}", leaf + 1))?;
        }
    }
    Ok(())
}

/// What a page header promises.
#[derive(Debug, Default)]
struct Promise {
    unpacked_bytes: i64,
    packed_bytes: i64,
    data_values: Option<i64>,
    dictionary_values: Option<i64>,
}

impl Promise {
    /// Takes in a field of the header, by the numbers that the Parquet format gives.
    fn hear(&mut self, path: &[i16], value: i64) {
        match path {
            [2] => self.unpacked_bytes = value,
            [3] => self.packed_bytes = value,
            [5 | 8, 1] => self.data_values = Some(value),
            [7, 1] => self.dictionary_values = Some(value),
            _ => {}
        }
    }

    fn check(&self, room: u64, rows: i64) -> Result<(), &'static str> {
        let limit = self.packed_bytes.saturating_mul(UNPACKED_A_BYTE).max(SMALL_PAGE_BYTES);
        if !u64::try_from(self.packed_bytes).is_ok_and(|bytes| bytes <= room) {
            return Err("a page is longer than its column");
        }
        if !(0..=limit).contains(&self.unpacked_bytes) {
            return Err("a page promises more bytes than it could unpack to");
        }
        if self.data_values.is_some_and(|values| !(0..=rows).contains(&values)) {
            return Err("a page promises more values than there are rows");
        }
        // Each takes a byte at least.
        if self.dictionary_values.is_some_and(|n| !(0..=self.unpacked_bytes).contains(&n)) {
            return Err("a dictionary promises more entries than it has bytes");
        }
        Ok(())
    }
}

fn check_chunk(
    source: &impl ChunkReader,
    chunk: &ColumnChunkMetaData,
    rows: i64,
) -> Result<(), String> {
    let start = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
    let place = u64::try_from(start).ok().zip(u64::try_from(chunk.compressed_size()).ok());
    let (mut at, length) = place.ok_or("it has a negative place")?;
    let end = at.checked_add(length).filter(|&end| end <= source.len());
    let end = end.ok_or("it lies beyond the end of the file")?;
    let mut values_left = chunk.num_values();
    // Behind the last value lies nothing that is ever read.
    while at < end && values_left > 0 {
        let (promise, header_bytes) = read_header(source, at, end)?;
        at += header_bytes;
        promise.check(end - at, rows)?;
        at += promise.packed_bytes as u64;
        values_left -= promise.data_values.unwrap_or(0);
    }
    Ok(())
}

/// Reads the page header at `at`, in windows that grow as long as it is not whole.
fn read_header(source: &impl ChunkReader, at: u64, end: u64) -> Result<(Promise, u64), String> {
    let room = usize::try_from(end - at).unwrap_or(usize::MAX);
    let mut window = HEADER_BYTES.min(room);
    loop {
        let bytes = source.get_bytes(at, window).map_err(|error| error.to_string())?;
        let mut promise = Promise::default();
        if let Some(taken) = walk(&bytes, &mut |(path, value)| promise.hear(path, value)) {
            return Ok((promise, taken as u64));
        }
        if window == room {
            return Err("a page header announces more than it holds".to_owned());
        }
        window = window.saturating_mul(8).min(room);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promise(packed: i64, unpacked: i64, data: Option<i64>, dictionary: Option<i64>) -> Promise {
        Promise {
            unpacked_bytes: unpacked,
            packed_bytes: packed,
            data_values: data,
            dictionary_values: dictionary,
        }
    }

    #[test]
    fn honest_pages_pass() {
        // A constant column: a million values in twelve bytes; a dictionary of three numbers.
        assert_eq!(promise(12, 12, Some(1_000_000), None).check(12, 1_000_000), Ok(()));
        assert_eq!(promise(20, 24, None, Some(3)).check(500, 10), Ok(()));
        assert_eq!(promise(0, 0, Some(5), None).check(0, 5), Ok(()));
    }

    #[test]
    fn forged_promises_are_refused() {
        for forged in [
            promise(13, 12, Some(1), None),
            promise(-1, 12, Some(1), None),
            promise(12, -1, Some(1), None),
            promise(12, 2_000_000, Some(1), None),
            promise(12, 12, Some(11), None),
            promise(12, 12, Some(-1), None),
            promise(12, 12, None, Some(13)),
        ] {
            assert!(forged.check(12, 10).is_err(), "{forged:?}");
        }
    }
}

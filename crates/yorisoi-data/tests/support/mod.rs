//! Small tables in every format, for the tests beside this folder.
#![allow(dead_code, reason = "each test file uses its own part of these helpers")]

use std::io::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use yorisoi_data::read::{ReadError, ReadOptions, read_table};
use yorisoi_data::{Column, MISSING_CODE, Notice, Silent, Table, Values, spell_number};

/// Reads all columns of some bytes called `t.csv`.
pub(crate) fn read(bytes: &[u8]) -> Result<(Table, Vec<Notice>), ReadError> {
    read_table("t.csv", bytes, &ReadOptions::default(), &Silent)
}

/// Reads bytes that must be readable.
pub(crate) fn table(bytes: &[u8]) -> Table {
    read(bytes).unwrap_or_else(|error| panic!("{error}")).0
}

/// Compresses with gzip.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory takes all bytes");
    encoder.finish().expect("memory takes all bytes")
}

/// Compresses with zstd.
pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::encode_all(bytes, 1).expect("memory takes all bytes")
}

/// Writes columns as a Parquet file.
pub(crate) fn parquet(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    parquet_with(columns, WriterProperties::default())
}

/// Writes columns as a Parquet file, as the properties ask for it.
pub(crate) fn parquet_with(
    columns: Vec<(&str, ArrayRef)>,
    properties: WriterProperties,
) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).expect("columns of equal length");
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties))
        .expect("a writable schema");
    writer.write(&batch).expect("memory takes all bytes");
    writer.close().expect("memory takes all bytes");
    bytes
}

/// Makes an array of anything that collects into one.
pub(crate) fn array<A: arrow_array::Array + 'static>(array: A) -> ArrayRef {
    Arc::new(array)
}

/// Returns a column as texts, missing as `None`.
pub(crate) fn texts(column: &Column) -> Vec<Option<String>> {
    match &column.values {
        Values::Numeric(values) => {
            values.iter().map(|&v| (!v.is_nan()).then(|| spell_number(v))).collect()
        }
        Values::Category { codes, levels } => codes
            .iter()
            .map(|&code| (code != MISSING_CODE).then(|| levels[code as usize].clone()))
            .collect(),
    }
}

/// Returns the texts of the named column.
pub(crate) fn column_texts(table: &Table, name: &str) -> Vec<Option<String>> {
    texts(table.column(name).unwrap_or_else(|| panic!("column {name}")))
}

/// Shortens expected values: `""` is missing.
pub(crate) fn expected(texts: &[&str]) -> Vec<Option<String>> {
    texts.iter().map(|text| (!text.is_empty()).then(|| (*text).to_owned())).collect()
}

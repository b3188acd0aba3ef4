//! Parquet to a table: types come from the file, so nothing is guessed.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_field_levels};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, SerializedFileReader};
use rayon::prelude::*;

use super::bounds::{check_footer, check_pages};
use super::column::{ColumnBuilder, Kind, Piece};
use super::csv::{check_row_count, finish};
use super::date::days_of_instant;
use super::field::EXACT_INTEGER_LIMIT;
use super::pages::CheckedFile;
use super::records::{MAX_COLUMNS, check_names};
use super::{ReadError, ReadOptions, select_columns};
use crate::{Notice, Progress, Table, Values};

const ROWS_A_BATCH: usize = 65_536;

thread_local! {
    static IS_DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Returns whether this thread is inside the Parquet decoder.
///
/// A panic there is caught and becomes [`ReadError::Corrupt`], so a panic hook may keep silent about it.
pub fn is_decoding() -> bool {
    IS_DECODING.get()
}

/// Reads a Parquet file from bytes or a seekable source.
///
/// Booleans are 1 and 0; dates and timestamps are days since 1970-01-01 (UTC); empty text is missing, as
/// in CSV; integers that a float cannot hold make a category column, so that identifiers stay apart.
/// Lists and structs are left out with a notice, or refused where they were asked for by name.
///
/// # Errors
///
/// A [`ReadError`] that names the file and, where there is one, the column.
pub fn read_parquet(
    file: &str,
    source: impl ChunkReader + 'static,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<(Table, Vec<Notice>), ReadError> {
    let is_whole = ends_with_magic(&source);
    // The decoder asserts on some damaged files; a damaged file is a user's mishap, not ours.
    IS_DECODING.set(true);
    let result = catch_unwind(AssertUnwindSafe(|| read_batches(file, source, options, progress)));
    IS_DECODING.set(false);
    let error = match result {
        Ok(Ok(read)) => return Ok(read),
        Ok(Err(Failure::Read(error))) => return Err(error),
        Ok(Err(Failure::Decode { reason, row })) => (reason, row),
        Err(panic) => (panic_text(panic.as_ref()), 0),
    };
    let (reason, row) = error;
    let (file, format) = (file.to_owned(), "Parquet");
    Err(if is_whole {
        ReadError::Corrupt { file, format, reason, row }
    } else {
        ReadError::Truncated { file, format, row }
    })
}

enum Failure {
    Read(ReadError),
    Decode { reason: String, row: usize },
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

fn decode_failure(row: usize, error: &dyn std::fmt::Display) -> Failure {
    Failure::Decode { reason: crate::text::shorten(&error.to_string()), row }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or(panic.downcast_ref::<&str>().copied());
    crate::text::shorten(text.unwrap_or("the decoder gave up"))
}

/// Whether the last bytes are those every whole Parquet file ends with.
fn ends_with_magic(source: &impl ChunkReader) -> bool {
    let start = source.len().saturating_sub(4);
    source.get_bytes(start, 4).is_ok_and(|tail| tail.as_ref() == b"PAR1")
}

fn read_batches(
    file: &str,
    source: impl ChunkReader + 'static,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<(Table, Vec<Notice>), Failure> {
    check_footer(&source).map_err(|problem| decode_failure(0, &problem))?;
    let metadata = ArrowReaderMetadata::load(&source, ArrowReaderOptions::new())
        .map_err(|error: ParquetError| decode_failure(0, &error))?;
    let fields = metadata.schema().fields().clone();
    let names: Vec<String> = fields.iter().map(|field| field.name().clone()).collect();
    if names.len() > MAX_COLUMNS {
        Err(ReadError::TooManyColumns { file: file.to_owned(), limit: MAX_COLUMNS })?;
    }
    check_names(file, &names)?;
    let mut wanted = select_columns(file, &names, options)?;
    let mut notices = Vec::new();
    for &column in &wanted {
        let data_type = fields[column].data_type();
        if !is_supported(data_type) {
            refuse_or_note(file, &names[column], data_type, options, &mut notices)?;
        }
    }
    wanted.retain(|&column| is_supported(fields[column].data_type()));

    let n_rows = usize::try_from(metadata.metadata().file_metadata().num_rows()).unwrap_or(0);
    check_row_count(file, n_rows)?;
    progress.stage("read", n_rows as u64);
    let reader = open(source, &metadata, &wanted)?;
    let builders = append_batches(file, reader, &wanted, progress)?;
    let names = wanted.into_iter().map(|column| names[column].clone()).collect();
    let (table, column_notices) = finish(builders, names);
    notices.extend(column_notices);
    Ok((table, notices))
}

/// Opens the columns at these places, after a look at what their pages promise.
fn open(
    source: impl ChunkReader + 'static,
    metadata: &ArrowReaderMetadata,
    wanted: &[usize],
) -> Result<ParquetRecordBatchReader, Failure> {
    let schema = metadata.parquet_schema();
    let mut is_wanted = vec![false; metadata.schema().fields().len()];
    for &root in wanted {
        is_wanted[root] = true;
    }
    check_pages(&source, metadata.metadata(), |leaf| is_wanted[schema.get_column_root_idx(leaf)])
        .map_err(|problem| decode_failure(0, &problem))?;
    let mask = ProjectionMask::roots(schema, wanted.iter().copied());
    let hint = Some(metadata.schema().fields());
    let reader = || {
        let levels = parquet_to_arrow_field_levels(schema, mask, hint)?;
        let file = CheckedFile(Arc::new(SerializedFileReader::new(source)?));
        ParquetRecordBatchReader::try_new_with_row_groups(&levels, &file, ROWS_A_BATCH, None)
    };
    reader().map_err(|error: ParquetError| decode_failure(0, &error))
}

/// A nested column is an error where it was asked for, a notice otherwise.
pub(super) fn refuse_or_note(
    file: &str,
    column: &str,
    data_type: &DataType,
    options: &ReadOptions,
    notices: &mut Vec<Notice>,
) -> Result<(), ReadError> {
    let data_type = crate::text::shorten(&data_type.to_string());
    if options.columns.is_some() {
        return Err(ReadError::UnsupportedColumn {
            file: file.to_owned(),
            column: column.to_owned(),
            data_type,
        });
    }
    notices.push(Notice::new(
        "column.unsupported",
        Some(column),
        format!("column `{column}` was left out: {data_type} is neither number nor text"),
        format!("列「{column}」は数値でも文字でもない型（{data_type}）のため、使いません。"),
    ));
    Ok(())
}

fn append_batches(
    file: &str,
    reader: ParquetRecordBatchReader,
    wanted: &[usize],
    progress: &dyn Progress,
) -> Result<Vec<ColumnBuilder>, Failure> {
    let mut builders: Vec<ColumnBuilder> = wanted.iter().map(|_| ColumnBuilder::new()).collect();
    let mut n_rows = 0;
    for batch in reader {
        let batch: RecordBatch = batch.map_err(|error| decode_failure(n_rows, &error))?;
        let is_complete = batch.num_columns() == builders.len();
        if !is_complete {
            return Err(decode_failure(n_rows, &"a row group lacks a column"));
        }
        builders
            .par_iter_mut()
            .zip(batch.columns())
            .try_for_each(|(builder, array)| {
                builder.append(piece_of(array)?);
                Some(())
            })
            .ok_or_else(|| decode_failure(n_rows, &"a column changes its type"))?;
        n_rows += batch.num_rows();
        progress.advance(batch.num_rows() as u64);
        check_row_count(file, n_rows)?;
    }
    if n_rows == 0 {
        Err(ReadError::HeaderOnly { file: file.to_owned() })?;
    }
    Ok(builders)
}

pub(super) fn is_supported(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => {
            is_supported(values) && !matches!(**values, DataType::Dictionary(..))
        }
        DataType::Null
        | DataType::Boolean
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(..)
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => true,
        _ => data_type.is_integer() || data_type.is_floating(),
    }
}

/// Returns one batch of a column, or `None` for a type that [`is_supported`] refuses.
pub(super) fn piece_of(array: &ArrayRef) -> Option<Piece> {
    let array = array.as_ref();
    Some(match array.data_type() {
        DataType::Null => {
            Piece::Numbers { kind: Kind::Unknown, values: vec![f64::NAN; array.len()] }
        }
        DataType::Boolean => {
            let values = array.as_boolean().iter();
            let values = values.map(|v| v.map_or(f64::NAN, |v| f64::from(u8::from(v)))).collect();
            Piece::Numbers { kind: Kind::Truth, values }
        }
        DataType::Utf8 => Piece::from_texts(array.as_string::<i32>().iter()),
        DataType::LargeUtf8 => Piece::from_texts(array.as_string::<i64>().iter()),
        DataType::Utf8View => Piece::from_texts(array.as_string_view().iter()),
        DataType::Dictionary(..) => dictionary_piece(array)?,
        DataType::Int64 => exact_integers(&primitive::<Int64Type, _>(array, |v| v)),
        DataType::UInt64 => exact_integers(&primitive::<UInt64Type, _>(array, |v| v)),
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => {
            Piece::Numbers { kind: Kind::Date, values: days(array)? }
        }
        _ => Piece::Numbers { kind: Kind::Number, values: numbers(array)? },
    })
}

fn primitive<T: ArrowPrimitiveType, U>(
    array: &dyn Array,
    convert: impl Fn(T::Native) -> U,
) -> Vec<Option<U>> {
    array.as_primitive::<T>().iter().map(|value| value.map(&convert)).collect()
}

fn floats<T: ArrowPrimitiveType>(
    array: &dyn Array,
    convert: impl Fn(T::Native) -> f64,
) -> Vec<f64> {
    let array = array.as_primitive::<T>();
    if array.null_count() == 0 {
        return array.values().iter().map(|&value| convert(value)).collect();
    }
    array.iter().map(|value| value.map_or(f64::NAN, &convert)).collect()
}

/// Returns integers as numbers, or as levels once one of them has no exact float.
pub fn integers<T: Copy + ToString + Into<i128>>(values: &[Option<T>]) -> Values {
    let mut column = ColumnBuilder::new();
    column.append(exact_integers(values));
    column.finish(String::new()).0.values
}

fn exact_integers<T: Copy + ToString + Into<i128>>(values: &[Option<T>]) -> Piece {
    let limit = EXACT_INTEGER_LIMIT as i128;
    let is_exact = |value: T| value.into().abs() < limit;
    if values.iter().flatten().all(|&value| is_exact(value)) {
        let values = values.iter().map(|v| v.map_or(f64::NAN, |v| v.into() as f64)).collect();
        return Piece::Numbers { kind: Kind::Number, values };
    }
    let texts: Vec<Option<String>> = values.iter().map(|v| v.map(|v| v.to_string())).collect();
    Piece::from_texts(texts.iter().map(Option::as_deref))
}

fn numbers(array: &dyn Array) -> Option<Vec<f64>> {
    Some(match array.data_type() {
        DataType::Int8 => floats::<Int8Type>(array, f64::from),
        DataType::Int16 => floats::<Int16Type>(array, f64::from),
        DataType::Int32 => floats::<Int32Type>(array, f64::from),
        DataType::UInt8 => floats::<UInt8Type>(array, f64::from),
        DataType::UInt16 => floats::<UInt16Type>(array, f64::from),
        DataType::UInt32 => floats::<UInt32Type>(array, f64::from),
        DataType::Float16 => floats::<Float16Type>(array, f64::from),
        DataType::Float32 => floats::<Float32Type>(array, f64::from),
        DataType::Float64 => floats::<Float64Type>(array, |v| v),
        DataType::Decimal32(_, s) => floats::<Decimal32Type>(array, |v| decimal(f64::from(v), *s)),
        DataType::Decimal64(_, s) => floats::<Decimal64Type>(array, |v| decimal(v as f64, *s)),
        DataType::Decimal128(_, s) => floats::<Decimal128Type>(array, |v| decimal(v as f64, *s)),
        DataType::Decimal256(_, s) => floats::<Decimal256Type>(array, |v| {
            decimal(v.to_string().parse().unwrap_or(f64::NAN), *s)
        }),
        _ => return None,
    })
}

/// An unscaled decimal as a number; dividing by an exact power of ten rounds correctly, as CSV does.
fn decimal(unscaled: f64, scale: i8) -> f64 {
    let power = 10_f64.powi(i32::from(scale.unsigned_abs()));
    if scale >= 0 { unscaled / power } else { unscaled * power }
}

fn days(array: &dyn Array) -> Option<Vec<f64>> {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    Some(match array.data_type() {
        DataType::Date32 => floats::<Date32Type>(array, f64::from),
        DataType::Date64 => floats::<Date64Type>(array, |v| ticks_to_days(v, 1_000)),
        DataType::Timestamp(unit, _) => match unit {
            Second => floats::<TimestampSecondType>(array, |v| ticks_to_days(v, 1)),
            Millisecond => floats::<TimestampMillisecondType>(array, |v| ticks_to_days(v, 1_000)),
            Microsecond => {
                floats::<TimestampMicrosecondType>(array, |v| ticks_to_days(v, 1_000_000))
            }
            Nanosecond => {
                floats::<TimestampNanosecondType>(array, |v| ticks_to_days(v, 1_000_000_000))
            }
        },
        _ => return None,
    })
}

fn ticks_to_days(ticks: i64, ticks_a_second: i64) -> f64 {
    let fraction = ticks.rem_euclid(ticks_a_second) as f64 / ticks_a_second as f64;
    days_of_instant(ticks.div_euclid(ticks_a_second), fraction)
}

/// A dictionary column: its values are typed once, then looked up by key.
fn dictionary_piece(array: &dyn Array) -> Option<Piece> {
    let dictionary = array.as_any_dictionary_opt()?;
    let keys = dictionary.normalized_keys();
    let is_null = |row: usize| dictionary.keys().is_null(row);
    let values = dictionary.values();
    if values.is_empty() {
        return Some(Piece::Numbers { kind: Kind::Unknown, values: vec![f64::NAN; array.len()] });
    }
    Some(match piece_of(values)? {
        Piece::Numbers { kind, values } => {
            let value = |row: usize| if is_null(row) { f64::NAN } else { values[keys[row]] };
            Piece::Numbers { kind, values: (0..array.len()).map(value).collect() }
        }
        Piece::Text { codes, levels, .. } => {
            let text = |row: usize| {
                if is_null(row) { None } else { levels.get(codes[keys[row]] as usize) }
            };
            Piece::from_texts((0..array.len()).map(|row| text(row).map(String::as_str)))
        }
    })
}

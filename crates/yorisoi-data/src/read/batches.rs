//! What do these Arrow batches say? Columns from memory, typed as Parquet columns are.

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use rayon::prelude::*;

use super::column::ColumnBuilder;
use super::csv::check_row_count;
use super::parquet::{is_supported, piece_of, refuse_or_note};
use super::records::{MAX_COLUMNS, check_names};
use super::{ReadError, ReadOptions};
use crate::{Column, Notice, Progress};

/// Rows that are read in one go: a table in memory may be one batch of any size.
const ROWS_A_PART: usize = 1 << 20;

/// Reads columns from Arrow batches of one schema, such as another program's table in memory.
///
/// `name` is what messages call the input. Types become columns as with
/// [`read_parquet`](super::read_parquet); nested columns are left out with a notice. A table without
/// rows gives columns without values: whether that is too few is for the caller to say. `progress` advances by
/// rows.
///
/// # Errors
///
/// [`ReadError::DuplicateColumn`], [`ReadError::TooManyColumns`]; [`ReadError::Corrupt`] for batches
/// that do not fit their schema or that their owner fails to deliver.
pub fn read_batches(
    name: &str,
    schema: &Schema,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
    progress: &dyn Progress,
) -> Result<(Vec<Column>, Vec<Notice>), ReadError> {
    let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    if names.len() > MAX_COLUMNS {
        return Err(ReadError::TooManyColumns { file: name.to_owned(), limit: MAX_COLUMNS });
    }
    check_names(name, &names)?;
    let mut notices = Vec::new();
    let mut wanted = Vec::new();
    for (at, field) in schema.fields().iter().enumerate() {
        if is_supported(field.data_type()) {
            wanted.push(at);
        } else {
            let options = ReadOptions::default();
            refuse_or_note(name, &names[at], field.data_type(), &options, &mut notices)?;
        }
    }
    let mut builders: Vec<ColumnBuilder> = wanted.iter().map(|_| ColumnBuilder::new()).collect();
    let mut n_rows = 0;
    for batch in batches {
        let corrupt = |row: usize, reason: String| {
            let (file, format) = (name.to_owned(), "Arrow");
            ReadError::Corrupt { file, format, reason, row }
        };
        let shortened = |error: ArrowError| crate::text::shorten(&error.to_string());
        let batch = batch.map_err(|error| corrupt(n_rows, shortened(error)))?;
        for part in parts(&batch) {
            append(&mut builders, &wanted, &part).map_err(|reason| corrupt(n_rows, reason))?;
            n_rows += part.num_rows();
            check_row_count(name, n_rows)?;
            progress.advance(part.num_rows() as u64);
        }
    }
    let finished = builders.into_iter().zip(&wanted).map(|(b, &at)| b.finish(names[at].clone()));
    let (columns, of_columns): (Vec<_>, Vec<_>) = finished.unzip();
    notices.extend(of_columns.into_iter().flatten());
    Ok((columns, notices))
}

/// Returns a batch in parts, of which none is copied.
fn parts(batch: &RecordBatch) -> impl Iterator<Item = RecordBatch> {
    let n_rows = batch.num_rows();
    // A batch without rows is a part as well: it says what its columns hold.
    let starts = (0..n_rows.max(1)).step_by(ROWS_A_PART);
    starts.map(move |start| batch.slice(start, ROWS_A_PART.min(n_rows - start)))
}

/// Appends a part.
fn append(
    builders: &mut [ColumnBuilder],
    wanted: &[usize],
    part: &RecordBatch,
) -> Result<(), String> {
    let filled = builders.par_iter_mut().zip(wanted).try_for_each(|(builder, &at)| {
        builder.append(piece_of(part.columns().get(at)?)?);
        Some(())
    });
    filled.ok_or_else(|| "a column changes its type".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::Int32Type;
    use arrow_array::{ArrayRef, DictionaryArray, Float32Array, Int64Array, StructArray};
    use arrow_schema::Fields;

    use super::*;
    use crate::{MISSING_CODE, Silent, Values};

    fn read(columns: Vec<(&str, ArrayRef)>) -> (Vec<Column>, Vec<Notice>) {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let (halves, schema) = ([batch.slice(0, 1), batch.slice(1, 2)], batch.schema());
        read_batches("X", &schema, halves.into_iter().map(Ok), &Silent).unwrap()
    }

    #[test]
    fn numbers_categories_and_gaps_survive_the_border_between_batches() {
        let number: ArrayRef = Arc::new(Float32Array::from(vec![Some(0.5), None, Some(2.0)]));
        let city: DictionaryArray<Int32Type> =
            vec![Some("Nara"), Some("Osaka"), None].into_iter().collect();
        let (columns, notices) = read(vec![("number", number), ("city", Arc::new(city))]);
        let Values::Numeric(numbers) = &columns[0].values else { panic!("not numeric") };
        assert_eq!((numbers[0], numbers[2]), (0.5, 2.0));
        assert!(numbers[1].is_nan());
        let levels = vec!["Nara".to_owned(), "Osaka".to_owned()];
        assert_eq!(columns[1].values, Values::Category { codes: vec![0, 1, MISSING_CODE], levels });
        assert!(notices.is_empty());
    }

    /// Rows told, part by part.
    struct Told(std::sync::Mutex<Vec<u64>>);

    impl Progress for Told {
        fn stage(&self, _name: &'static str, _total: u64) {}
        fn advance(&self, steps: u64) {
            self.0.lock().unwrap().push(steps);
        }
    }

    #[test]
    fn one_large_batch_is_read_in_parts_that_are_told() {
        let n_rows = ROWS_A_PART + 2;
        let numbers: Vec<f32> = (0..n_rows).map(|row| (row % 1000) as f32).collect();
        let column: ArrayRef = Arc::new(Float32Array::from(numbers.clone()));
        let batch = RecordBatch::try_from_iter([("x", column)]).unwrap();
        let (schema, told) = (batch.schema(), Told(std::sync::Mutex::default()));
        let (columns, _) = read_batches("X", &schema, std::iter::once(Ok(batch)), &told).unwrap();
        let numbers = numbers.into_iter().map(f64::from).collect();
        assert_eq!(columns[0].values, Values::Numeric(numbers));
        assert_eq!(told.0.into_inner().unwrap(), [ROWS_A_PART as u64, 2]);
    }

    #[test]
    fn text_without_rows_is_a_category() {
        let column: ArrayRef = Arc::new(arrow_array::StringArray::from(Vec::<&str>::new()));
        let batch = RecordBatch::try_from_iter([("x", column)]).unwrap();
        let schema = batch.schema();
        let (columns, _) = read_batches("X", &schema, std::iter::once(Ok(batch)), &Silent).unwrap();
        assert!(matches!(columns[0].values, Values::Category { .. }));
    }

    #[test]
    fn identifiers_that_no_float_can_hold_stay_apart() {
        let ids: ArrayRef = Arc::new(Int64Array::from(vec![1 << 53, (1 << 53) + 1, 0]));
        let (columns, _) = read(vec![("id", ids)]);
        assert!(matches!(&columns[0].values, Values::Category { levels, .. } if levels.len() == 3));
    }

    #[test]
    fn a_nested_column_is_left_out_and_told() {
        let nested: ArrayRef = Arc::new(StructArray::new_empty_fields(3, None));
        let number: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
        assert!(!is_supported(&arrow_schema::DataType::Struct(Fields::empty())));
        let (columns, notices) = read(vec![("nested", nested), ("number", number)]);
        assert_eq!(columns.len(), 1);
        assert_eq!(notices[0].code, "column.unsupported");
    }
}

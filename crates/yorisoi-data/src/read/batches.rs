//! What do these Arrow batches say? Columns from memory, typed as Parquet columns are.

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use rayon::prelude::*;

use super::column::ColumnBuilder;
use super::csv::check_row_count;
use super::parquet::{is_supported, piece_of, refuse_or_note};
use super::records::{MAX_COLUMNS, check_names};
use super::{ReadError, ReadOptions};
use crate::{Column, Notice};

/// Reads columns from Arrow batches of one schema, such as another program's table in memory.
///
/// `name` is what messages call the input. Types become columns as with
/// [`read_parquet`](super::read_parquet); nested columns are left out with a notice. A table without
/// rows gives columns without values: whether that is too few is for the caller to say.
///
/// # Errors
///
/// [`ReadError::DuplicateColumn`], [`ReadError::TooManyColumns`]; [`ReadError::Corrupt`] for batches
/// that do not fit their schema or that their owner fails to deliver.
pub fn read_batches(
    name: &str,
    schema: &Schema,
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>,
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
        n_rows += append(&mut builders, &wanted, batch).map_err(|reason| {
            let (file, row, format) = (name.to_owned(), n_rows, "Arrow");
            ReadError::Corrupt { file, format, reason, row }
        })?;
        check_row_count(name, n_rows)?;
    }
    let finished = builders.into_iter().zip(&wanted).map(|(b, &at)| b.finish(names[at].clone()));
    let (columns, of_columns): (Vec<_>, Vec<_>) = finished.unzip();
    notices.extend(of_columns.into_iter().flatten());
    Ok((columns, notices))
}

/// Appends a batch and returns its rows.
fn append(
    builders: &mut [ColumnBuilder],
    wanted: &[usize],
    batch: Result<RecordBatch, ArrowError>,
) -> Result<usize, String> {
    let batch = batch.map_err(|error| crate::text::shorten(&error.to_string()))?;
    let filled = builders.par_iter_mut().zip(wanted).try_for_each(|(builder, &at)| {
        builder.append(piece_of(batch.columns().get(at)?)?);
        Some(())
    });
    filled.map(|()| batch.num_rows()).ok_or_else(|| "a column changes its type".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::Int32Type;
    use arrow_array::{ArrayRef, DictionaryArray, Float32Array, Int64Array, StructArray};
    use arrow_schema::Fields;

    use super::*;
    use crate::{MISSING_CODE, Values};

    fn read(columns: Vec<(&str, ArrayRef)>) -> (Vec<Column>, Vec<Notice>) {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let (halves, schema) = ([batch.slice(0, 1), batch.slice(1, 2)], batch.schema());
        read_batches("X", &schema, halves.into_iter().map(Ok)).unwrap()
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

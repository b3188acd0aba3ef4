//! A table as Parquet: numbers as doubles, text as text, what is missing as missing.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use yorisoi::data::{Column, Table, Values};

/// Writes every column; one row group, since a log of decisions is read whole.
///
/// # Errors
///
/// What the sink or the format answers.
pub(crate) fn write(sink: impl Write + Send, table: &Table) -> io::Result<()> {
    write_all(sink, table).map_err(io::Error::other)
}

fn write_all<W: Write + Send>(sink: W, table: &Table) -> Result<()> {
    let properties = WriterProperties::builder()
        .set_created_by("yorisoi".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .build();
    let fields: Result<Vec<_>> = table.columns().iter().map(field).collect();
    let schema = Type::group_type_builder("decisions").with_fields(fields?).build()?;
    let mut file = SerializedFileWriter::new(sink, Arc::new(schema), Arc::new(properties))?;
    let mut group = file.next_row_group()?;
    for column in table.columns() {
        match &column.values {
            Values::Numeric(values) => write_numbers(&mut group, values)?,
            Values::Category { codes, levels } => write_texts(&mut group, codes, levels)?,
        }
    }
    group.close()?;
    file.close()?;
    Ok(())
}

fn field(column: &Column) -> Result<Arc<Type>> {
    let (physical, logical) = match &column.values {
        Values::Numeric(_) => (Physical::DOUBLE, None),
        Values::Category { .. } => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    Type::primitive_type_builder(&column.name, physical)
        .with_logical_type(logical)
        .with_repetition(Repetition::OPTIONAL)
        .build()
        .map(Arc::new)
}

fn write_numbers<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[f64],
) -> Result<()> {
    let levels: Vec<i16> = values.iter().map(|value| i16::from(!value.is_nan())).collect();
    let known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    if let Some(mut column) = group.next_column()? {
        column.typed::<DoubleType>().write_batch(&known, Some(&levels), None)?;
        column.close()?;
    }
    Ok(())
}

fn write_texts<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    codes: &[u32],
    texts: &[String],
) -> Result<()> {
    let text_of = |code: &u32| texts.get(*code as usize);
    let levels: Vec<i16> = codes.iter().map(|code| i16::from(text_of(code).is_some())).collect();
    let known = codes.iter().filter_map(text_of).map(|text| ByteArray::from(text.as_str()));
    let known: Vec<ByteArray> = known.collect();
    if let Some(mut column) = group.next_column()? {
        column.typed::<ByteArrayType>().write_batch(&known, Some(&levels), None)?;
        column.close()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use yorisoi::data::Silent;
    use yorisoi::data::read::{ReadOptions, read_table};

    #[test]
    fn a_table_comes_back_as_it_was_with_what_is_missing() {
        let csv = "action,n,名前\nhold,1.5,あ\ncall,,\ncall,-0.25,い\n";
        let read = |name, bytes: &[u8]| {
            let bytes = bytes.to_vec();
            read_table(name, std::io::Cursor::new(bytes), &ReadOptions::default(), &Silent)
                .unwrap()
                .0
        };
        let table = read("t.csv", csv.as_bytes());
        let mut bytes = Vec::new();
        write(&mut bytes, &table).unwrap();
        let back = read("t.parquet", &bytes);
        // A missing number is not equal to itself, so that texts are compared.
        assert_eq!(format!("{back:?}"), format!("{table:?}"));
    }
}

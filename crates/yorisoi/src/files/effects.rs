//! `effects.parquet`: the effect of every arm on every row, as a file.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, DoubleType, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use crate::EffectRows;

/// Rows a row group: large enough to compress, small enough to read in parts.
const ROWS_PER_GROUP: usize = 1 << 20;

/// Prefixes of the columns of an arm.
pub const EFFECT_COLUMNS: [&str; 4] = ["effect_", "std_error_", "low_", "high_"];

/// Writes the rows as Parquet: `row`, `heldout` and `effect_`, `std_error_`, `low_`, `high_` an arm.
///
/// # Errors
///
/// What the sink or the format answers.
pub fn write_effects(sink: impl Write + Send, rows: &EffectRows) -> io::Result<()> {
    write(sink, rows).map_err(io::Error::other)
}

fn write<W: Write + Send>(sink: W, rows: &EffectRows) -> Result<()> {
    let properties = WriterProperties::builder()
        .set_created_by("yorisoi".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        // Effects of neighbours share sign and exponent: byte planes compress, digits do not.
        .set_encoding(Encoding::BYTE_STREAM_SPLIT)
        .set_column_encoding("row".into(), Encoding::DELTA_BINARY_PACKED)
        .set_column_encoding("heldout".into(), Encoding::PLAIN)
        .build();
    let mut file = SerializedFileWriter::new(sink, schema(&rows.arms)?, Arc::new(properties))?;
    let mut start = 0;
    while start < rows.n_rows() {
        let end = rows.n_rows().min(start + ROWS_PER_GROUP);
        let mut group = file.next_row_group()?;
        write_group(&mut group, rows, start, end)?;
        group.close()?;
        start = end;
    }
    file.close()?;
    Ok(())
}

fn schema(arms: &[String]) -> Result<Arc<Type>> {
    let field = |name: &str, physical: Physical| {
        Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::REQUIRED)
            .build()
            .map(Arc::new)
    };
    let mut fields = vec![field("row", Physical::INT64)?, field("heldout", Physical::BOOLEAN)?];
    for arm in arms {
        for prefix in EFFECT_COLUMNS {
            fields.push(field(&format!("{prefix}{arm}"), Physical::DOUBLE)?);
        }
    }
    Type::group_type_builder("effects").with_fields(fields).build().map(Arc::new)
}

fn write_group<W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    rows: &EffectRows,
    start: usize,
    end: usize,
) -> Result<()> {
    let numbers: Vec<i64> = rows.source_row[start..end].iter().map(|&row| i64::from(row)).collect();
    if let Some(mut column) = group.next_column()? {
        column.typed::<Int64Type>().write_batch(&numbers, None, None)?;
        column.close()?;
    }
    if let Some(mut column) = group.next_column()? {
        column.typed::<BoolType>().write_batch(&rows.held_out[start..end], None, None)?;
        column.close()?;
    }
    for arm in &rows.effects.arms {
        for values in [&arm.tau_hat, &arm.std_error, &arm.low, &arm.high] {
            if let Some(mut column) = group.next_column()? {
                column.typed::<DoubleType>().write_batch(&values[start..end], None, None)?;
                column.close()?;
            }
        }
    }
    Ok(())
}

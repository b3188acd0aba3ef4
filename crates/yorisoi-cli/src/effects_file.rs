//! `effects.parquet`: the effect of every arm on every row, as a file.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, DoubleType, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use yorisoi::EffectRows;
use yorisoi::data::{Table, Values};
use yorisoi::effects::{ArmEffects, Effects};

use crate::failure::Failure;

/// Rows a row group: large enough to compress, small enough to read in parts.
const ROWS_PER_GROUP: usize = 1 << 20;

/// Prefixes of the columns of an arm.
const PREFIXES: [&str; 4] = ["effect_", "std_error_", "low_", "high_"];

/// Writes the rows as Parquet: `row`, `heldout` and `effect_`, `std_error_`, `low_`, `high_` an arm.
///
/// # Errors
///
/// What the sink or the format answers.
pub(crate) fn write<W: Write + Send>(sink: W, rows: &EffectRows) -> Result<()> {
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
        for prefix in PREFIXES {
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

/// Takes effects out of a table that was read from such a file.
///
/// # Errors
///
/// A [`Failure`] of the input kind where columns are missing or rows are not whole numbers.
pub(crate) fn from_table(table: &Table) -> std::result::Result<EffectRows, Failure> {
    let rows = numeric(table, "row")?;
    let is_row = |row: &f64| *row >= 0.0 && *row <= f64::from(u32::MAX) && row.fract() == 0.0;
    if !rows.iter().all(is_row) {
        return Err(not_effects(
            "`row` must hold whole numbers from 0",
            "`row` は 0 以上の整数です",
        ));
    }
    let arms: Vec<String> = table
        .columns()
        .iter()
        .filter_map(|column| column.name.strip_prefix(PREFIXES[0]).map(str::to_owned))
        .collect();
    if arms.is_empty() {
        return Err(not_effects("it has no column `effect_…`", "`effect_…` の列がありません"));
    }
    let mut effects = Effects::default();
    for arm in &arms {
        let [tau_hat, std_error, low, high] =
            PREFIXES.map(|prefix| numeric(table, &format!("{prefix}{arm}")).map(<[f64]>::to_vec));
        effects.arms.push(ArmEffects {
            tau_hat: tau_hat?,
            std_error: std_error?,
            low: low?,
            high: high?,
        });
    }
    let source_row = rows.iter().map(|&row| row as u32).collect();
    let held_out = table.column("heldout").map_or_else(|| vec![true; rows.len()], is_true);
    Ok(EffectRows { source_row, held_out, arms, effects })
}

fn is_true(column: &yorisoi::data::Column) -> Vec<bool> {
    match &column.values {
        Values::Numeric(values) => values.iter().map(|&value| value > 0.0).collect(),
        Values::Category { codes, levels } => codes
            .iter()
            .map(|&code| levels.get(code as usize).is_some_and(|level| level == "true"))
            .collect(),
    }
}

fn numeric<'a>(table: &'a Table, name: &str) -> std::result::Result<&'a [f64], Failure> {
    match table.column(name).map(|column| &column.values) {
        Some(Values::Numeric(values)) => Ok(values),
        Some(Values::Category { .. }) => Err(not_effects(
            &format!("column `{name}` holds text"),
            &format!("列 `{name}` が文字です"),
        )),
        None => Err(not_effects(
            &format!("it has no column `{name}`"),
            &format!("列 `{name}` がありません"),
        )),
    }
}

fn not_effects(en: &str, ja: &str) -> Failure {
    Failure::input(format!("not a table of effects: {en}"), format!("効果の表ではありません: {ja}"))
        .hint(
            "give a file written by `yorisoi effects` or `yorisoi study`",
            "`yorisoi effects` か `yorisoi study` が書いたファイルを指定してください",
        )
}

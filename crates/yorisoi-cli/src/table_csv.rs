//! A table as CSV, for made-up worlds.

use std::io::{self, Write};

use yorisoi::data::{Table, Values};
use yorisoi::files::csv_field;

/// Writes the columns of `tables`, which have equally many rows, side by side. Missing is empty.
///
/// # Errors
///
/// What the sink answers.
pub(crate) fn write(mut sink: impl Write, tables: &[&Table]) -> io::Result<()> {
    let columns: Vec<_> = tables.iter().flat_map(|table| table.columns()).collect();
    let names: Vec<_> = columns.iter().map(|column| csv_field(&column.name)).collect();
    writeln!(sink, "{}", names.join(","))?;
    for row in 0..tables.first().map_or(0, |table| table.n_rows()) {
        for (at, column) in columns.iter().enumerate() {
            if at > 0 {
                sink.write_all(b",")?;
            }
            match &column.values {
                Values::Numeric(values) if values[row].is_nan() => {}
                Values::Numeric(values) => write!(sink, "{}", values[row])?,
                Values::Category { codes, levels } => {
                    let level = levels.get(codes[row] as usize).map_or("", String::as_str);
                    sink.write_all(csv_field(level).as_bytes())?;
                }
            }
        }
        sink.write_all(b"\n")?;
    }
    sink.flush()
}

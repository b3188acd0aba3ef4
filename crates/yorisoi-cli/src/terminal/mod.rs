//! What does a study look like in a terminal? The verdict first, then what it rests on.

mod bar;
mod decision;
mod number;
mod study;

pub(crate) use decision::decision;
pub(crate) use number::{amount, count};
pub(crate) use study::study;

use std::io::IsTerminal as _;

use comfy_table::{CellAlignment, ContentArrangement, Table};

/// Bold and dim text where the terminal shows it and nobody asked for none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    is_on: bool,
}

impl Style {
    /// Returns the style for standard output, honouring `NO_COLOR`.
    pub(crate) fn of_stdout() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { is_on: !refused && std::io::stdout().is_terminal() }
    }

    fn bold(self, text: &str) -> String {
        if self.is_on { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn dim(self, text: &str) -> String {
        if self.is_on { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Returns a table with a rule below its head: the first column on the left, numbers on the right.
fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut sides = [CellAlignment::Right; N];
    sides[0] = CellAlignment::Left;
    table_of(head, rows, sides)
}

/// Returns a table with a rule below its head, each column on its side.
fn table_of<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
    sides: [CellAlignment; N],
) -> String {
    let mut table = Table::new();
    table.load_preset("     ──            ").set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(head);
    for row in rows {
        table.add_row(row);
    }
    for (column, side) in table.column_iter_mut().zip(sides) {
        column.set_cell_alignment(side);
        column.set_padding((0, 2));
    }
    let indented = |line: &str| format!("  {}\n", line.trim_end());
    table.to_string().lines().map(indented).collect()
}

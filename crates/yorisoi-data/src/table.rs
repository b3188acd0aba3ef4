//! Named columns of equal length, as they came from the file.

use serde::{Deserialize, Serialize};

/// The code of a missing entry in a category column.
pub const MISSING_CODE: u32 = u32::MAX;

/// The values of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Values {
    /// Numbers; a missing entry is NaN.
    Numeric(Vec<f64>),
    /// Text with repetition: `levels[codes[row]]`, or missing where the code is [`MISSING_CODE`].
    /// Levels are in order of first appearance.
    Category {
        /// One entry a row.
        codes: Vec<u32>,
        /// The distinct texts.
        levels: Vec<String>,
    },
}

impl Values {
    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Numeric(values) => values.len(),
            Self::Category { codes, .. } => codes.len(),
        }
    }

    /// Returns whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A named column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// The name in the file's header.
    pub name: String,
    /// One value a row.
    pub values: Values,
}

/// Columns of equal length with distinct names.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    columns: Vec<Column>,
    n_rows: usize,
}

impl Table {
    /// Returns a table of these columns, or `None` where lengths differ or a name stands twice.
    pub fn new(columns: Vec<Column>) -> Option<Self> {
        let n_rows = columns.first().map_or(0, |column| column.values.len());
        let mut names = std::collections::HashSet::new();
        let fits = |column: &Column| column.values.len() == n_rows;
        if columns.iter().all(fits) && columns.iter().all(|c| names.insert(c.name.as_str())) {
            return Some(Self { columns, n_rows });
        }
        None
    }

    /// Returns the number of rows.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Returns all columns in file order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns the column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

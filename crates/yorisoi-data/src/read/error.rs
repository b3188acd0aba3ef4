//! Why could a file not be read, and what helps?

use crate::text::list_names;

/// Why a file could not be read. `file` is the name the caller gave; rows count data rows from 1,
/// lines count lines of the text from 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// There is nothing in it.
    #[error("`{file}` is empty")]
    Empty {
        /// Name of the input.
        file: String,
    },
    /// There are column names, but no rows.
    #[error("`{file}` has column names but no rows")]
    HeaderOnly {
        /// Name of the input.
        file: String,
    },
    /// It is no table.
    #[error("`{file}` is not a table: it looks like {found}")]
    NotATable {
        /// Name of the input.
        file: String,
        /// What it looks like.
        found: &'static str,
    },
    /// A row has more or fewer fields than there are column names.
    #[error("`{file}`, row {row} (line {line}) has {actual} fields, expected {expected}")]
    Ragged {
        /// Name of the input.
        file: String,
        /// Data row, from 1.
        row: usize,
        /// Line, from 1.
        line: u64,
        /// Columns in the header.
        expected: usize,
        /// Fields found.
        actual: usize,
    },
    /// A double quote is opened and never closed: all that follows would be one field.
    #[error("`{file}`, {}, column {column}: a double quote is never closed", place(*row, *line))]
    UnclosedQuote {
        /// Name of the input.
        file: String,
        /// Data row, from 1; 0 for the column names.
        row: usize,
        /// Line on which the row begins, from 1.
        line: u64,
        /// Position of the column, from 1.
        column: usize,
    },
    /// Text that is neither UTF-8, nor UTF-16, nor `Shift_JIS`.
    #[error("`{file}`, {}, column `{column}`: the text cannot be decoded", place(*row, *line))]
    Undecodable {
        /// Name of the input.
        file: String,
        /// Data row, from 1; 0 for the column names.
        row: usize,
        /// Line, from 1.
        line: u64,
        /// Name of the column, or its position where the name itself is undecodable.
        column: String,
    },
    /// Two columns share a name.
    #[error("`{file}`: columns {first} and {second} are both called `{column}`")]
    DuplicateColumn {
        /// Name of the input.
        file: String,
        /// The name.
        column: String,
        /// Position of the first, from 1.
        first: usize,
        /// Position of the second, from 1.
        second: usize,
    },
    /// A column has no name.
    #[error("`{file}`: column {position} has no name")]
    UnnamedColumn {
        /// Name of the input.
        file: String,
        /// Position, from 1.
        position: usize,
    },
    /// More columns than any table of people has.
    #[error("`{file}` has more than {limit} columns")]
    TooManyColumns {
        /// Name of the input.
        file: String,
        /// The limit.
        limit: usize,
    },
    /// A field or row is too long to be one.
    #[error("`{file}`, {}, column {column}: a field is longer than {limit_bytes} bytes", place(*row, *line))]
    TooLong {
        /// Name of the input.
        file: String,
        /// Data row, from 1; 0 for the column names.
        row: usize,
        /// Line, from 1.
        line: u64,
        /// Position of the column, from 1.
        column: usize,
        /// The limit.
        limit_bytes: usize,
    },
    /// More rows than can be numbered.
    #[error("`{file}` has more than {limit} rows")]
    TooManyRows {
        /// Name of the input.
        file: String,
        /// The limit.
        limit: usize,
    },
    /// The end of the file is missing.
    #[error("`{file}` is cut off: the {format} data end too early{}", after(*row))]
    Truncated {
        /// Name of the input.
        file: String,
        /// `gzip`, `zstd` or `Parquet`.
        format: &'static str,
        /// Data rows read before the end.
        row: usize,
    },
    /// The bytes contradict their format.
    #[error("`{file}` is damaged: {format}: {reason}{}", after(*row))]
    Corrupt {
        /// Name of the input.
        file: String,
        /// `gzip`, `zstd` or `Parquet`.
        format: &'static str,
        /// What the decoder said.
        reason: String,
        /// Data rows read before the damage.
        row: usize,
    },
    /// A column that was asked for holds something that is neither number nor text.
    #[error("`{file}`: column `{column}` has type {data_type}, which is neither number nor text")]
    UnsupportedColumn {
        /// Name of the input.
        file: String,
        /// Name of the column.
        column: String,
        /// Its type.
        data_type: String,
    },
    /// A column that was asked for is not there.
    #[error("`{file}` has no column `{column}`{}", nearest_clause(nearest))]
    UnknownColumn {
        /// Name of the input.
        file: String,
        /// The name asked for.
        column: String,
        /// Names that look like it.
        nearest: Vec<String>,
    },
    /// The operating system could not deliver the bytes.
    #[error("`{file}` could not be read{}: {source}", after(*row))]
    Io {
        /// Name of the input.
        file: String,
        /// Data rows read before.
        row: usize,
        /// What the system said.
        source: std::io::Error,
    },
}

impl ReadError {
    /// Returns the stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "read.empty",
            Self::HeaderOnly { .. } => "read.header_only",
            Self::NotATable { .. } => "read.not_a_table",
            Self::Ragged { .. } => "read.ragged",
            Self::UnclosedQuote { .. } => "read.unclosed_quote",
            Self::Undecodable { .. } => "read.undecodable",
            Self::DuplicateColumn { .. } => "read.duplicate_column",
            Self::UnnamedColumn { .. } => "read.unnamed_column",
            Self::TooManyColumns { .. } => "read.too_many_columns",
            Self::TooLong { .. } => "read.too_long",
            Self::TooManyRows { .. } => "read.too_many_rows",
            Self::Truncated { .. } => "read.truncated",
            Self::Corrupt { .. } => "read.corrupt",
            Self::UnsupportedColumn { .. } => "read.unsupported_column",
            Self::UnknownColumn { .. } => "read.unknown_column",
            Self::Io { .. } => "read.io",
        }
    }

    /// Returns what the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "check that the export ran to its end and that the path is right",
            Self::HeaderOnly { .. } => "check the filter of the export: it let no row through",
            Self::NotATable { .. } => {
                "give a CSV file (comma, semicolon or tab; UTF-8, UTF-16 with byte order mark or \
                 Shift_JIS) or a Parquet file, plain or compressed with gzip or zstd"
            }
            Self::Ragged { .. } => {
                "put fields that hold the separator or a line break in double quotes, close every \
                 quote, and end every row with the same number of fields"
            }
            Self::UnclosedQuote { .. } => {
                "close the quote; inside of quotes, write a double quote twice"
            }
            Self::Undecodable { .. } => "save the file as UTF-8",
            Self::DuplicateColumn { .. } => "rename or remove one of them",
            Self::UnnamedColumn { .. } => {
                "give every column a name in the first line, or remove the column (a row-number \
                 column that a data frame wrote can be left out: `index=False`, `row.names = FALSE`)"
            }
            Self::TooManyColumns { .. } => {
                "check that the file has one row a person and line breaks between rows; keep the \
                 columns you need"
            }
            Self::TooLong { .. } => {
                "a double quote that is never closed makes one field of all that follows: close it"
            }
            Self::TooManyRows { .. } => "draw a sample of the rows, or keep those of one period",
            Self::Truncated { .. } => "copy or export the file again, it did not arrive whole",
            Self::Corrupt { .. } => {
                "copy or export the file again; `gzip -t` or `zstd -t` check a compressed file"
            }
            Self::UnsupportedColumn { .. } => {
                "leave the column out, or write its parts as columns of numbers or text"
            }
            Self::UnknownColumn { .. } => "check the spelling: names are case-sensitive",
            Self::Io { .. } => "check that the file can be read, and try again",
        }
    }

    /// Returns whether the file or its rows were missing altogether.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty { .. } | Self::HeaderOnly { .. })
    }

    /// Returns whether a row has the wrong number of fields.
    pub fn is_ragged(&self) -> bool {
        matches!(self, Self::Ragged { .. })
    }

    /// Returns whether the file was cut off or damaged on its way.
    pub fn is_damaged(&self) -> bool {
        matches!(self, Self::Truncated { .. } | Self::Corrupt { .. })
    }

    /// Makes an error of what a reader said; `format` is the compression, if there is one.
    pub(super) fn from_io(
        file: &str,
        format: Option<&'static str>,
        row: usize,
        source: std::io::Error,
    ) -> Self {
        let file = file.to_owned();
        match (format, source.kind()) {
            (Some(format), std::io::ErrorKind::UnexpectedEof) => {
                Self::Truncated { file, format, row }
            }
            (
                Some(format),
                std::io::ErrorKind::InvalidInput
                | std::io::ErrorKind::InvalidData
                | std::io::ErrorKind::Other,
            ) => Self::Corrupt { file, format, reason: source.to_string(), row },
            _ => Self::Io { file, row, source },
        }
    }
}

fn place(row: usize, line: u64) -> String {
    if row == 0 {
        format!("column names (line {line})")
    } else {
        format!("row {row} (line {line})")
    }
}

fn after(row: usize) -> String {
    if row == 0 { String::new() } else { format!(" after row {row}") }
}

fn nearest_clause(nearest: &[String]) -> String {
    if nearest.is_empty() {
        return String::new();
    }
    format!("; did you mean {}?", list_names(nearest))
}

//! Where do rows and fields end? Delimited text as chunks of records, in bounded memory.

use csv_core::ReadRecordResult;

use super::ReadError;
use super::decode::TextBlocks;

/// More columns than this are no table of people; a file of one line is one such.
pub(super) const MAX_COLUMNS: usize = crate::MAX_FEATURES;
/// A longer field is an unclosed quote, or no CSV.
pub(super) const MAX_FIELD_BYTES: usize = 1 << 20;
/// A longer record cannot be one either.
const MAX_RECORD_BYTES: usize = 64 << 20;
/// A chunk is closed once it holds so many bytes of text.
const CHUNK_BYTES: usize = 1 << 20;

/// Some consecutive records, fields end to end.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    bytes: Vec<u8>,
    used: usize,
    /// End of every field, row-major.
    ends: Vec<u32>,
    /// Line on which each record ends.
    lines: Vec<u64>,
    n_columns: usize,
    /// Data rows before this chunk.
    pub(super) first_row: usize,
}

impl Chunk {
    /// Empties the chunk, keeping its memory.
    fn reset(&mut self, n_columns: usize, first_row: usize) {
        self.used = 0;
        self.ends.clear();
        self.lines.clear();
        self.n_columns = n_columns;
        self.first_row = first_row;
    }

    /// Returns the number of records.
    pub(super) fn n_rows(&self) -> usize {
        self.lines.len()
    }

    /// Returns one field.
    #[inline]
    pub(super) fn field(&self, row: usize, column: usize) -> &[u8] {
        let at = row * self.n_columns + column;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.bytes[start..self.ends[at] as usize]
    }

    /// Returns the fields of one column.
    pub(super) fn column(&self, column: usize) -> impl ExactSizeIterator<Item = &[u8]> + Clone {
        (0..self.n_rows()).map(move |row| self.field(row, column))
    }

    /// Returns the line on which a record begins.
    pub(super) fn line(&self, row: usize) -> u64 {
        let fields = (0..self.n_columns).map(|column| self.field(row, column));
        let inner = fields.map(newlines);
        self.lines[row] - inner.sum::<u64>().min(self.lines[row] - 1)
    }
}

/// Cuts text into records.
pub(super) struct Records<'a> {
    file: &'a str,
    compression: Option<&'static str>,
    text: TextBlocks<'a>,
    core: csv_core::Reader,
    /// Bytes of the current block already consumed.
    consumed: usize,
    last_byte: u8,
    at_end: bool,
    /// Whether a line break was put behind the last byte, which ends every record but one in open quotes.
    is_closed: bool,
    ends: Vec<usize>,
    n_rows: usize,
}

impl<'a> Records<'a> {
    /// Starts at the first record, which holds the column names.
    pub(super) fn new(
        file: &'a str,
        compression: Option<&'static str>,
        mut text: TextBlocks<'a>,
    ) -> Result<Self, ReadError> {
        let at_end = !text.advance().map_err(|e| ReadError::from_io(file, compression, 0, e))?;
        let delimiter = sniff_delimiter(text.block());
        let core = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        let ends = vec![0; MAX_COLUMNS + 1];
        Ok(Self {
            file,
            compression,
            text,
            core,
            consumed: 0,
            last_byte: 0,
            at_end,
            is_closed: false,
            ends,
            n_rows: 0,
        })
    }

    /// Returns the name of the encoding if it is not UTF-8.
    pub(super) fn other_encoding(&self) -> Option<&'static str> {
        self.text.other_encoding()
    }

    /// Reads compressed data to their end and returns the damage found, if any.
    ///
    /// Damage shows as garbage long before a checksum tells; the user should hear of the cause.
    pub(super) fn find_damage(&mut self) -> Option<ReadError> {
        self.compression?;
        loop {
            match self.text.advance() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    return Some(ReadError::from_io(
                        self.file,
                        self.compression,
                        self.n_rows,
                        error,
                    ));
                }
            }
        }
    }

    /// Returns the column names.
    pub(super) fn header(&mut self) -> Result<Vec<String>, ReadError> {
        let mut chunk = Chunk::default();
        let Some((n_fields, line)) = self.next_record(&mut chunk, 0)? else {
            return Err(ReadError::Empty { file: self.file.to_owned() });
        };
        if n_fields > MAX_COLUMNS {
            return Err(ReadError::TooManyColumns {
                file: self.file.to_owned(),
                limit: MAX_COLUMNS,
            });
        }
        let mut start = 0;
        let mut names = Vec::with_capacity(n_fields);
        for (i, &end) in self.ends[..n_fields].iter().enumerate() {
            let name =
                str::from_utf8(&chunk.bytes[start..end]).map_err(|_| ReadError::Undecodable {
                    file: self.file.to_owned(),
                    row: 0,
                    line,
                    column: format!("number {}", i + 1),
                })?;
            names.push(name.trim().to_owned());
            start = end;
        }
        check_names(self.file, &names)?;
        Ok(names)
    }

    /// Fills `chunk` with the next records; leaves it empty at the end.
    pub(super) fn fill(&mut self, chunk: &mut Chunk, n_columns: usize) -> Result<(), ReadError> {
        chunk.reset(n_columns, self.n_rows);
        while chunk.used < CHUNK_BYTES {
            let start = chunk.used;
            let Some((n_fields, line)) = self.next_record(chunk, self.n_rows + 1)? else {
                return Ok(());
            };
            self.n_rows += 1;
            if n_fields != n_columns {
                return Err(ReadError::Ragged {
                    file: self.file.to_owned(),
                    row: self.n_rows,
                    line: line - newlines(&chunk.bytes[start..chunk.used]).min(line - 1),
                    expected: n_columns,
                    actual: n_fields,
                });
            }
            chunk.ends.extend(self.ends[..n_fields].iter().map(|end| (start + end) as u32));
            chunk.lines.push(line);
        }
        Ok(())
    }

    /// Appends one record's text to `chunk`; returns its number of fields and the line it ends on.
    /// Their ends, from the record's start, are then in `self.ends`.
    fn next_record(
        &mut self,
        chunk: &mut Chunk,
        row: usize,
    ) -> Result<Option<(usize, u64)>, ReadError> {
        let start = chunk.used;
        let mut n_fields = 0;
        loop {
            self.refill()?;
            let is_closing = self.at_end && !self.is_closed;
            let input = if is_closing { &b"\n"[..] } else { &self.text.block()[self.consumed..] };
            let (result, n_in, n_out, n_ends) = self.core.read_record(
                input,
                &mut chunk.bytes[chunk.used..],
                &mut self.ends[n_fields..],
            );
            if n_in > 0 {
                self.last_byte = input[n_in - 1];
            }
            if is_closing {
                self.is_closed = n_in > 0;
            } else {
                self.consumed += n_in;
            }
            chunk.used += n_out;
            n_fields += n_ends;
            if is_closing && n_out > 0 {
                let text = &chunk.bytes[start..chunk.used - n_out];
                return Err(self.unclosed_quote(text, row, n_fields + 1));
            }
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => {
                    self.check_lengths(chunk.used - start, n_fields, row)?;
                    chunk.bytes.resize((chunk.bytes.len() * 2).max(CHUNK_BYTES / 4), 0);
                }
                ReadRecordResult::OutputEndsFull => return Ok(Some((n_fields, self.line()))),
                ReadRecordResult::Record => {
                    if chunk.used - start > MAX_FIELD_BYTES {
                        self.check_lengths(chunk.used - start, n_fields, row)?;
                    }
                    return Ok(Some((n_fields, self.line())));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    /// Moves to the next block where the current one is used up.
    fn refill(&mut self) -> Result<(), ReadError> {
        if self.consumed == self.text.block().len() && !self.at_end {
            let advanced = self.text.advance();
            let more = advanced.map_err(|error| {
                ReadError::from_io(self.file, self.compression, self.n_rows, error)
            })?;
            self.at_end = !more;
            self.consumed = 0;
            if self.at_end {
                // What ends here is not ended by the line break before, which lies in an open quote.
                self.last_byte = 0;
            }
        }
        Ok(())
    }

    /// Returns the error of a record whose text so far ends in open quotes.
    fn unclosed_quote(&self, text: &[u8], row: usize, column: usize) -> ReadError {
        let line = self.line();
        let line = line - newlines(text).min(line - 1);
        ReadError::UnclosedQuote { file: self.file.to_owned(), row, line, column }
    }

    /// The line of the byte consumed last; a line break belongs to the line it ends.
    fn line(&self) -> u64 {
        self.core.line() - u64::from(self.last_byte == b'\n')
    }

    /// Refuses a record so far `n_bytes` long if it, or one of its fields, is too long.
    fn check_lengths(&self, n_bytes: usize, n_fields: usize, row: usize) -> Result<(), ReadError> {
        let starts = std::iter::once(0).chain(self.ends[..n_fields].iter().copied());
        let ends = self.ends[..n_fields].iter().copied().chain([n_bytes]);
        let too_long = starts.zip(ends).position(|(start, end)| end - start > MAX_FIELD_BYTES);
        let too_long = too_long.or((n_bytes > MAX_RECORD_BYTES).then_some(n_fields));
        match too_long {
            None => Ok(()),
            Some(column) => Err(ReadError::TooLong {
                file: self.file.to_owned(),
                row,
                line: self.line(),
                column: column + 1,
                limit_bytes: MAX_FIELD_BYTES,
            }),
        }
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|&b| u64::from(b == b'\n')).sum()
}

/// Refuses names that are empty or stand twice.
pub(super) fn check_names(file: &str, names: &[String]) -> Result<(), ReadError> {
    let mut positions = std::collections::HashMap::new();
    for (i, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(ReadError::UnnamedColumn { file: file.to_owned(), position: i + 1 });
        }
        if let Some(first) = positions.insert(name, i) {
            return Err(ReadError::DuplicateColumn {
                file: file.to_owned(),
                column: name.clone(),
                first: first + 1,
                second: i + 1,
            });
        }
    }
    Ok(())
}

/// Returns which of comma, semicolon and tab stands most often in the first line, outside of quotes.
fn sniff_delimiter(block: &[u8]) -> u8 {
    const CANDIDATES: [u8; 3] = [b',', b'\t', b';'];
    let mut counts = [0_usize; 3];
    let mut in_quotes = false;
    for &byte in block.trim_ascii_start() {
        match byte {
            b'"' => in_quotes = !in_quotes,
            b'\n' | b'\r' if !in_quotes => break,
            _ if in_quotes => {}
            _ => {
                if let Some(i) = CANDIDATES.iter().position(|&candidate| candidate == byte) {
                    counts[i] += 1;
                }
            }
        }
    }
    let best = (0..3).rev().max_by_key(|&i| counts[i]).unwrap_or(0);
    CANDIDATES[best]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_of_the_first_line_is_found() {
        let cases: [(&str, u8); 6] = [
            ("a,b\n1;2\n", b','),
            ("a;b;c\n1,5;2;3\n", b';'),
            ("a\tb\n", b'\t'),
            ("\"a,b,c\";d\n", b';'),
            ("a\n1\n", b','),
            ("", b','),
        ];
        for (text, delimiter) in cases {
            assert_eq!(sniff_delimiter(text.as_bytes()), delimiter, "{text:?}");
        }
    }
}

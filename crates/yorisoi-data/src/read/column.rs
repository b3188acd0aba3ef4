//! Is this column numbers or categories? Pieces of a column, typed one by one, become one column.
//!
//! A piece (a few thousand rows) is typed on its own, so pieces can be parsed in parallel and in any
//! order; appending them in row order gives the same column however the rows were cut. That works
//! because a value's spelling depends on the value alone: when a column of numbers turns out to hold a
//! word in row ten million, the numbers read so far are spelt out (`spell_number`, ISO dates,
//! `true`/`false`), and numbers after that word are spelt the same way.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::date::spell_date;
use super::field::{Field, meaning};
use crate::text::{shorten, spell_number};
use crate::{Column, MISSING_CODE, Notice, Values};

/// What a column or a piece of one holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Missing values only, so far.
    Unknown,
    /// Numbers.
    Number,
    /// True and false, held as 1 and 0.
    Truth,
    /// Days since 1970-01-01.
    Date,
    /// Levels.
    Text,
}

/// A missing value that was spelt `None`: a NaN with its own payload, so that it can become the level
/// `None` should the column turn out to be text. It never leaves this module.
const NONE_BITS: u64 = 0x7ff8_0000_6e6f_6e65;

/// Some rows of one column.
#[derive(Debug)]
pub(super) enum Piece {
    /// Numbers of one kind (never `Kind::Text`); missing is NaN.
    Numbers { kind: Kind, values: Vec<f64> },
    /// Levels by code; `levels` may hold one text twice.
    Text { codes: Vec<u32>, levels: Vec<String>, tally: Tally },
}

/// What kinds of values a text column holds, to tell the user about mixtures.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    /// Values that would be numbers (or dates, or true/false) alone.
    typed: usize,
    /// Values that are words.
    words: usize,
    /// First row (within the piece or column) with a word, and the word.
    first_word: Option<(usize, String)>,
}

/// The row, within the piece, whose text is not UTF-8.
#[derive(Debug)]
pub(super) struct NotUtf8 {
    pub(super) row: usize,
}

impl Piece {
    /// Types the fields of a piece. `expected` only saves time: the piece means the same without it.
    pub(super) fn parse<'a>(
        fields: impl Iterator<Item = &'a [u8]> + Clone,
        expected: Kind,
    ) -> Result<Self, NotUtf8> {
        if expected != Kind::Text
            && let Some(numbers) = Self::parse_numbers(fields.clone())
        {
            return Ok(numbers);
        }
        Self::parse_text(fields)
    }

    /// Returns the piece as numbers of one kind, if it is that.
    fn parse_numbers<'a>(fields: impl Iterator<Item = &'a [u8]>) -> Option<Self> {
        let mut kind = Kind::Unknown;
        let mut values = Vec::with_capacity(fields.size_hint().0);
        for field in fields {
            let (found, value) = match meaning(field) {
                Field::Missing => (kind, f64::NAN),
                Field::NoneWord => (kind, f64::from_bits(NONE_BITS)),
                Field::Number(value) => (Kind::Number, value),
                Field::Truth(truth) => (Kind::Truth, f64::from(u8::from(truth))),
                Field::Date(days) => (Kind::Date, days),
                Field::Text(_) => return None,
            };
            if kind != found {
                if kind != Kind::Unknown {
                    return None;
                }
                kind = found;
            }
            values.push(value);
        }
        Some(Self::Numbers { kind, values })
    }

    fn parse_text<'a>(fields: impl Iterator<Item = &'a [u8]>) -> Result<Self, NotUtf8> {
        let mut known: HashMap<&[u8], (u32, bool)> = HashMap::new();
        let mut codes = Vec::with_capacity(fields.size_hint().0);
        let mut levels = Vec::new();
        let mut tally = Tally::default();
        for (row, field) in fields.enumerate() {
            let (code, is_word) = if let Some(&found) = known.get(field) {
                found
            } else {
                let (level, is_word) = spell(meaning(field)).map_err(|()| NotUtf8 { row })?;
                let code = level.map_or(MISSING_CODE, |level| {
                    levels.push(level);
                    levels.len() as u32 - 1
                });
                known.insert(field, (code, is_word));
                (code, is_word)
            };
            if code != MISSING_CODE {
                tally.count(row, is_word, || levels[code as usize].clone());
            }
            codes.push(code);
        }
        Ok(Self::Text { codes, levels, tally })
    }

    /// Makes a text piece of typed text, such as a Parquet string column.
    pub(super) fn from_texts<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> Self {
        let mut known: HashMap<&str, u32> = HashMap::new();
        let mut levels = Vec::new();
        let codes = texts
            .map(|text| match text {
                None | Some("") => MISSING_CODE,
                Some(text) => *known.entry(text).or_insert_with(|| {
                    levels.push(text.to_owned());
                    levels.len() as u32 - 1
                }),
            })
            .collect();
        Self::Text { codes, levels, tally: Tally::default() }
    }
}

/// Returns the level a field becomes in a text column, and whether it is a word.
fn spell(field: Field<'_>) -> Result<(Option<String>, bool), ()> {
    Ok(match field {
        Field::Missing => (None, false),
        Field::NoneWord => (Some("None".to_owned()), true),
        Field::Number(value) => (Some(spell_number(value)), false),
        Field::Truth(truth) => (Some(truth.to_string()), false),
        Field::Date(days) => (Some(spell_date(days)), false),
        Field::Text(text) => (Some(str::from_utf8(text).map_err(drop)?.to_owned()), true),
    })
}

/// Spells a number of a piece or column that turned out to be part of a text column.
fn spell_value(kind: Kind, value: f64) -> Option<String> {
    match kind {
        _ if value.to_bits() == NONE_BITS => Some("None".to_owned()),
        _ if value.is_nan() => None,
        Kind::Truth => Some((value != 0.0).to_string()),
        Kind::Date => Some(spell_date(value)),
        Kind::Number | Kind::Unknown | Kind::Text => Some(spell_number(value)),
    }
}

impl Tally {
    fn count(&mut self, row: usize, is_word: bool, word: impl FnOnce() -> String) {
        if is_word {
            self.words += 1;
            self.first_word.get_or_insert_with(|| (row, word()));
        } else {
            self.typed += 1;
        }
    }

    fn add(&mut self, other: Self, row_offset: usize) {
        self.typed += other.typed;
        self.words += other.words;
        if self.first_word.is_none() {
            self.first_word = other.first_word.map(|(row, word)| (row + row_offset, word));
        }
    }
}

/// Distinct texts in order of first appearance, each stored once.
#[derive(Debug, Default)]
struct Dictionary {
    levels: Vec<String>,
    codes: HashTable<u32>,
    hasher: RandomState,
}

impl Dictionary {
    /// Returns the code of `level`, a new one if it was never seen.
    fn intern(&mut self, level: String) -> u32 {
        let Self { levels, codes, hasher } = self;
        let hash = hasher.hash_one(level.as_bytes());
        let entry = codes.entry(
            hash,
            |&code| levels[code as usize] == level,
            |&code| hasher.hash_one(levels[code as usize].as_bytes()),
        );
        match entry {
            hashbrown::hash_table::Entry::Occupied(found) => *found.get(),
            hashbrown::hash_table::Entry::Vacant(slot) => {
                let code = levels.len() as u32;
                slot.insert(code);
                levels.push(level);
                code
            }
        }
    }
}

/// A column that grows by pieces.
#[derive(Debug)]
pub(super) struct ColumnBuilder {
    kind: Kind,
    numbers: Vec<f64>,
    codes: Vec<u32>,
    dictionary: Dictionary,
    tally: Tally,
}

impl ColumnBuilder {
    pub(super) fn new() -> Self {
        Self {
            kind: Kind::Unknown,
            numbers: Vec::new(),
            codes: Vec::new(),
            dictionary: Dictionary::default(),
            tally: Tally::default(),
        }
    }

    /// Returns what the column holds so far.
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Appends the next rows.
    pub(super) fn append(&mut self, piece: Piece) {
        match piece {
            Piece::Numbers { kind, values } => self.append_numbers(kind, values),
            Piece::Text { codes, levels, tally } => {
                self.become_text();
                self.tally.add(tally, self.codes.len());
                let lookup: Vec<u32> =
                    levels.into_iter().map(|level| self.dictionary.intern(level)).collect();
                let recode = |code| if code == MISSING_CODE { code } else { lookup[code as usize] };
                self.codes.extend(codes.into_iter().map(recode));
            }
        }
    }

    fn append_numbers(&mut self, kind: Kind, values: Vec<f64>) {
        let joined = match (self.kind, kind) {
            (kind, Kind::Unknown) | (Kind::Unknown, kind) => kind,
            (a, b) if a == b => a,
            _ => Kind::Text,
        };
        if joined == Kind::Text {
            self.become_text();
            self.spell_out(kind, &values);
        } else {
            self.kind = joined;
            if self.numbers.is_empty() {
                // The first piece may be the only one, and of any size: a table in memory. It is not copied.
                self.numbers = values;
            } else {
                self.numbers.extend_from_slice(&values);
            }
        }
    }

    /// Turns what was read so far into levels.
    fn become_text(&mut self) {
        if self.kind != Kind::Text {
            let (kind, numbers) = (self.kind, std::mem::take(&mut self.numbers));
            self.kind = Kind::Text;
            self.spell_out(kind, &numbers);
        }
    }

    fn spell_out(&mut self, kind: Kind, values: &[f64]) {
        for &value in values {
            let code = match spell_value(kind, value) {
                None => MISSING_CODE,
                Some(level) => {
                    let is_word = value.to_bits() == NONE_BITS;
                    self.tally.count(self.codes.len(), is_word, || level.clone());
                    self.dictionary.intern(level)
                }
            };
            self.codes.push(code);
        }
    }

    /// Returns the column and what the user should know about how it was read.
    pub(super) fn finish(mut self, name: String) -> (Column, Option<Notice>) {
        let notice = self.notice(&name);
        let values = if self.kind == Kind::Text {
            Values::Category { codes: self.codes, levels: self.dictionary.levels }
        } else {
            for value in &mut self.numbers {
                if value.is_nan() {
                    *value = f64::NAN;
                }
            }
            Values::Numeric(self.numbers)
        };
        (Column { name, values }, notice)
    }

    fn notice(&self, name: &str) -> Option<Notice> {
        match self.kind {
            Kind::Date => Some(Notice::new(
                "column.date",
                Some(name),
                format!("column `{name}` holds dates; they are used as days since 1970-01-01"),
                format!("列「{name}」は日付です。1970-01-01 からの日数として扱います。"),
            )),
            Kind::Text if self.tally.typed > 0 => Some(self.mixed_notice(name)),
            Kind::Text if has_decimal_commas(&self.dictionary.levels) => Some(Notice::new(
                "column.decimal_comma",
                Some(name),
                format!(
                    "column `{name}` holds numbers with commas, such as `{}`; they were read as \
                     categories: write them with a decimal point and without thousands separators",
                    self.dictionary.levels[0]
                ),
                format!(
                    "列「{name}」にはコンマを含む数値（例：{}）があり、カテゴリとして読みました。\
                     小数点を使い、桁区切りを外してください。",
                    self.dictionary.levels[0]
                ),
            )),
            _ => None,
        }
    }

    fn mixed_notice(&self, name: &str) -> Notice {
        let Tally { typed, words, first_word } = &self.tally;
        let (en, ja) = match first_word {
            Some((row, word)) => {
                let (row, word) = (row + 1, shorten(word));
                (
                    format!(
                        "column `{name}` mixes {typed} numbers or dates with {words} texts (the \
                         first is `{word}` in row {row}); all were read as categories: if it should \
                         be numeric, leave those fields empty"
                    ),
                    format!(
                        "列「{name}」には数値・日付 {typed} 件と文字 {words} 件（最初は {row} 行目の\
                         「{word}」）が混ざっているため、カテゴリとして読みました。数値の列であれば、\
                         その欄を空にしてください。"
                    ),
                )
            }
            None => (
                format!(
                    "column `{name}` mixes numbers, dates or true/false; all were read as categories"
                ),
                format!(
                    "列「{name}」には数値・日付・真偽値が混ざっているため、カテゴリとして読みました。"
                ),
            ),
        };
        Notice::new("column.mixed", Some(name), en, ja)
    }
}

/// Whether every level is digits with a comma among them.
fn has_decimal_commas(levels: &[String]) -> bool {
    let is_number_like = |level: &String| {
        let digits = level.strip_prefix('-').unwrap_or(level);
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.contains(',')
            && digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.'))
    };
    !levels.is_empty() && levels.iter().all(is_number_like)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn build(pieces: &[&[&str]], expected: Kind) -> (Column, Option<Notice>) {
        let mut builder = ColumnBuilder::new();
        for piece in pieces {
            let fields = piece.iter().map(|text| text.as_bytes());
            builder.append(Piece::parse(fields, expected).unwrap());
        }
        builder.finish("x".to_owned())
    }

    fn texts(column: &Column) -> Vec<Option<String>> {
        match &column.values {
            Values::Numeric(values) => {
                values.iter().map(|&v| (!v.is_nan()).then(|| spell_number(v))).collect()
            }
            Values::Category { codes, levels } => {
                codes.iter().map(|&c| levels.get(c as usize).cloned()).collect()
            }
        }
    }

    #[test]
    fn a_word_in_a_late_piece_turns_numbers_into_levels() {
        let (column, notice) = build(&[&["1.0", "", "2"], &["1", "abc"]], Kind::Unknown);
        let level = |text: &str| Some(text.to_owned());
        assert_eq!(texts(&column), [level("1"), None, level("2"), level("1"), level("abc")]);
        let notice = notice.expect("a mixture is told");
        assert_eq!(notice.code, "column.mixed");
        assert!(notice.en.contains("`abc` in row 5"), "{}", notice.en);
    }

    #[test]
    fn none_is_missing_among_numbers_and_a_level_among_words() {
        let (numbers, _) = build(&[&["1", "None"]], Kind::Unknown);
        assert_eq!(texts(&numbers), [Some("1".to_owned()), None]);
        let (words, _) = build(&[&["None"], &["Mail"]], Kind::Unknown);
        assert_eq!(texts(&words), [Some("None".to_owned()), Some("Mail".to_owned())]);
    }

    #[test]
    fn truths_are_one_and_zero_until_another_kind_appears() {
        assert_eq!(
            build(&[&["TRUE", "false"]], Kind::Unknown).0.values,
            Values::Numeric(vec![1.0, 0.0])
        );
        let (mixed, _) = build(&[&["true"], &["0.5"]], Kind::Unknown);
        assert_eq!(texts(&mixed), [Some("true".to_owned()), Some("0.5".to_owned())]);
    }

    #[test]
    fn numbers_with_commas_are_pointed_out() {
        let notice = build(&[&["1,5", "2,25"]], Kind::Unknown).1.expect("told");
        assert_eq!(notice.code, "column.decimal_comma");
    }

    proptest! {
        /// However rows are cut into pieces, and whatever was expected, the column is the same.
        #[test]
        fn cutting_does_not_change_the_column(
            fields in prop::collection::vec(
                prop::sample::select(vec!["1", "1.0", "2", "", "None", "true", "1970-01-02", "a", "b"]), 1..20),
            cut in 0_usize..20,
        ) {
            let cut = cut.min(fields.len());
            let whole = build(&[&fields], Kind::Unknown);
            let halves = build(&[&fields[..cut], &fields[cut..]], Kind::Unknown);
            prop_assert_eq!(texts(&whole.0), texts(&halves.0));
            prop_assert_eq!(&whole.1, &halves.1);
            if matches!(whole.0.values, Values::Category { .. }) {
                let hinted = build(&[&fields[..cut], &fields[cut..]], Kind::Text);
                prop_assert_eq!(&whole.0, &hinted.0);
                prop_assert_eq!(&whole.1, &hinted.1);
            }
        }
    }
}

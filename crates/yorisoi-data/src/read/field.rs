//! What does the text of one field mean?

use super::date::parse_date;

/// Integers from here on have neighbours that a float cannot tell apart.
pub const EXACT_INTEGER_LIMIT: f64 = 9_007_199_254_740_992.0;

/// The meaning of one field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Field<'a> {
    /// Nothing was observed.
    Missing,
    /// Python's `None`: missing among numbers, but a level among texts, where it may be an arm's name.
    NoneWord,
    /// A number, infinities included.
    Number(f64),
    /// `true` or `false` in any case.
    Truth(bool),
    /// Days since 1970-01-01.
    Date(f64),
    /// Anything else, without blanks around it. Not yet known to be UTF-8.
    Text(&'a [u8]),
}

/// Returns the meaning of a field, blanks around it ignored.
///
/// Missing are the empty field and `NA`, `N/A`, `n/a`, `#N/A`, `<NA>`, `NaN`, `nan`, `NAN`, `NULL`,
/// `Null`, `null`, `\N` and `.`. An integer of more than 15 digits that a float cannot hold is text,
/// because two different identifiers would become one number.
pub(super) fn meaning(field: &[u8]) -> Field<'_> {
    let field = field.trim_ascii();
    let Some(first) = field.first() else { return Field::Missing };
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => number_or_date(field),
        b'N' | b'n' | b'#' | b'<' | b'\\' if is_missing_word(field) => Field::Missing,
        b'N' if field == b"None" => Field::NoneWord,
        b't' | b'T' if field.eq_ignore_ascii_case(b"true") => Field::Truth(true),
        b'f' | b'F' if field.eq_ignore_ascii_case(b"false") => Field::Truth(false),
        b'i' | b'I' if is_infinity(field) => Field::Number(f64::INFINITY),
        _ => Field::Text(field),
    }
}

fn number_or_date(field: &[u8]) -> Field<'_> {
    match fast_float2::parse::<f64, _>(field) {
        Ok(value) if value.is_nan() => Field::Missing,
        Ok(value) if value.abs() >= EXACT_INTEGER_LIMIT && is_integer_literal(field) => {
            Field::Text(field)
        }
        Ok(value) => Field::Number(value),
        Err(_) if field == b"." => Field::Missing,
        Err(_) => parse_date(field).map_or(Field::Text(field), Field::Date),
    }
}

fn is_integer_literal(field: &[u8]) -> bool {
    let digits = field.strip_prefix(b"-").or(field.strip_prefix(b"+")).unwrap_or(field);
    digits.iter().all(u8::is_ascii_digit)
}

fn is_infinity(field: &[u8]) -> bool {
    field.eq_ignore_ascii_case(b"inf") || field.eq_ignore_ascii_case(b"infinity")
}

fn is_missing_word(field: &[u8]) -> bool {
    matches!(
        field,
        b"NA"
            | b"N/A"
            | b"n/a"
            | b"#N/A"
            | b"<NA>"
            | b"NaN"
            | b"nan"
            | b"NAN"
            | b"NULL"
            | b"Null"
            | b"null"
            | b"\\N"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_spelling_is_missing() {
        for text in [
            "", "  ", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-nan", "NULL", "null",
            "\\N", ".", " NA ",
        ] {
            assert_eq!(meaning(text.as_bytes()), Field::Missing, "{text:?}");
        }
    }

    #[test]
    fn numbers_in_every_spelling_are_numbers() {
        let cases = [
            ("1", 1.0),
            ("-1", -1.0),
            ("+1", 1.0),
            ("1.", 1.0),
            (".5", 0.5),
            ("1e3", 1000.0),
            ("1E-3", 0.001),
            (" 7 ", 7.0),
            ("007", 7.0),
            ("inf", f64::INFINITY),
            ("-inf", f64::NEG_INFINITY),
            ("Infinity", f64::INFINITY),
            ("9007199254740991", 9_007_199_254_740_991.0),
        ];
        for (text, value) in cases {
            assert_eq!(meaning(text.as_bytes()), Field::Number(value), "{text}");
        }
    }

    #[test]
    fn words_dates_and_long_identifiers_are_not_numbers() {
        assert_eq!(meaning(b"TRUE"), Field::Truth(true));
        assert_eq!(meaning(b"false"), Field::Truth(false));
        assert_eq!(meaning(b"1970-01-02"), Field::Date(1.0));
        assert_eq!(meaning(b"None"), Field::NoneWord);
        for text in [
            "none",
            "12345678901234567890",
            "-",
            "1_000",
            "1,5",
            "0x10",
            "abc",
            "1 2",
            "Nancy",
            "-none",
        ] {
            assert_eq!(meaning(text.as_bytes()), Field::Text(text.as_bytes()), "{text}");
        }
    }
}

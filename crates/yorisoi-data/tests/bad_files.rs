//! Every mishap a file can bring is one clear error: file, row, column, remedy.
#![cfg(feature = "read")]

mod support;

use arrow_array::{Int64Array, ListArray, StringArray, types::Int32Type};
use support::{array, gzip, parquet, read, zstd};
use yorisoi_data::Silent;
use yorisoi_data::read::{ReadOptions, read_table};

fn wide_header(n_columns: usize) -> Vec<u8> {
    let names: Vec<String> = (0..n_columns).map(|i| format!("c{i}")).collect();
    names.join(",").into_bytes()
}

fn small_parquet() -> Vec<u8> {
    parquet(vec![("a", array(Int64Array::from(vec![1, 2, 3])))])
}

fn cut(bytes: &[u8], tail: usize) -> Vec<u8> {
    bytes[..bytes.len() - tail].to_vec()
}

fn long_csv() -> Vec<u8> {
    let rows: Vec<String> = (0..50_000).map(|i| format!("{i},{}\n", i * 7919 % 1000)).collect();
    format!("a,b\n{}", rows.concat()).into_bytes()
}

type Mishap = (Vec<u8>, &'static str, &'static str);

/// Bytes, the code of the error they must give, and its message from the start.
fn mishaps() -> Vec<Mishap> {
    [
        empty_files(),
        broken_rows(),
        broken_text(),
        broken_headers(),
        damaged_files(),
        other_formats(),
    ]
    .concat()
}

fn text(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

fn empty_files() -> Vec<Mishap> {
    let empty_parquet = parquet(vec![("a", array(Int64Array::from(Vec::<i64>::new())))]);
    vec![
        (text(""), "read.empty", "`t.csv` is empty"),
        (text("\n\n"), "read.empty", "`t.csv` is empty"),
        (gzip(b""), "read.empty", "`t.csv` is empty"),
        (text("a,b\n"), "read.header_only", "`t.csv` has column names but no rows"),
        (text("a,b"), "read.header_only", "`t.csv` has column names but no rows"),
        (empty_parquet, "read.header_only", "`t.csv` has column names but no rows"),
    ]
}

fn broken_rows() -> Vec<Mishap> {
    let long_field = format!("a,b\n1,\"{}\n", "x".repeat(3 << 20)).into_bytes();
    let too_long = "`t.csv`, row 1 (line 2), column 2: a field is longer than 1048576 bytes";
    vec![
        (text("a,b\n1,2\n3\n"), "read.ragged", "`t.csv`, row 2 (line 3) has 1 fields, expected 2"),
        (
            text("a,b\r\n1,2\r\n\r\n3,4,5\r\n"),
            "read.ragged",
            "`t.csv`, row 2 (line 4) has 3 fields, expected 2",
        ),
        (
            text("a,b\n\"1\n2\",2\n3,4,5"),
            "read.ragged",
            "`t.csv`, row 2 (line 4) has 3 fields, expected 2",
        ),
        (
            text("a,b\n1,2\n\"3,4\n5,6\n"),
            "read.unclosed_quote",
            "`t.csv`, row 2 (line 3), column 1: a double quote is never closed",
        ),
        // Fields fit, and yet all rows below were swallowed.
        (
            text("a,b\n1,2\n3,\"4\n5,6\n7,8\n"),
            "read.unclosed_quote",
            "`t.csv`, row 2 (line 3), column 2: a double quote is never closed",
        ),
        (
            text("a,\"b\n1,2\n3,4\n"),
            "read.unclosed_quote",
            "`t.csv`, column names (line 1), column 2: a double quote is never closed",
        ),
        (long_field, "read.too_long", too_long),
    ]
}

fn broken_text() -> Vec<Mishap> {
    let latin: Vec<u8> = "a,b\n1,é\n2,".bytes().chain(*b"caf\xe9\n").collect();
    let header = "`t.csv`, column names (line 1), column `number 2`: the text cannot be decoded";
    vec![
        (
            b"a,b\n1,x\n2,\xff\xfe\n".to_vec(),
            "read.undecodable",
            "`t.csv`, row 2 (line 3), column `b`: the text cannot be",
        ),
        (b"a,\xe9,b\n1,2,3\n".to_vec(), "read.undecodable", header),
        (latin, "read.undecodable", "`t.csv`, row 2 (line 3), column `b`"),
    ]
}

fn broken_headers() -> Vec<Mishap> {
    let twice = parquet(vec![
        ("a", array(Int64Array::from(vec![1]))),
        ("a", array(StringArray::from(vec!["x"]))),
    ]);
    vec![
        (
            text("a,b,a\n1,2,3\n"),
            "read.duplicate_column",
            "`t.csv`: columns 1 and 3 are both called `a`",
        ),
        (twice, "read.duplicate_column", "`t.csv`: columns 1 and 2 are both called `a`"),
        (text(",a\n1,2\n"), "read.unnamed_column", "`t.csv`: column 1 has no name"),
        (text("a, ,b\n1,2,3\n"), "read.unnamed_column", "`t.csv`: column 2 has no name"),
        (wide_header(1_000_000), "read.too_many_columns", "`t.csv` has more than 10000 columns"),
    ]
}

fn damaged_files() -> Vec<Mishap> {
    let mut flipped = gzip(&long_csv());
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0xff;
    let gzip_end = "`t.csv` is cut off: the gzip data end too early";
    let parquet_end = "`t.csv` is cut off: the Parquet data end too early";
    vec![
        (cut(&gzip(&long_csv()), 9), "read.truncated", gzip_end),
        (cut(&gzip(b"a,b\n1,2\n"), 2), "read.truncated", gzip_end),
        (
            cut(&zstd(&long_csv()), 9),
            "read.truncated",
            "`t.csv` is cut off: the zstd data end too early",
        ),
        (flipped, "read.corrupt", "`t.csv` is damaged: gzip"),
        (cut(&small_parquet(), 1), "read.truncated", parquet_end),
        (small_parquet()[..8].to_vec(), "read.truncated", parquet_end),
    ]
}

fn other_formats() -> Vec<Mishap> {
    let cases: [(&[u8], &str); 6] = [
        (b"<!DOCTYPE html><html></html>", "`t.csv` is not a table: it looks like an HTML"),
        (b"\xef\xbb\xbf\n<html>", "`t.csv` is not a table: it looks like an HTML"),
        (b"[{\"a\": 1}]", "`t.csv` is not a table: it looks like a JSON"),
        (b"PK\x03\x04rest", "`t.csv` is not a table: it looks like an Excel workbook"),
        (b"a\0,\0b\0", "`t.csv` is not a table: it looks like binary data"),
        (b"\x7fELF\x02", "`t.csv` is not a table: it looks like a program"),
    ];
    let plain = cases.iter().map(|&(bytes, message)| (bytes.to_vec(), "read.not_a_table", message));
    let zipped = cases.iter().map(|&(bytes, message)| (gzip(bytes), "read.not_a_table", message));
    plain.chain(zipped).collect()
}

#[test]
fn every_mishap_has_its_code_and_names_the_place() {
    for (bytes, code, message) in mishaps() {
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).into_owned();
        let Err(error) = read(&bytes) else { panic!("{shown:?} was read") };
        assert_eq!(error.code(), code, "{shown:?}: {error}");
        assert!(error.to_string().starts_with(message), "{shown:?}: {error}");
        assert!(!error.hint().is_empty());
    }
}

#[test]
fn predicates_know_their_errors() {
    assert!(read(b"").unwrap_err().is_empty());
    assert!(read(b"a,b\n1\n").unwrap_err().is_ragged());
    assert!(read(&cut(&small_parquet(), 1)).unwrap_err().is_damaged());
}

#[test]
fn a_mishap_late_in_a_big_file_is_placed_exactly() {
    let mut bytes = long_csv();
    // Over a megabyte, so that the rows lie in several chunks.
    for _ in 0..3 {
        let rows = bytes[4..].to_vec();
        bytes.extend(rows);
    }
    assert!(bytes.len() > 3 << 20);
    bytes.extend(b"1,2,3\n");
    let error = read(&bytes).unwrap_err();
    assert!(
        error.to_string().starts_with("`t.csv`, row 400001 (line 400002) has 3 fields"),
        "{error}"
    );
}

#[test]
fn an_unknown_column_is_answered_with_its_neighbours() {
    let options = ReadOptions { columns: Some(vec!["outcom".to_owned()]) };
    let error = read_table("t.csv", &b"outcome,x\n1,2\n"[..], &options, &Silent).unwrap_err();
    assert_eq!(error.to_string(), "`t.csv` has no column `outcom`; did you mean `outcome`?");
}

#[test]
fn a_list_column_is_left_out_unless_it_was_asked_for() {
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![Some(1)]), None]);
    let bytes = parquet(vec![("a", array(Int64Array::from(vec![1, 2]))), ("l", array(lists))]);
    let (table, notices) = read(&bytes).unwrap();
    assert_eq!(table.columns().len(), 1);
    assert_eq!(notices[0].code, "column.unsupported");
    let options = ReadOptions { columns: Some(vec!["l".to_owned()]) };
    let error = read_table("t", bytes.as_slice(), &options, &Silent).unwrap_err();
    assert_eq!(error.code(), "read.unsupported_column");
}

#[test]
fn a_source_that_fails_is_no_damaged_file() {
    struct Failing;
    impl std::io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("cable pulled"))
        }
    }
    let error = read_table("t.csv", Failing, &ReadOptions::default(), &Silent).unwrap_err();
    assert_eq!(error.to_string(), "`t.csv` could not be read: cable pulled");
}

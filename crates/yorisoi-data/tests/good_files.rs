//! What the formats say is what the table holds.
#![cfg(feature = "read")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::types::Int32Type;
use arrow_array::{
    BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Int8Array,
    Int64Array, LargeStringArray, NullArray, StringArray, TimestampMillisecondArray,
};
use proptest::prelude::*;
use support::{array, column_texts, expected, gzip, parquet, read, table, zstd};
use yorisoi_data::read::{ReadOptions, read_table};
use yorisoi_data::{Progress, Values};

#[test]
fn separators_quotes_and_line_ends_of_every_kind_are_read() {
    let same = [
        "a,b\n1,x\n2,\"y,z\"\n",
        "a;b\r\n1;x\r\n2;\"y,z\"",
        "a\tb\n1\tx\n2\ty,z\n",
        "\"a\",\"b\"\r1,x\r2,\"y,z\"\r",
        "\u{feff}a, b \n\n 1 , x\n2,\"y,z\"\n\n",
    ];
    for text in same {
        let table = table(text.as_bytes());
        assert_eq!(table.column("a").unwrap().values, Values::Numeric(vec![1.0, 2.0]), "{text:?}");
        assert_eq!(column_texts(&table, "b"), expected(&["x", "y,z"]), "{text:?}");
    }
}

#[test]
fn quoted_fields_may_hold_quotes_and_line_breaks() {
    let table = table(b"a,b\n1,\"say \"\"hi\"\"\"\n2,\"two\nlines\"\n");
    assert_eq!(column_texts(&table, "b"), expected(&["say \"hi\"", "two\nlines"]));
}

#[test]
fn compressed_files_read_the_same_also_in_parts() {
    let text = b"a,b\n1,x\n2,\n";
    let plain = table(text);
    let parts = [gzip(&text[..5]), gzip(&text[5..])].concat();
    for bytes in [gzip(text), zstd(text), parts, [zstd(&text[..5]), zstd(&text[5..])].concat()] {
        assert_eq!(format!("{plain:?}"), format!("{:?}", table(&bytes)));
    }
}

#[test]
fn japanese_is_read_in_every_encoding() {
    let text = "都市,金額\n大阪,1\n表示,2\nｶﾅ,3\n";
    let utf16 = |big: bool| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units
            .flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    };
    let shift_jis = encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
    let cases = [
        (text.as_bytes().to_vec(), false),
        (format!("\u{feff}{text}").into_bytes(), false),
        (utf16(false), true),
        (utf16(true), true),
        (shift_jis, true),
    ];
    for (bytes, is_told) in cases {
        let (table, notices) = read(&bytes).unwrap();
        assert_eq!(column_texts(&table, "都市"), expected(&["大阪", "表示", "ｶﾅ"]));
        assert_eq!(notices.iter().any(|notice| notice.code == "file.encoding"), is_told);
    }
}

#[test]
fn shift_jis_is_recognised_after_a_megabyte_of_ascii() {
    let mut bytes = b"a,b\n".to_vec();
    bytes.extend(b"1,x\n".repeat(300_000));
    bytes.extend(encoding_rs::SHIFT_JIS.encode("2,大阪\n").0.iter());
    let table = table(&bytes);
    assert_eq!(column_texts(&table, "b").last().unwrap().as_deref(), Some("大阪"));
}

#[test]
fn dates_become_days_with_a_notice() {
    let (table, notices) = read(b"d,e\n1970-01-02,2024-01-01\n,1\n1970-01-01T06:00,x\n").unwrap();
    assert_eq!(column_texts(&table, "d"), expected(&["1", "", "0.25"]));
    assert_eq!(column_texts(&table, "e"), expected(&["2024-01-01", "1", "x"]));
    let codes: Vec<&str> = notices.iter().map(|notice| notice.code.as_str()).collect();
    assert_eq!(codes, ["column.date", "column.mixed"]);
}

#[test]
fn a_word_after_many_chunks_of_numbers_makes_a_category() {
    let rows = (0..400_000).map(|i| format!("{}.50,7\n", i % 3)).collect::<Vec<String>>().concat();
    let text = format!("a,b\n{rows}many,8\n");
    let (table, notices) = read(text.as_bytes()).unwrap();
    let Values::Category { codes, levels } = &table.column("a").unwrap().values else {
        panic!("a category")
    };
    assert_eq!(levels, &["0.5", "1.5", "2.5", "many"]);
    assert_eq!((codes.len(), codes[400_000]), (400_001, 3));
    assert!(notices[0].en.contains("`many` in row 400001"), "{}", notices[0].en);
    assert!(matches!(table.column("b").unwrap().values, Values::Numeric(_)));
}

#[test]
fn long_identifiers_stay_apart_in_csv_and_parquet() {
    let (a, b) = (9_007_199_254_740_993_i64, 9_007_199_254_740_992_i64);
    let csv = table(format!("id\n{a}\n{b}\n5\n").as_bytes());
    let parquet = table(&parquet(vec![("id", array(Int64Array::from(vec![a, b, 5])))]));
    let ids = expected(&["9007199254740993", "9007199254740992", "5"]);
    assert_eq!(column_texts(&csv, "id"), ids);
    assert_eq!(column_texts(&parquet, "id"), ids);
}

#[test]
fn every_parquet_type_of_numbers_and_text_is_read() {
    let dictionary: DictionaryArray<Int32Type> =
        vec![Some("x"), None, Some("x")].into_iter().collect();
    let decimals =
        Decimal128Array::from(vec![Some(12_345), None, Some(-5)]).with_precision_and_scale(10, 2);
    let columns = vec![
        ("bool", array(BooleanArray::from(vec![Some(true), None, Some(false)]))),
        ("i8", array(Int8Array::from(vec![Some(-1), None, Some(3)]))),
        ("f32", array(Float32Array::from(vec![Some(0.5), None, Some(f32::NAN)]))),
        ("text", array(StringArray::from(vec![Some("b"), None, Some("")]))),
        ("large", array(LargeStringArray::from(vec![Some("b"), None, Some("a")]))),
        ("dictionary", array(dictionary)),
        ("decimal", array(decimals.unwrap())),
        ("date", array(Date32Array::from(vec![Some(19_783), None, Some(-1)]))),
        ("time", array(TimestampMillisecondArray::from(vec![Some(43_200_000), None, Some(0)]))),
        ("nothing", array(NullArray::new(3))),
    ];
    let (table, notices) = read(&parquet(columns)).unwrap();
    let cases = [
        ("bool", ["1", "", "0"]),
        ("i8", ["-1", "", "3"]),
        ("f32", ["0.5", "", ""]),
        ("text", ["b", "", ""]),
        ("large", ["b", "", "a"]),
        ("dictionary", ["x", "", "x"]),
        ("decimal", ["123.45", "", "-0.05"]),
        ("date", ["19783", "", "-1"]),
        ("time", ["0.5", "", "0"]),
        ("nothing", ["", "", ""]),
    ];
    for (name, values) in cases {
        assert_eq!(column_texts(&table, name), expected(&values), "{name}");
    }
    assert_eq!(notices.iter().filter(|notice| notice.code == "column.date").count(), 2);
}

#[test]
fn a_parquet_instant_equals_the_same_instant_in_text() {
    let instants = [1_700_000_000_123_i64, -86_399_999, 951_782_400_500];
    let texts = ["2023-11-14T22:13:20.123Z", "1969-12-31T00:00:00.001Z", "2000-02-29T00:00:00.5Z"];
    let csv = table(format!("t\n{}\n", texts.join("\n")).as_bytes());
    let array: TimestampMillisecondArray = instants.to_vec().into();
    let parquet = table(&parquet(vec![("t", Arc::new(array))]));
    assert_eq!(csv.column("t"), parquet.column("t"));
}

#[test]
fn rows_are_reported_as_they_are_read() {
    struct Rows(AtomicU64);
    impl Progress for Rows {
        fn stage(&self, name: &'static str, _total: u64) {
            assert_eq!(name, "read");
        }
        fn advance(&self, steps: u64) {
            self.0.fetch_add(steps, Ordering::Relaxed);
        }
    }
    let rows = Rows(AtomicU64::new(0));
    read_table("t", &b"a\n1\n2\n3\n"[..], &ReadOptions::default(), &rows).unwrap();
    assert_eq!(rows.0.into_inner(), 3);
}

#[test]
fn any_number_of_threads_reads_the_same_table() {
    let rows = (0..300_000)
        .map(|i| format!("{},{}\n", i * 31 % 1009, i % 77))
        .collect::<Vec<String>>()
        .concat();
    let text = format!("a,b\n{rows}x,y\n");
    let on = |n_threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        pool.install(|| table(text.as_bytes()))
    };
    let (one, four) = (on(1), on(4));
    assert_eq!(one.columns(), four.columns());
}

proptest! {
    /// What is written as CSV is read back: numbers exactly, texts trimmed, missing as missing.
    #[test]
    fn csv_round_trip(
        rows in prop::collection::vec(
            (prop::option::of(prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::SUBNORMAL),
             prop::option::of("[a-zA-Zé大,;\"\n ]{0,8}x")), 1..60),
        delimiter in prop::sample::select(vec![',', ';', '\t']),
    ) {
        let mut lines = vec![format!("number{delimiter}text\n")];
        for (number, word) in &rows {
            let number = number.map_or_else(String::new, |number| format!("{number:e}"));
            let word = word.as_ref().map_or_else(String::new, |w| format!("\"{}\"", w.replace('"', "\"\"")));
            lines.push(format!("{number}{delimiter}{word}\n"));
        }
        let table = table(lines.concat().as_bytes());
        if let Values::Numeric(values) = &table.column("number").unwrap().values {
            for (value, (number, _)) in values.iter().zip(&rows) {
                let is_same = number.map_or(value.is_nan(), |number| (number + 0.0).to_bits() == (value + 0.0).to_bits());
                prop_assert!(is_same, "{:?} became {}", number, value);
            }
        } else {
            prop_assert!(false, "numbers are numeric");
        }
        let words: Vec<Option<String>> =
            rows.iter().map(|(_, word)| word.as_ref().map(|word| word.trim_ascii().to_owned())).collect();
        prop_assert_eq!(column_texts(&table, "text"), words);
    }
}

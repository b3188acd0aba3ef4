//! The same data is the same dataset, whatever file it came in.
#![cfg(feature = "read")]

mod support;

use arrow_array::{BooleanArray, Date32Array, Float64Array, Int64Array, StringArray};
use support::{array, parquet, table, zstd};
use yorisoi_data::{Dataset, DatasetOptions, Roles, mix};

#[test]
fn csv_and_parquet_of_the_same_data_have_one_fingerprint() {
    let rows = 0..120_i64;
    let coin = |key: u64, row: i64| mix(key, row as u64).is_multiple_of(2);
    let word = |row: i64| {
        (!mix(3, row as u64).is_multiple_of(5)).then(|| format!("w{}", mix(4, row as u64) % 4))
    };
    let line = |row: i64| {
        let (w, word) =
            (if coin(1, row) { "TRUE" } else { "false" }, word(row).unwrap_or_default());
        let date = row * 37 % 28 + 1;
        format!("{word};{row}.50;{};{w};2024-02-{date:02}\n", i32::from(coin(2, row)))
    };
    let lines: Vec<String> = rows.clone().map(line).collect();
    let csv = format!("word;x;y;w;day\n{}", lines.concat());
    let days: Date32Array =
        rows.clone().map(|row| Some(19_753 + (row * 37 % 28 + 1) as i32)).collect();
    let columns = vec![
        ("y", array(rows.clone().map(|row| i64::from(coin(2, row))).collect::<Int64Array>())),
        ("w", array(rows.clone().map(|row| Some(coin(1, row))).collect::<BooleanArray>())),
        ("x", array(rows.clone().map(|row| row as f64 + 0.5).collect::<Float64Array>())),
        ("day", array(days)),
        ("word", array(StringArray::from(rows.map(word).collect::<Vec<_>>()))),
    ];
    let dataset = |bytes: &[u8]| {
        Dataset::from_table(&table(bytes), &Roles::new("w", "y"), &DatasetOptions::default())
            .unwrap()
    };
    let from_csv = dataset(csv.as_bytes());
    let from_parquet = dataset(&parquet(columns));
    assert_eq!(from_csv.fingerprint, from_parquet.fingerprint);
    assert_eq!(from_csv.fingerprint, dataset(&zstd(csv.as_bytes())).fingerprint);
    assert_eq!(from_csv.outcome, from_parquet.outcome);
}

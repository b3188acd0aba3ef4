//! The shipped trial, read and given its roles: what every other crate starts from.
#![cfg(feature = "read")]

use std::io::Cursor;

use yorisoi_data::read::{ReadOptions, read_table};
use yorisoi_data::{Dataset, DatasetOptions, Features, Roles, Silent, Table, Treatment, Values};

const HILLSTROM: &[u8] = include_bytes!("../../../data/hillstrom.parquet");
const LALONDE: &[u8] = include_bytes!("../../../data/lalonde_nsw_dw.parquet");

fn read(name: &str, bytes: &'static [u8]) -> Table {
    let (table, notices) = read_table(name, Cursor::new(bytes), &ReadOptions::default(), &Silent)
        .expect("a valid file");
    assert_eq!(notices, []);
    table
}

#[test]
fn hillstrom_has_three_arms_and_its_published_visit_rates() {
    let table = read("hillstrom.parquet", HILLSTROM);
    assert_eq!((table.n_rows(), table.columns().len()), (64_000, 12));
    let mut roles = Roles::new("treatment", "visit");
    roles.features = Features::Except(vec!["conversion".to_owned(), "spend".to_owned()]);
    let dataset = Dataset::from_table(&table, &roles, &DatasetOptions::default()).unwrap();

    let Treatment::Arms(arms) = &dataset.treatment else { panic!("arms") };
    assert_eq!(arms.names, ["No E-Mail", "Mens E-Mail", "Womens E-Mail"]);
    // Shares of visitors by arm, from the description of the data in `data/README.md`.
    for (arm, published) in [(0, 0.106), (1, 0.106 + 0.0766), (2, 0.106 + 0.0452)] {
        let visits: Vec<f64> = dataset
            .outcome
            .iter()
            .zip(&arms.arm)
            .filter(|(_, a)| **a == arm)
            .map(|(y, _)| *y)
            .collect();
        let rate = visits.iter().sum::<f64>() / visits.len() as f64;
        // They are published with three digits.
        assert!((rate - published).abs() < 6e-4, "arm {arm}: {rate} against {published}");
    }
    assert_eq!(dataset.n_units(), 64_000);
    assert_eq!(dataset.notices, []);
    assert_eq!(dataset.dropped, []);
}

#[test]
fn columns_measured_after_the_visit_are_told() {
    let table = read("hillstrom.parquet", HILLSTROM);
    let roles = Roles::new("treatment", "visit");
    let dataset = Dataset::from_table(&table, &roles, &DatasetOptions::default()).unwrap();
    let told: Vec<&str> = dataset
        .notices
        .iter()
        .filter(|notice| notice.code == "feature.after_outcome")
        .filter_map(|notice| notice.column.as_deref())
        .collect();
    assert_eq!(told, ["conversion", "spend"]);
}

#[test]
fn spend_gives_conversion_away() {
    let table = read("hillstrom.parquet", HILLSTROM);
    let roles = Roles::new("treatment", "conversion");
    let error = Dataset::from_table(&table, &roles, &DatasetOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "feature `spend` determines the outcome `conversion`");
    assert!(error.hint().contains("--drop spend"), "{}", error.hint());
}

#[test]
fn lalonde_has_its_published_difference_in_earnings() {
    let table = read("lalonde_nsw_dw.parquet", LALONDE);
    let dataset =
        Dataset::from_table(&table, &Roles::new("treatment", "re78"), &DatasetOptions::default())
            .unwrap();
    let Treatment::Arms(arms) = &dataset.treatment else { panic!("arms") };
    let mean = |arm: u8| {
        let of_arm = dataset.outcome.iter().zip(&arms.arm).filter(|(_, a)| **a == arm);
        let (sum, n) = of_arm.fold((0.0, 0.0), |(sum, n), (y, _)| (sum + y, n + 1.0));
        sum / n
    };
    // Dehejia & Wahba (1999), table 3: 1,794 dollars.
    assert!((mean(1) - mean(0) - 1794.0).abs() < 0.5, "{}", mean(1) - mean(0));
}

#[test]
fn only_the_columns_asked_for_are_read() {
    let columns = Some(vec!["spend".to_owned(), "recency".to_owned()]);
    let (table, _) = read_table("h", HILLSTROM, &ReadOptions { columns }, &Silent).unwrap();
    let names: Vec<&str> = table.columns().iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["recency", "spend"]);
    assert!(table.columns().iter().all(|column| matches!(column.values, Values::Numeric(_))));
}

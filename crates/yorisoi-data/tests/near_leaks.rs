//! A feature that nearly tells outcome or treatment is told of by name; honest ones are not.

use yorisoi_data::{
    Column, Dataset, DatasetOptions, Roles, Table, TreatmentKind, Values, unit_hash,
};

const N_ROWS: usize = 2_000;

fn draw(key: u64, row: usize) -> f64 {
    unit_hash(key, row as u64)
}

fn numbers(name: &str, value: impl Fn(usize) -> f64) -> Column {
    Column { name: name.to_owned(), values: Values::Numeric((0..N_ROWS).map(value).collect()) }
}

fn coin(key: u64, row: usize) -> f64 {
    f64::from(u8::from(draw(key, row) < 0.5))
}

/// Codes and columns of notices of near leaks, with one more column in the table.
fn told(extra: Column, kind: TreatmentKind) -> Vec<(String, Option<String>)> {
    let treatment = |row| match kind {
        TreatmentKind::Arms => coin(1, row),
        TreatmentKind::Dose => 10.0 * draw(1, row),
    };
    let columns = vec![
        numbers("w", treatment),
        numbers("y", |row| coin(2, row)),
        numbers("x", |row| draw(3, row)),
        extra,
    ];
    let table = Table::new(columns).expect("columns of equal length");
    let options = DatasetOptions { treatment: kind, ..DatasetOptions::default() };
    let data = Dataset::from_table(&table, &Roles::new("w", "y"), &options).expect("a dataset");
    let near = data.notices.into_iter().filter(|notice| notice.code.starts_with("feature.nearly"));
    near.map(|notice| {
        assert!(notice.en.contains("--drop") && notice.ja.contains("--drop"));
        (notice.code, notice.column)
    })
    .collect()
}

/// A 0/1 column with a share of its rows turned.
fn turned(key: u64, share: f64) -> Column {
    numbers("shadow", move |row| {
        let is_turned = draw(9, row) < share;
        if is_turned { 1.0 - coin(key, row) } else { coin(key, row) }
    })
}

#[test]
fn a_copy_with_two_percent_changed_is_told_of() {
    for share in [0.01, 0.02] {
        let outcome = told(turned(2, share), TreatmentKind::Arms);
        assert_eq!(outcome, [("feature.nearly_outcome".to_owned(), Some("shadow".to_owned()))]);
        let treatment = told(turned(1, share), TreatmentKind::Arms);
        assert_eq!(treatment, [("feature.nearly_treatment".to_owned(), Some("shadow".to_owned()))]);
    }
}

#[test]
fn an_amount_with_a_little_noise_is_told_of() {
    let shadow = numbers("shadow", |row| 10.0 * draw(1, row) + draw(9, row));
    let found = told(shadow, TreatmentKind::Dose);
    assert_eq!(found, [("feature.nearly_treatment".to_owned(), Some("shadow".to_owned()))]);
}

#[test]
fn a_strong_cause_is_not_told_of() {
    // A tenth turned leaves .64 of the variance.
    assert_eq!(told(turned(2, 0.1), TreatmentKind::Arms), []);
    assert_eq!(told(turned(1, 0.1), TreatmentKind::Arms), []);
    let half = numbers("shadow", |row| draw(1, row) + draw(9, row));
    assert_eq!(told(half, TreatmentKind::Dose), []);
}

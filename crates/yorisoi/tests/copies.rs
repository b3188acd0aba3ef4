//! Chance is not proven by writing it down eight times.

#![expect(clippy::unwrap_used, reason = "a test without its study has nothing to say")]

use yorisoi::data::{Column, Roles, Silent, Table, Values, unit_hash};
use yorisoi::effects::{EffectParams, Trees};
use yorisoi::{Repeats, StudyOptions, study};

const N_PEOPLE: usize = 400;
const COPIES: usize = 8;

/// A trial without any effect, every person in eight rows, with a number a row.
fn world(seed: u64) -> Table {
    let column = |name: &str, value: &dyn Fn(usize) -> f64| Column {
        name: name.to_owned(),
        values: Values::Numeric((0..N_PEOPLE * COPIES).map(value).collect()),
    };
    let draw =
        |stream: u64, row: usize| unit_hash(1_000 * (seed + 1) + stream, (row % N_PEOPLE) as u64);
    Table::new(vec![
        column("arm", &|row| f64::from(u8::from(draw(1, row) < 0.5))),
        column("outcome", &|row| draw(2, row) + draw(3, row)),
        column("x", &|row| draw(4, row)),
        column("z", &|row| draw(5, row)),
        column("row", &|row| row as f64),
    ])
    .unwrap()
}

/// How many of twenty studies prove something.
fn n_proven(cluster: Option<&str>) -> usize {
    let options = |seed| StudyOptions {
        effects: EffectParams { n_trees: Trees::Fixed(40), seed, ..EffectParams::default() },
        repeats: Repeats::Exactly(1.try_into().unwrap()),
        ..StudyOptions::default()
    };
    let roles = Roles {
        cluster: cluster.map(str::to_owned),
        features: yorisoi::data::Features::Only(vec!["x".to_owned(), "z".to_owned()]),
        ..Roles::new("arm", "outcome")
    };
    let proves = |seed: &u64| {
        let summary = study(&world(*seed), &roles, &options(*seed), &Silent).unwrap().summary;
        summary.verdict.code.starts_with("proven")
    };
    (0..20).filter(proves).count()
}

#[test]
fn eight_copies_of_chance_prove_nothing() {
    // Told that every row is somebody else, nearly every study finds something where nothing is.
    let believed = n_proven(Some("row"));
    assert!(believed >= 15, "{believed} of 20");
    let found = n_proven(None);
    assert!(found <= 4, "{found} of 20");
}

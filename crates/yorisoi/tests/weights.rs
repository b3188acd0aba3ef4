//! Rows that stand for many people: what is said of the people, and what of the rows.

#![expect(clippy::unwrap_used, reason = "a test without its study has nothing to say")]

use yorisoi::data::{Column, Roles, Silent, Table, Values, unit_hash};
use yorisoi::effects::{EffectParams, Trees};
use yorisoi::{Repeats, Study, StudyOptions, study};

/// Enough trees for a step, few enough for a test.
const TREES: usize = 60;

/// An estimate further than this many standard errors from the truth happens once in 16,000.
const FAR: f64 = 4.0;

fn options() -> StudyOptions {
    let effects = EffectParams { n_trees: Trees::Fixed(TREES), ..EffectParams::default() };
    let once = Repeats::Exactly(std::num::NonZeroU32::MIN);
    StudyOptions { effects, repeats: once, ..StudyOptions::default() }
}

/// A draw from about a normal distribution: a sum of twelve uniforms.
fn noise(stream: u64, row: usize) -> f64 {
    (0..12).map(|part| unit_hash(stream + part, row as u64)).sum::<f64>() - 6.0
}

fn numeric(name: &str, values: Vec<f64>) -> Column {
    Column { name: name.into(), values: Values::Numeric(values) }
}

/// A trial by coin with `effect` of the help and `weight` of the row, both by row; `kind` is what can be seen.
fn trial(n: usize, effect: impl Fn(usize) -> f64, weight: impl Fn(usize) -> f64) -> Table {
    let rows = || 0..n;
    let arm: Vec<f64> =
        rows().map(|row| f64::from(u8::from(unit_hash(7, row as u64) < 0.5))).collect();
    let outcome = rows().map(|row| arm[row] * effect(row) + noise(100, row)).collect();
    let kind = rows().map(|row| f64::from(u8::from(row.is_multiple_of(10)))).collect();
    let age = rows().map(|row| unit_hash(9, row as u64)).collect();
    let columns = vec![
        numeric("arm", arm),
        numeric("outcome", outcome),
        numeric("kind", kind),
        numeric("age", age),
        numeric("weight", rows().map(weight).collect()),
    ];
    Table::new(columns).unwrap()
}

fn roles() -> Roles {
    Roles { weight: Some("weight".into()), ..Roles::new("arm", "outcome") }
}

fn run(table: &Table) -> Study {
    study(table, &roles(), &options(), &Silent).unwrap()
}

/// One row in ten is helped by 3 and weighs 10, the others not at all.
fn tenfold(row: usize) -> f64 {
    if row.is_multiple_of(10) { 10.0 } else { 1.0 }
}

fn only_the_tenth(row: usize) -> f64 {
    if row.is_multiple_of(10) { 3.0 } else { 0.0 }
}

#[test]
fn the_plans_gain_is_that_of_its_own_rows() {
    let study = run(&trial(4_000, only_the_tenth, tenfold));
    let offered = study.plan.rows(&study.effects).filter(|row| row.action() == "offer");
    let truth: f64 = offered.map(|row| only_the_tenth(row.row as usize)).sum();
    let gain = study.summary.plan.gain;
    assert!((gain.estimate - truth).abs() < FAR * gain.std_error, "{gain:?} against {truth}");
    // Weighted, the mean gain is 30 / 19 a person: five times too much of these rows.
    let weighted = 4_000.0 * 30.0 / 19.0;
    assert!(
        (gain.estimate - weighted).abs() > FAR * gain.std_error,
        "{gain:?} is the weighted one"
    );
    // The curve ends where the plan without a budget is.
    let last = study.summary.plan.curve.last().unwrap();
    assert!((last.gain - gain.estimate).abs() < FAR * gain.std_error, "{last:?} and {gain:?}");
    assert!(study.summary.data.notices.iter().any(|notice| notice.code == "plan.rows_alone"));
}

#[test]
fn averages_means_and_bounds_are_those_of_the_people() {
    let study = run(&trial(4_000, only_the_tenth, tenfold));
    let ate = study.summary.arms[1].ate.unwrap();
    assert!((ate.estimate - 30.0 / 19.0).abs() < FAR * ate.std_error, "{ate:?}");
    let means = &study.summary.arms;
    let difference = means[1].mean_outcome - means[0].mean_outcome;
    let plain = means[1].difference.unwrap();
    // The same contrast, on all rows and on the held-out half of them.
    assert!((difference - plain.estimate).abs() < FAR * plain.std_error, "{difference}, {plain:?}");
    // Half of 10/19 get 3, the rest 0, on top of a variance of 1: variance 1 + 9 · (5/19)(14/19) = 2.745. The
    // rows alone have 1 + 9 · .05 · .95 = 1.4275.
    let deviation = study.summary.plan.allowed_harm / 0.2;
    assert!((deviation - 2.745_f64.sqrt()).abs() < 0.1, "{deviation}");
}

#[test]
fn three_people_who_outweigh_all_others_prove_nothing() {
    // Everyone is helped by 3: without a look at the weights this is beyond doubt.
    let heavy = |row: usize| if row.is_multiple_of(500) { 1e5 } else { 1.0 };
    let study = run(&trial(2_000, |_| 3.0, heavy));
    let verdict = &study.summary.verdict;
    assert_eq!(verdict.code, "unknowable.overlap", "{}", verdict.en);
    assert!(verdict.decided_by.unwrap().estimate < 5.0);
    assert!(verdict.en.contains("weigh much") && verdict.ja.contains("重み"), "{}", verdict.ja);
    let equal = run(&trial(2_000, |_| 3.0, |_| 1.0));
    assert!(equal.summary.verdict.proven, "{}", equal.summary.verdict.en);
    assert!(!equal.summary.data.notices.iter().any(|notice| notice.code == "plan.rows_alone"));
}

//! A trial of several arms whose chances differ from person to person, for a reason that no column shows.

#![expect(clippy::unwrap_used, reason = "a test without its study has nothing to say")]

use yorisoi::data::{Column, Features, PropensityRole, Roles, Silent, Table, Values};
use yorisoi::effects::{EffectParams, Trees};
use yorisoi::summary::Value;
use yorisoi::{Repeats, StudyOptions, evaluate, fit, study};

const ARMS: [&str; 3] = ["none", "mail", "call"];
/// Chances of the arms for those without and with the hidden need: who needs help is called.
const CHANCES: [[f64; 3]; 2] = [[0.6, 0.3, 0.1], [0.2, 0.2, 0.6]];
/// What arms change on average.
const EFFECTS: [f64; 3] = [0.0, 0.3, -0.2];
/// What the hidden need adds to the outcome, whatever is done.
const NEED: f64 = 1.5;
const ROWS: u64 = 4_000;
const SEEDS: u64 = 8;
/// Of 16 intervals that each cover with 95 %, fewer than this many cover once in a thousand times.
const COVERED: usize = 12;

/// A number in (0, 1) for a seed, a row and a purpose (`SplitMix64`).
fn uniform(seed: u64, row: u64, purpose: u64) -> f64 {
    let mut z = (seed << 40 ^ row << 8 ^ purpose).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ z >> 31) >> 12) as f64 / (1_u64 << 52) as f64
}

/// Sum of twelve uniforms less six: a standard normal for all that matters here.
fn normal(seed: u64, row: u64, purpose: u64) -> f64 {
    (0..12).map(|k| uniform(seed, row, purpose + k)).sum::<f64>() - 6.0
}

/// Treatment, outcome, two features, and the chance of each arm.
fn trial(seed: u64) -> Table {
    let number = |name: &str, value: &dyn Fn(u64) -> f64| Column {
        name: name.to_owned(),
        values: Values::Numeric((0..ROWS).map(value).collect()),
    };
    let need = |row| usize::from(uniform(seed, row, 1) < 0.5);
    let arm = |row| {
        let (u, e) = (uniform(seed, row, 2), CHANCES[need(row)]);
        if u < e[0] { 0 } else { usize::from(u >= e[0] + e[1]) + 1 }
    };
    let (x, z) = (|row| normal(seed, row, 10), |row| normal(seed, row, 30));
    let outcome = |row| {
        let effect = if arm(row) == 0 { 0.0 } else { EFFECTS[arm(row)] + 0.2 * z(row) };
        NEED * need(row) as f64 + x(row) + effect + normal(seed, row, 50)
    };
    let codes = (0..ROWS).map(|row| arm(row) as u32).collect();
    let levels = ARMS.map(str::to_owned).to_vec();
    let mut columns = vec![
        Column { name: "arm".to_owned(), values: Values::Category { codes, levels } },
        number("outcome", &outcome),
        number("x", &x),
        number("z", &z),
    ];
    for (k, name) in ARMS.iter().enumerate() {
        columns.push(number(&format!("chance.{name}"), &|row| CHANCES[need(row)][k]));
    }
    Table::new(columns).unwrap()
}

fn roles(is_known: bool) -> Roles {
    let column = |arm: &str| (arm.to_owned(), format!("chance.{arm}"));
    Roles {
        features: Features::Only(vec!["x".to_owned(), "z".to_owned()]),
        propensity: is_known.then(|| PropensityRole::Columns(ARMS.map(column).to_vec())),
        ..Roles::new("arm", "outcome")
    }
}

fn options() -> StudyOptions {
    let effects = EffectParams { n_trees: Trees::Fixed(40), ..EffectParams::default() };
    let once = Repeats::Exactly(std::num::NonZeroU32::MIN);
    StudyOptions { effects, repeats: once, ..StudyOptions::default() }
}

/// Average effects of mail and of the call.
fn averages(table: &Table, is_known: bool) -> [Value; 2] {
    let found = study(table, &roles(is_known), &options(), &Silent).unwrap().summary;
    let of = |name: &str| found.arms.iter().find(|arm| arm.arm == name).unwrap().ate.unwrap();
    [of("mail"), of("call")]
}

fn covers(value: &Value, truth: f64) -> bool {
    value.low <= truth && truth <= value.high
}

#[test]
fn chances_that_differ_from_row_to_row_lead_astray_where_they_are_not_told() {
    let mut covered = 0;
    for seed in 0..SEEDS {
        let table = trial(seed);
        let [mail, call] = averages(&table, true);
        covered += usize::from(covers(&mail, EFFECTS[1])) + usize::from(covers(&call, EFFECTS[2]));
        let [_, guessed] = averages(&table, false);
        // The call seems to help, because those were called who would have done well anyway.
        assert!(guessed.low > 0.0, "seed {seed}: {guessed:?}");
    }
    assert!(covered >= COVERED, "{covered} of {} intervals cover", 2 * SEEDS);
}

#[test]
fn a_model_is_judged_by_the_chances_of_the_new_table_row_by_row() {
    let model = fit(&trial(100), &roles(true), &options(), &Silent).unwrap().model;
    let judged = evaluate(&model, &trial(101), &roles(true), &options(), &Silent).unwrap();
    let overlaps: Vec<(&str, &str)> = judged
        .overlap
        .iter()
        .map(|overlap| (overlap.arm.as_str(), overlap.source.as_str()))
        .collect();
    assert_eq!(overlaps, [("call", "given"), ("mail", "given")]);
    // The chances told, not what a model would guess of them: of the call, among the called and those left in peace.
    let (low, high) = (0.1 / (0.1 + 0.6), 0.6 / (0.6 + 0.2));
    let call = &judged.overlap[0];
    assert!((call.min - low).abs() < 1e-9 && (call.max - high).abs() < 1e-9, "{call:?}");
}

#[test]
fn columns_in_the_order_of_the_arms_are_the_columns_of_the_arms() {
    let table = trial(3);
    // By name: control first, then `call` before `mail`.
    let names = ["none", "call", "mail"].map(|arm| format!("chance.{arm}")).to_vec();
    let in_order = Roles { propensity: Some(PropensityRole::ColumnsInOrder(names)), ..roles(true) };
    let bytes = |roles: &Roles| fit(&table, roles, &options(), &Silent).unwrap().model.to_bytes();
    assert_eq!(bytes(&in_order), bytes(&roles(true)));
}

//! Studies of an amount in worlds whose truth is known.

#![expect(clippy::unwrap_used, reason = "a test without its study has nothing to say")]

use yorisoi::data::{Column, Roles, Silent, Table, TreatmentKind, Values};
use yorisoi::effects::{EffectParams, Trees};
use yorisoi::{Reason, Repeats, Study, StudyError, StudyOptions, evaluate, study};
use yorisoi_testkit::{Size, World, continuous_dose, to_table};

/// Enough trees for a direction, few enough for a test.
const TREES: usize = 60;

/// An estimate further than this many standard errors from the truth happens once in 16,000.
const FAR: f64 = 4.0;

fn options() -> StudyOptions {
    let effects = EffectParams { n_trees: Trees::Fixed(TREES), ..EffectParams::default() };
    let once = Repeats::Exactly(std::num::NonZeroU32::MIN);
    let mut options = StudyOptions { effects, repeats: once, ..StudyOptions::default() };
    options.dataset.treatment = TreatmentKind::Dose;
    options
}

fn roles() -> Roles {
    Roles::new("arm", "outcome")
}

fn world(n_units: usize, seed: u64) -> (World, Table) {
    let world = continuous_dose(Size::new(n_units, seed));
    let table = to_table(&world);
    (world, table)
}

fn run(table: &Table) -> Study {
    study(table, &roles(), &options(), &Silent).unwrap()
}

/// The table with another column in the place of one.
fn with(table: &Table, name: &str, change: impl Fn(usize, f64) -> f64) -> Table {
    let columns = table.columns().iter().map(|column| {
        let Values::Numeric(values) = &column.values else { return column.clone() };
        if column.name != name {
            return column.clone();
        }
        let values = values.iter().enumerate().map(|(row, &value)| change(row, value)).collect();
        Column { name: name.to_owned(), values: Values::Numeric(values) }
    });
    Table::new(columns.collect()).unwrap()
}

#[test]
fn a_study_of_an_amount_finds_the_average_and_those_whom_more_helps() {
    let (world, table) = world(4_000, 1);
    let study = run(&table);
    let summary = &study.summary;
    assert_eq!(summary.verdict.code, "proven.targeting", "{}", summary.verdict.en);
    assert!(summary.verdict.en.contains("`arm +1`"), "{}", summary.verdict.en);
    let truth = world.tau[0].iter().sum::<f64>() / world.tau[0].len() as f64;
    let more = &summary.arms[1];
    let ate = more.ate.unwrap();
    assert!((ate.estimate - truth).abs() < FAR * ate.std_error, "{ate:?} against {truth}");
    // The variance of the dose is the same for all, so that both averages have one truth.
    let free = more.ato.unwrap();
    assert!((free.estimate - truth).abs() < FAR * free.std_error, "{free:?} against {truth}");
    // What confounds makes the plain slope wrong, or the test would say nothing.
    let plain = more.difference.unwrap();
    assert!((plain.estimate - truth).abs() > FAR * plain.std_error, "{plain:?} against {truth}");
    assert!(more.att.is_none() && more.mean_outcome.is_nan() && more.rows == 0);
}

#[test]
fn what_an_amount_varies_by_is_told() {
    let (_, table) = world(4_000, 2);
    let dose = run(&table).summary.data.dose.unwrap();
    // W = 1 + .5 x + N(0, 1): variance 1.25, a fifth of it explained, 1 among people alike. Standard errors
    // are about .02 each; boosting explains a little less than all.
    assert!((dose.mean - 1.0).abs() < 0.1 && (dose.std_dev - 1.25_f64.sqrt()).abs() < 0.1);
    assert!((dose.explained - 0.2).abs() < 0.06, "{dose:?}");
    assert!((dose.std_dev_alike - 1.0).abs() < 0.06, "{dose:?}");
    assert!(dose.share_fixed.abs() < 0.01 && dose.low < -0.9 && dose.high > 2.9, "{dose:?}");
}

#[test]
fn what_the_plan_of_an_amount_claims_to_gain_is_what_it_gains() {
    let (world, table) = world(4_000, 3);
    let study = run(&table);
    let planned = study.plan.rows(&study.effects).filter(|row| row.action() == "offer");
    let truth: f64 = planned.map(|row| world.tau[0][row.row as usize]).sum();
    let gain = study.summary.plan.gain;
    assert!((gain.estimate - truth).abs() < FAR * gain.std_error, "{gain:?} against {truth}");
    assert!(truth > 0.0);
}

#[test]
fn a_unit_larger_than_the_data_show_is_held_back_with_that_reason() {
    let (_, table) = world(2_000, 4);
    // One unit is now ten standard deviations.
    let coarse = with(&table, "arm", |_, dose| dose / 10.0);
    let study = run(&coarse);
    let rows = study.plan.rows(&study.effects);
    assert!(rows.into_iter().all(|row| row.action() == "hold"));
    let held = &study.summary.plan.held_back;
    assert!(held.iter().any(|held| held.code == Reason::HoldOutOfRange.code()), "{held:?}");
    let dose = study.summary.data.dose.unwrap();
    assert!(dose.share_in_range.abs() < 1e-12, "{dose:?}");
    assert!(study.summary.data.notices.iter().any(|notice| notice.code == "dose.range"));
}

#[test]
fn nothing_is_known_where_the_features_decide_the_amount() {
    let (_, table) = world(2_000, 5);
    let Values::Numeric(x) = table.column("x0").unwrap().values.clone() else { panic!("numbers") };
    let decided = with(&table, "arm", |row, dose| 3.0 * x[row].round() + 0.05 * dose);
    let verdict = run(&decided).summary.verdict;
    assert_eq!(verdict.code, "unknowable.leak", "{}", verdict.en);
    assert!(verdict.en.contains("amount of `arm`") && verdict.ja.contains("量"), "{}", verdict.en);
}

#[test]
fn where_more_does_nothing_a_claim_is_rare() {
    // As for arms: four or more of twelve have probability .002 if each errs with .05.
    let claims = (0..12)
        .filter(|&seed| {
            let (world, table) = world(600, 10 + seed);
            // The outcome without any dose, with its noise: what the dose added is taken off.
            let yorisoi::data::Treatment::Dose(dose) = &world.treatment else { panic!("a dose") };
            let of = |row: usize, y: f64| y - world.tau[0][row] * dose[row];
            run(&with(&table, "outcome", of)).summary.verdict.proven
        })
        .count();
    assert!(claims < 4, "{claims} of 12 studies of nothing were called proven");
}

#[test]
fn an_amount_has_no_propensity_to_trim_by_and_a_model_of_it_is_not_evaluated() {
    let (_, table) = world(1_000, 6);
    let trimmed = StudyOptions { trim: Some(0.05), ..options() };
    let error = study(&table, &roles(), &trimmed, &Silent).unwrap_err();
    assert!(error == StudyError::TrimmedDose && error.is_usage());
    let model = run(&table).model;
    let error = evaluate(&model, &table, &roles(), &options(), &Silent).unwrap_err();
    assert!(matches!(error, StudyError::Dose { .. }), "{error}");
}

#[test]
fn a_summary_of_an_amount_survives_json() {
    let (_, table) = world(1_000, 7);
    let summary = run(&table).summary;
    let text = serde_json::to_string(&summary).unwrap();
    let back: yorisoi::summary::Summary = serde_json::from_str(&text).unwrap();
    assert!(serde_json::to_string(&back).unwrap() == text, "read back, it is another summary");
}

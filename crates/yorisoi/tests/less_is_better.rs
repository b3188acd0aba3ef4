//! Outcomes of which less is better: the same study, told the other way round.

#![expect(clippy::unwrap_used, reason = "a test without its study has nothing to say")]

use yorisoi::data::{Better, Column, Roles, Silent, Table, Values};
use yorisoi::effects::{EffectParams, Trees};
use yorisoi::{Repeats, Study, StudyError, StudyOptions, evaluate, fit, study};
use yorisoi_testkit::{Size, WorldKind, to_table};

/// So many that no row lies in every bag.
fn options() -> StudyOptions {
    let effects = EffectParams { n_trees: Trees::Fixed(60), ..EffectParams::default() };
    let once = Repeats::Exactly(std::num::NonZeroU32::MIN);
    StudyOptions { effects, repeats: once, ..StudyOptions::default() }
}

fn world(kind: &str, n_units: usize) -> Table {
    of_seed(kind, n_units, 11)
}

fn of_seed(kind: &str, n_units: usize, seed: u64) -> Table {
    let kind: WorldKind = kind.parse().unwrap();
    to_table(&kind.generate(Size::new(n_units, seed)))
}

/// Returns the table with its outcome turned into what people would rather have less of.
fn with_opposite(table: &Table, opposite: impl Fn(f64) -> f64) -> Table {
    let turned = |column: &Column| match &column.values {
        Values::Numeric(values) if column.name == "outcome" => Column {
            name: column.name.clone(),
            values: Values::Numeric(values.iter().map(|&y| opposite(y)).collect()),
        },
        _ => column.clone(),
    };
    Table::new(table.columns().iter().map(turned).collect()).unwrap()
}

fn roles(better: Better) -> Roles {
    Roles { better, ..Roles::new("arm", "outcome") }
}

fn run(table: &Table, better: Better) -> Study {
    study(table, &roles(better), &options(), &Silent).unwrap()
}

fn same_but_for_the_telling(kind: &str, opposite: impl Fn(f64) -> f64) {
    let more = world(kind, 1_200);
    let less = with_opposite(&more, &opposite);
    let (more, less) = (run(&more, Better::More), run(&less, Better::Less));
    assert_eq!(more.effects, less.effects, "{kind}: effects");
    assert_eq!(more.summary.plan, less.summary.plan, "{kind}: plan");
    assert_eq!(more.summary.verdict, less.summary.verdict, "{kind}: verdict");
    for (more, less) in more.summary.arms.iter().zip(&less.summary.arms) {
        assert_eq!(more.ate, less.ate, "{kind}: average effect");
        // The mean stays as it was recorded, within the rounding of its sum.
        assert!((opposite(more.mean_outcome) - less.mean_outcome).abs() < 1e-9, "{kind}: mean");
    }
    let notices = &less.summary.data.notices;
    assert!(notices.iter().any(|notice| notice.code == "outcome.less_is_better"));
}

#[test]
fn less_of_an_amount_is_more_of_its_opposite() {
    same_but_for_the_telling("confounded-a", |y| -y);
}

#[test]
fn less_of_a_yes_is_more_of_a_no() {
    same_but_for_the_telling("randomised-rare", |y| 1.0 - y);
}

#[test]
fn a_model_is_not_judged_the_wrong_way_round() {
    let table = world("confounded-a", 2_000);
    let fitted = fit(&table, &roles(Better::Less), &options(), &Silent).unwrap();
    let unseen = of_seed("confounded-a", 2_000, 12);
    let judge = |better| evaluate(&fitted.model, &unseen, &roles(better), &options(), &Silent);
    assert!(judge(Better::Less).is_ok());
    let refused = judge(Better::More);
    assert!(matches!(refused, Err(StudyError::OtherDirection { .. })), "{refused:?}");
}

#[test]
fn a_model_is_not_judged_on_the_table_it_was_learned_from() {
    let table = world("confounded-a", 1_000);
    let fitted = fit(&table, &roles(Better::Less), &options(), &Silent).unwrap();
    let refused = evaluate(&fitted.model, &table, &roles(Better::Less), &options(), &Silent);
    assert!(matches!(refused, Err(StudyError::SameTable)), "{refused:?}");
    assert_eq!(fitted.model.origin().fingerprint, fitted.data.fingerprint);
}

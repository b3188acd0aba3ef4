//! Studies of small worlds whose truth is known, from table to plan.

#![expect(clippy::unwrap_used, reason = "a test without its study has nothing to say")]

use yorisoi::data::{Features, Roles, Silent, Table};
use yorisoi::effects::{EffectParams, Trees};
use yorisoi::{
    Cost, CostOf, Group, PlanOptions, Reason, Repeats, Study, StudyError, StudyOptions, evaluate,
    fit, plan, score, study,
};
use yorisoi_testkit::{Size, World, WorldKind, to_table};

/// Enough trees for a direction, few enough for a test.
const TREES: usize = 60;

/// An estimate further than this many standard errors from the truth happens once in 16,000.
const FAR: f64 = 4.0;

fn options() -> StudyOptions {
    let effects = EffectParams { n_trees: Trees::Fixed(TREES), ..EffectParams::default() };
    let once = Repeats::Exactly(std::num::NonZeroU32::MIN);
    StudyOptions { effects, repeats: once, ..StudyOptions::default() }
}

fn world(kind: &str, n_units: usize, seed: u64) -> (World, Table) {
    let kind: WorldKind = kind.parse().unwrap();
    let world = kind.generate(Size::new(n_units, seed));
    let table = to_table(&world);
    (world, table)
}

fn roles() -> Roles {
    Roles::new("arm", "outcome")
}

fn run(table: &Table, options: &StudyOptions) -> Study {
    study(table, &roles(), options, &Silent).unwrap()
}

fn costs(cost: Cost) -> PlanOptions {
    let costs = vec![CostOf { arm: "offer".into(), cost }];
    PlanOptions { costs, ..PlanOptions::default() }
}

#[test]
fn confounding_is_taken_away_from_the_average_effect() {
    let (world, table) = world("confounded-a", 4_000, 1);
    let study = run(&table, &options());
    let ate = study.summary.arms[1].ate.unwrap();
    let truth = world.tau[0].iter().sum::<f64>() / world.tau[0].len() as f64;
    assert!((ate.estimate - truth).abs() < FAR * ate.std_error, "{ate:?} against {truth}");
    // The world is one where the plain difference is wrong, or the test would say nothing.
    let plain = study.summary.arms[1].difference.unwrap();
    assert!((plain.estimate - truth).abs() > FAR * plain.std_error, "{plain:?} against {truth}");
}

#[test]
fn what_the_plan_claims_to_gain_is_what_it_gains() {
    let (world, table) = world("category-effect", 4_000, 2);
    let study = run(&table, &options());
    let planned = study.plan.rows(&study.effects).filter(|row| row.action() == "offer");
    let truth: f64 = planned.map(|row| world.tau[0][row.row as usize]).sum();
    let gain = study.summary.plan.gain;
    assert!((gain.estimate - truth).abs() < FAR * gain.std_error, "{gain:?} against {truth}");
    assert!(truth > 0.0);
}

#[test]
fn the_plan_stands_beside_simple_rules_by_what_they_truly_give() {
    let against = |study: &Study, rule: &str| {
        let all = &study.summary.plan.comparisons;
        all.iter().find(|one| one.against == rule).unwrap().difference
    };
    // On the rows kept for judging: what the plan's offers change, and what offers to all would.
    let (world_1, table) = world("category-effect", 4_000, 2);
    let of_all = run(&table, &options());
    let rows: Vec<_> = of_all.plan.rows(&of_all.effects).collect();
    let judged: Vec<usize> = (0..rows.len()).filter(|&at| of_all.effects.held_out[at]).collect();
    let mean = |gives: &dyn Fn(usize) -> f64| {
        judged.iter().map(|&at| gives(at)).sum::<f64>() / judged.len() as f64
    };
    let tau = |at: usize| world_1.tau[0][rows[at].row as usize];
    let planned = |at: usize| if rows[at].action() == "offer" { tau(at) } else { 0.0 };
    for (rule, truth) in
        [("treat_none", mean(&planned)), ("treat_all:offer", mean(&|at| planned(at) - tau(at)))]
    {
        let told = against(&of_all, rule);
        let is_near = (told.estimate - truth).abs() < FAR * told.std_error;
        assert!(is_near && truth > 0.0, "{rule}: {told:?} against {truth}");
    }
    // Where everybody gains the same, nobody is worth more than those most at risk.
    let (world_2, table) = world("constant-effect", 4_000, 3);
    let limits = PlanOptions { budget: Some(800.0), ..costs(Cost::Same(1.0)) };
    let of_some = run(&table, &StudyOptions { plan: limits, ..options() });
    let told = against(&of_some, "risk");
    assert!(told.estimate.abs() < FAR * told.std_error, "{told:?}");
    let share = of_some.summary.plan.people as f64 / 4_000.0;
    let (none, truth) = (against(&of_some, "treat_none"), share * world_2.tau[0][0]);
    assert!((none.estimate - truth).abs() < FAR * none.std_error, "{none:?} against {truth}");
}

#[test]
fn whom_help_is_said_to_harm_it_seldom_helps() {
    // The rate is held at 5 % a study. Over 12 studies of a thousand and more people called each, chance
    // moves their mean by a point; the forest's own bias may add two.
    let (mut called, mut false_share) = (0, 0.0);
    for seed in 0..12 {
        let (world, table) = world("confounded-d", 3_000, 40 + seed);
        let study = run(&table, &options());
        let rows = study.plan.rows(&study.effects);
        let dogs: Vec<_> = rows.filter(|row| row.group == Group::SleepingDog).collect();
        let wrong = dogs.iter().filter(|row| world.tau[0][row.row as usize] >= 0.0).count();
        called += dogs.len();
        false_share += wrong as f64 / dogs.len().max(1) as f64 / 12.0;
    }
    println!("{called} called, {false_share} of them wrongly");
    assert!(called > 12 * 100, "{called} called: nothing was tried");
    assert!(false_share < 0.08, "{false_share}");
}

#[test]
fn where_help_does_nothing_a_claim_is_rare() {
    // Each claim errs with probability .05 at most (targeting or average, 2.5 % each): four or more of
    // twelve have probability .002.
    let claims = (0..12)
        .filter(|&seed| {
            let (_, table) = world("no-effect", 600, seed);
            run(&table, &options()).summary.verdict.proven
        })
        .count();
    assert!(claims < 4, "{claims} of 12 studies of nothing were called proven");
}

#[test]
fn the_same_seed_gives_the_same_study_on_any_number_of_threads() {
    let (_, table) = world("several-arms", 2_000, 3);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&table, &options()))
    };
    let (one, three) = (on(1), on(3));
    let json = |study: &Study| serde_json::to_string(&study.summary).unwrap();
    assert!(json(&one) == json(&three), "the summaries differ");
    assert!(one.effects == three.effects && one.model == three.model);
}

#[test]
fn a_summary_survives_json() {
    let (_, table) = world("several-arms", 2_000, 3);
    let summary = run(&table, &options()).summary;
    let text = serde_json::to_string(&summary).unwrap();
    let back: yorisoi::summary::Summary = serde_json::from_str(&text).unwrap();
    assert!(serde_json::to_string(&back).unwrap() == text, "read back, it is another summary");
    let shares: f64 = summary
        .groups
        .iter()
        .map(|of| of.persuadable + of.no_effect + of.sleeping_dog + of.undecided)
        .sum();
    assert!((shares - summary.groups.len() as f64).abs() < 1e-9, "shares sum to 1 in every arm");
}

#[test]
fn nobody_is_offered_what_may_harm_beyond_the_allowed() {
    let (_, table) = world("randomised-rare", 3_000, 4);
    let allowed_harm = Some(0.01);
    let options =
        StudyOptions { plan: PlanOptions { allowed_harm, ..PlanOptions::default() }, ..options() };
    let study = run(&table, &options);
    let offered = study.plan.rows(&study.effects).filter(|row| row.action() == "offer");
    assert!(offered.into_iter().all(|row| row.low >= -0.01));
    assert!(study.plan.rows(&study.effects).any(|row| row.reason == Reason::HoldHarmNotExcluded));
}

#[test]
fn a_budget_is_kept_and_a_cost_column_is_no_feature() {
    let (_, table) = world("confounded-a", 1_500, 5);
    let mut columns = table.columns().to_vec();
    let minutes = (0..table.n_rows()).map(|row| 1.0 + (row % 7) as f64).collect();
    columns.push(yorisoi::data::Column {
        name: "minutes".into(),
        values: yorisoi::data::Values::Numeric(minutes),
    });
    let table = Table::new(columns).unwrap();
    let plan = PlanOptions { budget: Some(500.0), ..costs(Cost::Column("minutes".into())) };
    let study = run(&table, &StudyOptions { plan, ..options() });
    assert!(!study.summary.data.features.contains(&"minutes".to_owned()));
    let offered = study.plan.rows(&study.effects).filter(|row| row.action() == "offer");
    let spent: f64 = offered.map(|row| row.cost).sum();
    assert!(spent <= 500.0 && spent > 490.0, "spent {spent}");
    assert!((spent - study.summary.plan.spend).abs() < 1e-6);
    assert!(study.summary.plan.prices.budget.is_some());
}

#[test]
fn a_model_is_judged_on_a_table_it_has_not_seen_and_its_effects_can_be_planned_with() {
    let (_, learned_from) = world("category-effect", 2_500, 6);
    let (_, unseen) = world("category-effect", 2_500, 7);
    let fitted = fit(&learned_from, &roles(), &options(), &Silent).unwrap();
    let summary = evaluate(&fitted.model, &unseen, &roles(), &options(), &Silent).unwrap();
    assert_eq!((summary.data.train_rows, summary.data.heldout_rows), (0, 2_500));
    assert_eq!(summary.verdict.code, "proven.targeting");

    let effects = score(&fitted.model, &unseen, &Silent).unwrap();
    assert_eq!(effects.n_rows(), 2_500);
    let refused = plan(&effects, None, &costs(Cost::Same(1.0)), 1);
    assert!(matches!(refused, Err(StudyError::NoAllowedHarm)));
    let limits =
        PlanOptions { allowed_harm: Some(10.0), budget: Some(100.0), ..costs(Cost::Same(1.0)) };
    assert_eq!(plan(&effects, None, &limits, 1).unwrap().n_reached(), 100);
}

#[test]
fn clusters_stay_on_one_side_of_the_split() {
    let (_, table) = world("households", 2_000, 8);
    let roles = Roles { cluster: Some("household".into()), ..roles() };
    let study = study(&table, &roles, &options(), &Silent).unwrap();
    let column = table.column("household").map(|column| &column.values);
    let Some(yorisoi::data::Values::Numeric(households)) = column else {
        panic!("the world has households")
    };
    let mut side = std::collections::HashMap::new();
    for (&row, &held_out) in study.effects.source_row.iter().zip(&study.effects.held_out) {
        let household = households[row as usize] as u32;
        assert_eq!(*side.entry(household).or_insert(held_out), held_out, "household {household}");
    }
}

#[test]
fn treatment_that_features_all_but_decide_is_unknowable_and_still_gets_a_summary() {
    // Treated almost exactly where x is large: nobody to compare with.
    let n = 2_000;
    let x: Vec<f64> = (0..n).map(|row| f64::from(row * 7 % n)).collect();
    let treated =
        |row: usize| f64::from(u8::from((x[row] > f64::from(n) / 2.0) != row.is_multiple_of(97)));
    let numeric = |name: &str, values: Vec<f64>| yorisoi::data::Column {
        name: name.into(),
        values: yorisoi::data::Values::Numeric(values),
    };
    let arm = (0..n as usize).map(treated).collect();
    let outcome = (0..n).map(|row| f64::from(row * 31 % 101)).collect();
    let table =
        Table::new(vec![numeric("x", x.clone()), numeric("arm", arm), numeric("outcome", outcome)]);
    let study = run(&table.unwrap(), &options());
    let code = &study.summary.verdict.code;
    assert!(code.starts_with("unknowable"), "{code}");
    assert!(!study.summary.verdict.proven && !study.summary.verdict.ja.is_empty());
}

#[test]
fn only_the_features_named_are_learned_from() {
    let (_, table) = world("confounded-a", 800, 9);
    let features = Features::Only(vec!["x0".into(), "x1".into()]);
    let study = study(&table, &Roles { features, ..roles() }, &options(), &Silent).unwrap();
    assert_eq!(study.summary.data.features, ["x0", "x1"]);
}

//! Every mishap of roles is one clear error or a stated notice.

use proptest::prelude::*;
use yorisoi_data::{
    Column, Dataset, DatasetOptions, Features, MISSING_CODE, Propensity, PropensityRole, RoleError,
    Roles, Table, Treatment, TreatmentKind, Values, mix, unit_hash,
};

const N_ROWS: usize = 200;

fn numbers(name: &str, value: impl Fn(usize) -> f64) -> Column {
    Column { name: name.to_owned(), values: Values::Numeric((0..N_ROWS).map(value).collect()) }
}

fn words(name: &str, word: impl Fn(usize) -> String) -> Column {
    let mut levels: Vec<String> = Vec::new();
    let mut code = |word: String| {
        if word.is_empty() {
            return MISSING_CODE;
        }
        levels.iter().position(|level| *level == word).unwrap_or_else(|| {
            levels.push(word);
            levels.len() - 1
        }) as u32
    };
    let codes = (0..N_ROWS).map(|row| code(word(row))).collect();
    Column { name: name.to_owned(), values: Values::Category { codes, levels } }
}

fn noise(key: u64) -> impl Fn(usize) -> f64 {
    move |row| unit_hash(key, row as u64)
}

fn coin(key: u64) -> impl Fn(usize) -> f64 {
    move |row| (mix(key, row as u64) % 2) as f64
}

/// A sound table (`w`, `y`, `x`, `city`), with some columns added or replaced.
fn table(changes: Vec<Column>) -> Table {
    let mut columns = vec![
        numbers("w", coin(1)),
        numbers("y", noise(2)),
        numbers("x", noise(3)),
        words("city", |row| ["Osaka", "Kyoto", "Nara"][mix(4, row as u64) as usize % 3].to_owned()),
    ];
    for change in changes {
        match columns.iter_mut().find(|column| column.name == change.name) {
            Some(column) => *column = change,
            None => columns.push(change),
        }
    }
    Table::new(columns).expect("columns of equal length")
}

fn roles() -> Roles {
    Roles::new("w", "y")
}

fn dataset(changes: Vec<Column>, roles: &Roles) -> Result<Dataset, RoleError> {
    Dataset::from_table(&table(changes), roles, &DatasetOptions::default())
}

fn with(change: impl Fn(&mut Roles)) -> Roles {
    let mut roles = roles();
    change(&mut roles);
    roles
}

#[expect(clippy::unnecessary_wraps, reason = "roles take an option, and tests read better so")]
fn named(name: &str) -> Option<String> {
    Some(name.to_owned())
}

/// Puts `value` into row 7 of an otherwise sound column.
fn spoilt(name: &str, sound: impl Fn(usize) -> f64, value: f64) -> Column {
    numbers(name, move |row| if row == 6 { value } else { sound(row) })
}

/// Changed columns, roles, code of the error and its message from the start.
type Mishap = (Vec<Column>, Roles, &'static str, &'static str);

fn mishaps() -> Vec<Mishap> {
    [
        naming(),
        values(),
        propensities(),
        propensities_by_row(),
        treatments(),
        sizes_beyond_computing(),
        too_little(),
        leaks(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn arms(names: [&'static str; 3]) -> Column {
    words("w", move |row| names[mix(1, row as u64) as usize % 3].to_owned())
}

fn naming() -> Vec<Mishap> {
    vec![
        (
            vec![],
            Roles::new("W", "y"),
            "roles.unknown_column",
            "there is no treatment column `W`; did you mean `w`",
        ),
        (
            vec![],
            with(|r| r.cluster = named("town")),
            "roles.unknown_column",
            "there is no cluster column `town`",
        ),
        (
            vec![],
            with(|r| r.features = Features::Except(vec!["citty".into()])),
            "roles.unknown_column",
            "there is no feature column `citty`; did you mean `city`",
        ),
        (
            vec![],
            Roles::new("w", "w"),
            "roles.two_roles",
            "column `w` cannot be both treatment and outcome",
        ),
        (
            vec![],
            with(|r| r.features = Features::Only(vec!["y".into(), "x".into()])),
            "roles.two_roles",
            "column `y` cannot be both outcome and feature",
        ),
    ]
}

fn values() -> Vec<Mishap> {
    let weighted = || with(|roles| roles.weight = named("v"));
    vec![
        (
            vec![words("y", |row| if row == 4 { "lots" } else { "1" }.to_owned())],
            roles(),
            "roles.not_numeric",
            "outcome column `y` must be numeric, but row 5 holds `lots`",
        ),
        (
            vec![spoilt("y", noise(2), f64::INFINITY)],
            roles(),
            "roles.not_finite",
            "outcome column `y` is inf in row 7",
        ),
        (
            vec![spoilt("w", coin(1), f64::NEG_INFINITY)],
            roles(),
            "roles.not_finite",
            "treatment column `w` is -inf in row 7",
        ),
        (
            vec![spoilt("v", |_| 1.0, 0.0)],
            weighted(),
            "weight.invalid",
            "weight column `v` is 0 in row 7",
        ),
        (
            vec![spoilt("v", |_| 1.0, f64::NAN)],
            weighted(),
            "weight.invalid",
            "weight column `v` is missing in row 7",
        ),
        (
            vec![spoilt("v", |_| 1.0, f64::INFINITY)],
            weighted(),
            "weight.invalid",
            "weight column `v` is inf in row 7",
        ),
        (
            vec![words("v", |_| "much".to_owned())],
            weighted(),
            "roles.not_numeric",
            "weight column `v` must be numeric, but row 1 holds `much`",
        ),
    ]
}

fn propensities() -> Vec<Mishap> {
    let by_column =
        || with(|roles| roles.propensity = Some(PropensityRole::Column("p".to_owned())));
    let constant = |p: f64| with(move |roles| roles.propensity = Some(PropensityRole::Constant(p)));
    let per_arm = |given: &[(&str, f64)]| {
        let given: Vec<(String, f64)> =
            given.iter().map(|(arm, p)| ((*arm).to_owned(), *p)).collect();
        with(move |roles| roles.propensity = Some(PropensityRole::PerArm(given.clone())))
    };
    vec![
        (
            vec![spoilt("p", |_| 0.5, 1.0)],
            by_column(),
            "propensity.invalid",
            "propensity column `p` in row 7 is 1, which",
        ),
        (
            vec![spoilt("p", |_| 0.5, 0.0)],
            by_column(),
            "propensity.invalid",
            "propensity column `p` in row 7 is 0, which",
        ),
        (
            vec![spoilt("p", |_| 0.5, f64::NAN)],
            by_column(),
            "propensity.invalid",
            "propensity column `p` in row 7 is missing, which",
        ),
        (
            vec![],
            constant(1.0),
            "propensity.invalid",
            "propensity of arm `1` is 1, which is not between 0 and 1",
        ),
        (
            vec![arms(["none", "a", "b"])],
            constant(0.5),
            "propensity.mismatch",
            "propensities do not fit the arms `none`, `a`, `b`",
        ),
        (
            vec![arms(["none", "a", "b"])],
            per_arm(&[("a", 0.5), ("c", 0.2)]),
            "propensity.mismatch",
            "propensities do not fit the arms `none`, `a`, `b`: there is no arm `c`",
        ),
        (
            vec![arms(["none", "a", "b"])],
            per_arm(&[("a", 0.5), ("b", 0.6)]),
            "propensity.mismatch",
            "propensities do not fit the arms `none`, `a`, `b`: they sum to 1.1",
        ),
    ]
}

/// Chances by arm and row: what is wrong is told with column and row.
fn propensities_by_row() -> Vec<Mishap> {
    let columns = |given: &[(&str, &str)]| {
        let given: Vec<(String, String)> =
            given.iter().map(|(arm, name)| ((*arm).to_owned(), (*name).to_owned())).collect();
        with(move |roles| roles.propensity = Some(PropensityRole::Columns(given.clone())))
    };
    let table = |seventh: f64| {
        let of = |name: &str, value: f64| numbers(name, move |_| value);
        vec![arms(["none", "a", "b"]), of("p0", 0.5), of("pa", 0.2), spoilt("pb", |_| 0.3, seventh)]
    };
    let all = [("none", "p0"), ("a", "pa"), ("b", "pb")];
    let (bad, misfit) = ("propensity.invalid", "propensity.mismatch");
    let two = |roles: &mut Roles| {
        let two = ["p0", "pa"].map(str::to_owned).to_vec();
        roles.propensity = Some(PropensityRole::ColumnsInOrder(two));
    };
    vec![
        (
            table(0.2),
            columns(&all),
            misfit,
            "propensities do not fit the arms `none`, `a`, `b`: in row 7 they sum to 0.9",
        ),
        (
            table(0.9),
            columns(&all[1..]),
            misfit,
            "propensities do not fit the arms `none`, `a`, `b`: in row 7 they sum to 1.1, which leaves nothing for `none`",
        ),
        (table(0.0), columns(&all), bad, "propensity column `pb` in row 7 is 0, which"),
        (table(1.0), columns(&all), bad, "propensity column `pb` in row 7 is 1, which"),
        (table(f64::NAN), columns(&all), bad, "propensity column `pb` in row 7 is missing, which"),
        (
            table(0.3),
            columns(&all[2..]),
            misfit,
            "propensities do not fit the arms `none`, `a`, `b`: `none` has none, and it is not the only one",
        ),
        (
            table(0.3),
            columns(&[("none", "p0"), ("c", "pa")]),
            misfit,
            "propensities do not fit the arms `none`, `a`, `b`: there is no arm `c`",
        ),
        (
            table(0.3),
            columns(&[("none", "p0"), ("a", "pa"), ("b", "pc")]),
            "roles.unknown_column",
            "there is no propensity column `pc`",
        ),
        (
            table(0.3),
            with(two),
            misfit,
            "propensities do not fit the arms `none`, `a`, `b`: 2 columns in order were given",
        ),
    ]
}

#[test]
fn chances_of_several_arms_are_kept_row_by_row_and_sum_to_one() {
    let columns = [("a", "pa"), ("b", "pb")].map(|(arm, name)| (arm.to_owned(), name.to_owned()));
    let given =
        with(move |roles| roles.propensity = Some(PropensityRole::Columns(columns.to_vec())));
    let by_row = |row: usize| if row.is_multiple_of(2) { 0.2 } else { 0.4 };
    let table = vec![arms(["none", "a", "b"]), numbers("pa", by_row), numbers("pb", |_| 0.25)];
    let Propensity::PerUnit(all) = dataset(table, &given).unwrap().propensity else {
        panic!("propensities are known row by row")
    };
    assert_eq!(all.len(), 3);
    assert_eq!((all[1][0], all[1][1], all[2][0]), (0.2, 0.4, 0.25));
    assert!((all[0][0] - 0.55).abs() < 1e-15 && (all[0][1] - 0.35).abs() < 1e-15, "the rest");
    // Typed with three digits: scaled, not refused.
    let columns = ["p0", "pa", "pb"].map(str::to_owned).to_vec();
    let given = with(move |roles| {
        roles.propensity = Some(PropensityRole::ColumnsInOrder(columns.clone()));
    });
    let third = |name: &str| numbers(name, |_| 0.333);
    let table = vec![arms(["none", "a", "b"]), third("p0"), third("pa"), third("pb")];
    let Propensity::PerUnit(all) = dataset(table, &given).unwrap().propensity else {
        panic!("propensities are known row by row")
    };
    assert!(all.iter().all(|column| (column[0] - 1.0 / 3.0).abs() < 1e-15));
}

fn treatments() -> Vec<Mishap> {
    vec![
        (
            vec![arms(["a", "b", "c"])],
            roles(),
            "treatment.no_control",
            "cannot tell which arm of `w` is control: `a`, `b`, `c`",
        ),
        (
            vec![arms(["none", "control", "c"])],
            roles(),
            "treatment.no_control",
            "cannot tell which arm of `w` is control",
        ),
        (
            vec![arms(["a", "b", "c"])],
            with(|r| r.control = named("d")),
            "treatment.unknown_control",
            "`w` has no arm `d`: `a`, `b`, `c`",
        ),
        (
            vec![numbers("w", noise(1))],
            roles(),
            "treatment.many_arms",
            "treatment `w` has more than 32 different values",
        ),
        (
            vec![words("w", |row| format!("arm {row}"))],
            roles(),
            "treatment.many_arms",
            "treatment `w` has more than 32 different values",
        ),
        (
            vec![numbers("w", |_| 1.0)],
            roles(),
            "treatment.one_arm",
            "everyone in `w` is in the one arm `1`",
        ),
        (
            vec![numbers("w", |row| f64::from(u8::from(row < 3)))],
            roles(),
            "treatment.small_arm",
            "arm `1` of `w` has 3 usable rows, at least 20 are needed",
        ),
    ]
}

fn sizes_beyond_computing() -> Vec<Mishap> {
    vec![
        (
            vec![spoilt("y", noise(2), 1e300)],
            roles(),
            "roles.too_large",
            "outcome column `y` is 1e300 in row 7, too large to compute with",
        ),
        (
            vec![numbers("y", |row| 1e12 + noise(2)(row))],
            roles(),
            "roles.too_fine",
            "outcome column `y` varies by only ",
        ),
        (
            vec![numbers("y", |row| 1e-200 * noise(2)(row))],
            roles(),
            "roles.too_fine",
            "outcome column `y` varies by only ",
        ),
        (
            vec![spoilt("v", |_| 1.0, 1e300)],
            with(|r| r.weight = named("v")),
            "weight.invalid",
            "weight column `v` is 1e300 in row 7",
        ),
    ]
}

fn too_little() -> Vec<Mishap> {
    let few_usable = numbers("y", |row| if row < 49 { row as f64 } else { f64::NAN });
    vec![
        (vec![numbers("y", |_| 4.0)], roles(), "outcome.constant", "outcome `y` is 4 for everyone"),
        (
            vec![few_usable],
            roles(),
            "rows.too_few",
            "49 of 200 rows are usable, at least 50 are needed",
        ),
        (
            vec![numbers("x", |_| 1.0), words("city", |_| String::new())],
            roles(),
            "features.none",
            "no feature is left",
        ),
        (
            vec![],
            with(|r| r.features = Features::Only(vec![])),
            "features.none",
            "no feature is left",
        ),
    ]
}

fn leaks() -> Vec<Mishap> {
    let y = noise(2);
    let twin = numbers("twin", move |row| 3.0 - 2.0 * y(row));
    let threshold = numbers("w", |row| f64::from(u8::from(noise(3)(row) > 0.6)));
    let outcome_levels = words("grade", |row| format!("g{}", mix(5, row as u64) % 6));
    let graded = numbers("y", |row| (mix(5, row as u64) % 6 % 2) as f64);
    vec![
        (
            vec![words("copy", |row| if coin(1)(row) > 0.0 { "yes" } else { "no" }.to_owned())],
            roles(),
            "feature.is_treatment",
            "feature `copy` determines the treatment `w` exactly",
        ),
        (
            vec![threshold],
            roles(),
            "feature.is_treatment",
            "feature `x` determines the treatment `w` exactly",
        ),
        (
            vec![numbers("zone", |row| coin(1)(row) + 2.0 * coin(9)(row))],
            roles(),
            "feature.is_treatment",
            "feature `zone` determines",
        ),
        (
            vec![numbers("copy", noise(2))],
            roles(),
            "feature.is_outcome",
            "feature `copy` determines the outcome `y`",
        ),
        (vec![twin], roles(), "feature.is_outcome", "feature `twin` determines the outcome `y`"),
        (
            vec![graded, outcome_levels],
            roles(),
            "feature.is_outcome",
            "feature `grade` determines the outcome `y`",
        ),
    ]
}

#[test]
fn every_mishap_has_its_code_and_names_the_place() {
    for (changes, roles, code, message) in mishaps() {
        let Err(error) = dataset(changes, &roles) else { panic!("{message} was accepted") };
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().starts_with(message), "{error}\nexpected {message}");
        assert!(!error.hint().is_empty());
    }
}

#[test]
fn predicates_know_their_errors() {
    assert!(dataset(vec![numbers("w", |_| 1.0)], &roles()).unwrap_err().is_one_arm());
    assert!(dataset(vec![numbers("y", |_| 4.0)], &roles()).unwrap_err().is_constant_outcome());
    assert!(dataset(vec![numbers("copy", noise(2))], &roles()).unwrap_err().is_leak());
    assert!(dataset(vec![], &Roles::new("v", "y")).unwrap_err().is_unknown_column());
    let small = numbers("w", |row| f64::from(u8::from(row < 3)));
    assert!(dataset(vec![small], &roles()).unwrap_err().is_too_few());
    let unnamed = words("w", |row| format!("arm {}", row % 2));
    assert!(dataset(vec![unnamed], &roles()).unwrap_err().is_no_control());
}

#[test]
fn the_sound_table_is_accepted_without_a_word() {
    let dataset = dataset(vec![], &roles()).unwrap();
    assert_eq!((dataset.n_units(), dataset.notices.len(), dataset.dropped.len()), (N_ROWS, 0, 0));
    assert_eq!(dataset.binner.names, ["x", "city"]);
}

#[test]
fn control_is_found_by_its_usual_names() {
    for control in ["No E-Mail", "CONTROL", "none", "対照", "なし", "0"] {
        let names = ["aaa", control, "zzz"];
        let treatment = words("w", |row| names[mix(1, row as u64) as usize % 3].to_owned());
        let dataset = dataset(vec![treatment.clone()], &roles()).unwrap();
        let Treatment::Arms(arms) = &dataset.treatment else { panic!("arms") };
        assert_eq!(arms.names, [control, "aaa", "zzz"]);
        for (row, &arm) in arms.arm.iter().enumerate() {
            assert_eq!(arms.names[usize::from(arm)], names[mix(1, row as u64) as usize % 3]);
        }
    }
}

#[test]
fn control_may_be_named_as_a_number() {
    let roles = with(|roles| roles.control = named("1.0"));
    let dataset = dataset(vec![], &roles).unwrap();
    let Treatment::Arms(arms) = &dataset.treatment else { panic!("arms") };
    assert_eq!(arms.names, ["1", "0"]);
}

#[test]
fn an_amount_is_a_dose_only_when_said_so() {
    let options = DatasetOptions { treatment: TreatmentKind::Dose, ..DatasetOptions::default() };
    let amounts = table(vec![numbers("w", noise(1))]);
    let dataset = Dataset::from_table(&amounts, &roles(), &options).unwrap();
    assert!(matches!(&dataset.treatment, Treatment::Dose(doses) if doses.len() == N_ROWS));
    let constant = table(vec![numbers("w", |_| 2.0)]);
    assert!(Dataset::from_table(&constant, &roles(), &options).unwrap_err().is_one_arm());
    let copied = table(vec![numbers("w", noise(1)), numbers("copy", |row| 5.0 * noise(1)(row))]);
    assert!(Dataset::from_table(&copied, &roles(), &options).unwrap_err().is_leak());
}

#[test]
fn rows_without_outcome_or_treatment_are_counted_out() {
    let outcome = numbers("y", |row| if row < 5 { f64::NAN } else { noise(2)(row) });
    let treatment = numbers("w", |row| if row % 100 == 3 { f64::NAN } else { coin(1)(row) });
    let dataset = dataset(vec![outcome, treatment], &roles()).unwrap();
    let dropped: Vec<(&str, usize)> =
        dataset.dropped.iter().map(|dropped| (dropped.code.as_str(), dropped.rows)).collect();
    assert_eq!(dropped, [("treatment.missing", 2), ("outcome.missing", 4)]);
    assert_eq!((dataset.n_units(), dataset.source_row[0]), (194, 5));
    assert_eq!(dataset.features.n_rows(), 194);
}

#[test]
fn yes_and_no_become_one_and_zero_with_a_notice() {
    for (no, yes) in [("No", "yes"), ("いいえ", "はい"), ("FALSE", "true")] {
        let outcome = words("y", |row| if coin(2)(row) > 0.0 { yes } else { no }.to_owned());
        let dataset = dataset(vec![outcome], &roles()).unwrap();
        assert!((0..N_ROWS).all(|row| (dataset.outcome[row] - coin(2)(row)).abs() < 0.5));
        assert_eq!(dataset.notices[0].code, "outcome.mapped");
    }
}

#[test]
fn useless_features_are_left_out_or_told() {
    let changes = vec![
        numbers("same", |_| 3.0),
        words("name", |row| format!("person {row}")),
        numbers("x2", noise(3)),
        numbers("no", |row| row as f64 + 1.0),
        words("code", |row| format!("code {}", mix(6, row as u64) % 170)),
    ];
    let dataset = dataset(changes, &roles()).unwrap();
    let told: Vec<(&str, Option<&str>)> = dataset
        .notices
        .iter()
        .map(|notice| (notice.code.as_str(), notice.column.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("feature.constant", Some("same")),
            ("feature.id", Some("name")),
            ("feature.duplicate", Some("x2")),
            ("feature.row_number", Some("no")),
        ]
    );
    assert_eq!(dataset.binner.names, ["x", "city", "x2", "no", "code"]);
    assert!(dataset.notices.iter().all(|notice| !notice.en.is_empty() && !notice.ja.is_empty()));
}

#[test]
fn clusters_are_dense_and_odd_ones_are_told() {
    let clustered = with(|roles| roles.cluster = named("house"));
    let codes = |changes| {
        let dataset = dataset(changes, &clustered).unwrap();
        let codes: Vec<String> = dataset.notices.iter().map(|notice| notice.code.clone()).collect();
        (dataset.clusters.unwrap(), codes)
    };
    let (ids, told) = codes(vec![words("house", |row| format!("h{}", row / 2))]);
    assert!(ids.iter().enumerate().all(|(row, &id)| id as usize == row / 2));
    assert!(told.is_empty());
    let (ids, told) =
        codes(vec![numbers("house", |row| if row < 4 { f64::NAN } else { (row / 4) as f64 })]);
    assert_eq!(ids[..9], [0, 1, 2, 3, 4, 4, 4, 4, 5]);
    assert_eq!(told, ["cluster.missing"]);
    assert_eq!(codes(vec![numbers("house", |row| row as f64)]).1, ["cluster.singletons"]);
    assert_eq!(codes(vec![numbers("house", |row| (row % 10) as f64)]).1, ["cluster.few"]);
}

#[test]
fn constant_propensities_come_control_first_and_a_wrong_one_is_told() {
    let given = |propensity| {
        dataset(vec![], &with(move |r| r.propensity = Some(PropensityRole::clone(&propensity))))
            .unwrap()
    };
    let sound = given(PropensityRole::Constant(0.5));
    assert_eq!(sound.propensity, Propensity::Constant(vec![0.5, 0.5]));
    assert!(sound.notices.is_empty());
    let by_arm = given(PropensityRole::PerArm(vec![("1".to_owned(), 0.5)]));
    assert_eq!(by_arm.propensity, Propensity::Constant(vec![0.5, 0.5]));
    let wrong = given(PropensityRole::Constant(0.9));
    assert_eq!(wrong.notices[0].code, "propensity.sample_ratio");
}

#[test]
fn one_wrong_value_or_name_is_another_fingerprint() {
    let of = |changes| dataset(changes, &roles()).unwrap().fingerprint;
    let same = of(vec![]);
    assert_eq!(same.len(), 64);
    assert_eq!(same, of(vec![]));
    assert_ne!(same, of(vec![spoilt("x", noise(3), 0.25)]));
    assert_ne!(same, of(vec![numbers("z", noise(7))]));
    let other_role = with(|roles| roles.cluster = named("x"));
    assert_ne!(same, dataset(vec![], &other_role).unwrap().fingerprint);
    let fewer = with(|roles| roles.features = Features::Only(vec!["x".to_owned()]));
    assert_ne!(same, dataset(vec![], &fewer).unwrap().fingerprint);
}

proptest! {
    /// The fingerprint knows neither the order of columns nor the order of levels' codes.
    #[test]
    fn fingerprint_is_invariant_to_column_and_code_order(rotation in 0_usize..4, flips: bool) {
        let plain = table(vec![]);
        let mut columns = plain.columns().to_vec();
        columns.rotate_left(rotation);
        if flips {
            for column in &mut columns {
                if let Values::Category { codes, levels } = &mut column.values {
                    levels.reverse();
                    let last = levels.len() as u32 - 1;
                    for code in codes {
                        *code = last - *code;
                    }
                }
            }
        }
        let turned = Table::new(columns).unwrap();
        let fingerprint = |table: &Table| {
            Dataset::from_table(table, &roles(), &DatasetOptions::default()).unwrap().fingerprint
        };
        prop_assert_eq!(fingerprint(&plain), fingerprint(&turned));
    }
}

//! Rows that are copies of one another count as one person; people who are merely alike do not.

#![expect(clippy::unwrap_used, reason = "a test without its table has nothing to say")]

use yorisoi_data::{
    Column, Dataset, DatasetOptions, Roles, Table, TreatmentKind, Values, unit_hash,
};

const N_PEOPLE: usize = 400;

fn draw(key: u64, of: usize) -> f64 {
    unit_hash(key, of as u64)
}

fn coin(key: u64, of: usize) -> f64 {
    f64::from(u8::from(draw(key, of) < 0.5))
}

fn numbers(name: &str, n_rows: usize, value: impl Fn(usize) -> f64) -> Column {
    Column { name: name.to_owned(), values: Values::Numeric((0..n_rows).map(value).collect()) }
}

/// Every person in `copies` rows, all first rows before all second ones.
fn table(copies: usize, extra: impl Fn(usize) -> Vec<Column>) -> Table {
    let n = N_PEOPLE * copies;
    let city = |row: usize| [0, 1, u32::MAX][row % N_PEOPLE % 3];
    let mut columns = vec![
        numbers("w", n, |row| coin(1, row % N_PEOPLE)),
        numbers("y", n, |row| coin(2, row % N_PEOPLE)),
        numbers("x", n, |row| if row % N_PEOPLE == 7 { f64::NAN } else { draw(3, row % N_PEOPLE) }),
        Column {
            name: "city".to_owned(),
            values: Values::Category {
                codes: (0..n).map(city).collect(),
                levels: vec!["Ise".to_owned(), "Nara".to_owned()],
            },
        },
    ];
    columns.extend(extra(n));
    Table::new(columns).unwrap()
}

fn read(table: &Table, roles: &Roles, treatment: TreatmentKind) -> Dataset {
    let options = DatasetOptions { treatment, ..DatasetOptions::default() };
    Dataset::from_table(table, roles, &options).unwrap()
}

fn dataset(table: &Table) -> Dataset {
    read(table, &Roles::new("w", "y"), TreatmentKind::Arms)
}

fn told(data: &Dataset) -> Vec<&str> {
    data.notices.iter().map(|notice| notice.code.as_str()).collect()
}

#[test]
fn every_person_twice_is_as_many_people() {
    let twice = dataset(&table(2, |_| vec![]));
    assert_eq!(told(&twice), ["rows.copies"]);
    let person = twice.clusters.unwrap();
    assert!(person.iter().enumerate().all(|(row, &id)| id as usize == row % N_PEOPLE));
    let notice = &twice.notices[0];
    assert!(notice.en.starts_with("400 rows") && notice.en.contains("400 in all"), "{}", notice.en);
    assert!(
        notice.ja.starts_with("400 行") && notice.ja.contains("全部で 400 人"),
        "{}",
        notice.ja
    );
}

#[test]
fn ten_copies_of_each_do_not_make_a_leak_of_every_feature() {
    let ten = dataset(&table(10, |_| vec![]));
    assert_eq!(told(&ten), ["rows.copies"]);
    assert_eq!(ten.binner.names, ["x", "city"]);
}

#[test]
fn a_leak_among_copies_is_a_leak() {
    let leaking = |n| vec![numbers("offered", n, |row| 1.0 - coin(1, row % N_PEOPLE))];
    let (table, options) = (table(2, leaking), DatasetOptions::default());
    let refused = Dataset::from_table(&table, &Roles::new("w", "y"), &options).unwrap_err();
    assert!(refused.to_string().contains("`offered`"), "{refused}");
}

#[test]
fn a_table_of_people_once_has_no_copies() {
    let once = dataset(&table(1, |_| vec![]));
    assert!(told(&once).is_empty() && once.clusters.is_none());
}

#[test]
fn numbered_copies_are_copies() {
    let numbered = |n| vec![numbers("no", n, |row| 1_000.0 - row as f64)];
    let twice = dataset(&table(2, numbered));
    assert!(told(&twice).contains(&"rows.copies"), "{:?}", told(&twice));
    assert_eq!(twice.clusters.unwrap().iter().max(), Some(&(N_PEOPLE as u32 - 1)));
}

#[test]
fn doses_have_copies_too() {
    let dosed = |n| vec![numbers("dose", n, |row| 10.0 * draw(4, row % N_PEOPLE))];
    let table = table(3, dosed);
    let roles = Roles {
        features: yorisoi_data::Features::Except(vec!["w".to_owned()]),
        ..Roles::new("dose", "y")
    };
    assert_eq!(told(&read(&table, &roles, TreatmentKind::Dose)), ["rows.copies"]);
}

#[test]
fn people_who_are_alike_but_got_or_did_something_else_are_people() {
    // The same features twice, with arm and outcome of their own: half of the pairs differ in each.
    let n = 2 * N_PEOPLE;
    let columns = vec![
        numbers("w", n, |row| coin(1, row)),
        numbers("y", n, |row| coin(2, row)),
        numbers("x", n, |row| draw(3, row % N_PEOPLE)),
    ];
    let alike = dataset(&Table::new(columns).unwrap());
    assert!(told(&alike).is_empty() && alike.clusters.is_none());
}

#[test]
fn people_in_a_few_coarse_groups_are_people() {
    let n = 4_000;
    let columns = vec![
        numbers("w", n, |row| coin(1, row)),
        numbers("y", n, |row| f64::from(u8::from(draw(2, row) < 0.02))),
        numbers("age", n, |row| (10.0 * draw(3, row)).floor()),
        numbers("member", n, |row| coin(4, row)),
    ];
    let coarse = dataset(&Table::new(columns).unwrap());
    assert!(told(&coarse).is_empty() && coarse.clusters.is_none());
}

#[test]
fn who_belongs_together_is_the_users_word() {
    let table = table(2, |n| vec![numbers("person", n, |row| row as f64)]);
    let roles = Roles { cluster: Some("person".to_owned()), ..Roles::new("w", "y") };
    let data = read(&table, &roles, TreatmentKind::Arms);
    assert_eq!(told(&data), ["cluster.singletons"]);
    assert!(data.clusters.unwrap().iter().enumerate().all(|(row, &id)| id as usize == row));
}

#[test]
fn a_few_copies_among_many_people_are_left() {
    // Twenty people stand in two rows each.
    let columns = |n: usize| {
        let person = move |row: usize| if row < n - 20 { row } else { row - (n - 20) };
        vec![
            numbers("w", n, move |row| coin(1, person(row))),
            numbers("y", n, move |row| coin(2, person(row))),
            numbers("x", n, move |row| draw(3, person(row))),
        ]
    };
    let few = dataset(&Table::new(columns(1_000)).unwrap());
    assert!(told(&few).is_empty() && few.clusters.is_none());
}

#[test]
fn a_crowd_alike_in_everything_but_its_ends_is_sorted_and_not_compared_pair_by_pair() {
    // Two hundred pairs of copies, and a crowd too large for that.
    let (pairs, crowd) = (200, 300_000);
    let n = 2 * pairs + crowd;
    let columns = vec![
        numbers("w", n, |row| coin(1, if row < 2 * pairs { row % pairs } else { row })),
        numbers("y", n, |row| draw(2, if row < 2 * pairs { row % pairs } else { row })),
        numbers("x", n, |row| if row < 2 * pairs { 1.0 + draw(3, row % pairs) } else { 0.0 }),
    ];
    let data = dataset(&Table::new(columns).unwrap());
    assert_eq!(told(&data), ["rows.copies"]);
    let person = data.clusters.unwrap();
    assert!((0..2 * pairs).all(|row| person[row] as usize == row % pairs));
    assert_eq!(*person.iter().max().unwrap() as usize, pairs + crowd - 1);
}

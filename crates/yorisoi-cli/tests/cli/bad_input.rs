//! Bad input: a clear message with a remedy, exit code 3, and nothing left behind.

use crate::home::{Home, Said, snapshot};

/// People in a table that is fine but for one thing.
const ROWS: usize = 120;

const ROLES: [&str; 6] = ["--treatment", "offer", "--outcome", "stayed", "--out", "result"];

/// Returns a healthy table after `change` has had each row, header first.
fn table(change: impl Fn(usize, &mut Vec<String>)) -> String {
    let mut lines = Vec::new();
    for row in 0..=ROWS {
        let mut fields: Vec<String> = if row == 0 {
            ["offer", "stayed", "age", "visits"].map(str::to_owned).to_vec()
        } else {
            let treated = if row % 2 == 0 { "mail" } else { "none" };
            let stayed = row * 7 % 5 / 2 % 2;
            [
                treated.to_owned(),
                stayed.to_string(),
                (20 + row * 13 % 50).to_string(),
                (row * 5 % 11).to_string(),
            ]
            .to_vec()
        };
        change(row, &mut fields);
        lines.push(fields.join(","));
    }
    lines.join("\n") + "\n"
}

fn study(home: &Home, file: &str) -> Said {
    let mut args = vec!["study", file, "--trees", "8"];
    args.extend(ROLES);
    home.run(&args)
}

/// Studies `bytes`, which must be refused with exit code 3, a hint and nothing written.
fn refused(name: &str, file: &str, bytes: impl AsRef<[u8]>) {
    let home = Home::new(name);
    home.put(file, bytes);
    let said = study(&home, file);
    assert_eq!(said.code, Some(3), "{name}: {said}");
    assert!(
        said.stderr.starts_with("error: ") && said.stderr.contains("\nhint: "),
        "{name}: {said}"
    );
    assert!(said.stdout.is_empty(), "{name}: {said}");
    assert_eq!(home.contents(), [file], "{name} left something behind");
    snapshot(name, &said);
}

#[test]
fn a_table_without_rows_or_columns() {
    refused("empty", "t.csv", "");
    refused("header_only", "t.csv", "offer,stayed,age\n");
    refused("not_a_table", "t.zip", b"PK\x03\x04\x14\0\0\0\x08\0");
    let names: Vec<String> = (0..1_000_000).map(|n| format!("c{n}")).collect();
    refused("million_columns", "t.csv", names.join(",") + "\n");
}

#[test]
fn rows_that_do_not_fit() {
    refused(
        "ragged",
        "t.csv",
        table(|row, fields| {
            if row == 17 {
                fields.pop();
            }
        }),
    );
    refused(
        "duplicate_columns",
        "t.csv",
        table(|row, fields| {
            if row == 0 {
                fields[3] = "age".into();
            }
        }),
    );
    refused(
        "infinite_outcome",
        "t.csv",
        table(|row, fields| {
            if row == 5 {
                fields[1] = "inf".into();
            }
        }),
    );
    refused(
        "text_in_outcome",
        "t.csv",
        table(|row, fields| {
            if row == 9 {
                fields[1] = "perhaps".into();
            }
        }),
    );
}

#[test]
fn arms_that_cannot_be_compared() {
    refused(
        "one_arm",
        "t.csv",
        table(|row, fields| {
            if row > 0 {
                fields[0] = "none".into();
            }
        }),
    );
    refused(
        "three_people_in_an_arm",
        "t.csv",
        table(|row, fields| {
            if row > 0 {
                fields[0] = if row <= 3 { "mail" } else { "none" }.into();
            }
        }),
    );
    refused(
        "no_control",
        "t.csv",
        table(|row, fields| {
            if row > 0 && fields[0] == "none" {
                fields[0] = "call".into();
            }
        }),
    );
    refused(
        "missing_treatments",
        "t.csv",
        table(|row, fields| {
            if row > 0 {
                fields[0] = String::new();
            }
        }),
    );
}

#[test]
fn columns_that_give_the_answer_away() {
    refused(
        "constant_outcome",
        "t.csv",
        table(|row, fields| {
            if row > 0 {
                fields[1] = "1".into();
            }
        }),
    );
    refused(
        "treatment_as_feature",
        "t.csv",
        table(|row, fields| {
            if row > 0 {
                fields[3] = format!("code {}", fields[0]);
            }
        }),
    );
    refused(
        "outcome_as_feature",
        "t.csv",
        table(|row, fields| {
            if row > 0 {
                fields[3] = if fields[1] == "1" { "loyal" } else { "lost" }.into();
            }
        }),
    );
}

#[test]
fn files_that_are_broken() {
    let home = Home::new("make-parquet");
    home.put("t.csv", table(|_, _| {}));
    let mut args = vec!["study", "t.csv", "--trees", "8"];
    args.extend(ROLES);
    assert_eq!(home.run(&args).code, Some(0));
    let bytes = home.get("result/effects.parquet");
    refused("truncated_parquet", "t.parquet", &bytes[..bytes.len() / 2]);
    // No text in UTF-8, nor in Shift_JIS.
    let bad = table(|row, fields| {
        fields.push(match row {
            0 => "note".into(),
            11 => "\u{0}".into(),
            _ => "fine".into(),
        });
    });
    let bytes: Vec<u8> = bad.bytes().map(|byte| if byte == 0 { 0xff } else { byte }).collect();
    refused("undecodable", "t.csv", bytes);
}

#[test]
fn propensities_of_zero_or_one_are_refused() {
    let home = Home::new("propensity");
    home.put(
        "t.csv",
        table(|row, fields| {
            fields.push(match row {
                0 => "p".into(),
                8 => "1".into(),
                _ => "0.5".into(),
            });
        }),
    );
    let mut args = vec!["study", "t.csv", "--propensity", "p"];
    args.extend(ROLES);
    let said = home.run(&args);
    assert_eq!((said.code, home.contents()), (Some(3), vec!["t.csv".to_owned()]), "{said}");
    snapshot("propensity_of_one", &said);
}

#[test]
fn unknown_columns_and_arms_are_named_with_what_there_is() {
    let home = Home::new("unknown");
    home.put("t.csv", table(|_, _| {}));
    let said = home.run(&["study", "t.csv", "--treatment", "ofer", "--outcome", "stayed"]);
    snapshot("unknown_column", &said);
    let mut args = vec!["study", "t.csv", "--cost", "fax=3"];
    args.extend(ROLES);
    let said = home.run(&args);
    assert_eq!(said.code, Some(2));
    snapshot("unknown_arm", &said);
    assert_eq!(home.contents(), ["t.csv"]);
}

#[test]
fn a_model_file_with_one_byte_changed_is_refused() {
    let home = Home::new("changed-model");
    home.put("t.csv", table(|_, _| {}));
    let fit = [
        "fit",
        "t.csv",
        "--treatment",
        "offer",
        "--outcome",
        "stayed",
        "--trees",
        "8",
        "--model",
        "m",
    ];
    assert_eq!(home.run(&fit).code, Some(0));
    let bytes = home.get("m");
    for at in [0, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        home.put("changed", changed);
        let said = home.run(&["effects", "t.csv", "--model", "changed", "--out", "e.parquet"]);
        assert_eq!(said.code, Some(3), "byte {at}: {said}");
        assert!(said.stderr.contains("hint: "), "{said}");
    }
    home.put("changed", &bytes[..bytes.len() / 2]);
    let said = home.run(&["effects", "t.csv", "--model", "changed", "--out", "e.parquet"]);
    assert_eq!(said.code, Some(3), "{said}");
    assert_eq!(home.contents(), ["changed", "m", "t.csv"]);
}

#[test]
fn a_place_that_cannot_be_written_to_is_known_before_the_work() {
    let home = Home::new("place");
    home.put("t.csv", table(|_, _| {}));
    home.put("file", "mine");
    let said = home.run(&[
        "study",
        "t.csv",
        "--treatment",
        "offer",
        "--outcome",
        "stayed",
        "--out",
        "file",
    ]);
    assert_eq!(said.code, Some(2), "{said}");
    let said = home.run(&[
        "study",
        "t.csv",
        "--treatment",
        "offer",
        "--outcome",
        "stayed",
        "--out",
        "file/x",
    ]);
    assert_eq!(said.code, Some(3), "{said}");
    assert_eq!(home.contents(), ["file", "t.csv"]);
}

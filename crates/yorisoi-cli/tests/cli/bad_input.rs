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

fn study(home: &Home, file: &str, more: &[&str]) -> Said {
    let mut args = vec!["study", file, "--trees", "8", "--repeats", "1"];
    args.extend(ROLES);
    args.extend(more);
    home.run(&args)
}

/// Returns a healthy table but for one field.
fn spoilt(row: usize, column: usize, value: &str) -> String {
    table(|at, fields| {
        if at == row {
            fields[column] = value.into();
        }
    })
}

/// Returns a healthy table with one more column.
fn with_column(name: &str, value: impl Fn(usize, &[String]) -> String) -> String {
    table(|row, fields| {
        let value = if row == 0 { name.to_owned() } else { value(row, fields) };
        fields.push(value);
    })
}

/// Studies `bytes`, which must be refused with exit code 3, a hint and nothing written.
fn refused(name: &str, file: &str, bytes: impl AsRef<[u8]>) {
    refused_with(name, file, bytes, &[]);
}

fn refused_with(name: &str, file: &str, bytes: impl AsRef<[u8]>, more: &[&str]) {
    let home = Home::new(name);
    home.put(file, bytes);
    let said = study(&home, file, more);
    is_refused(name, &said, ["error: ", "\nhint: "]);
    snapshot(name, &said);
    let mut japanese = more.to_vec();
    japanese.extend(["--lang", "ja"]);
    is_refused(name, &study(&home, file, &japanese), ["エラー: ", "\nヒント: "]);
    assert_eq!(home.contents(), [file], "{name} left something behind");
}

fn is_refused(name: &str, said: &Said, [error, hint]: [&str; 2]) {
    assert_eq!(said.code, Some(3), "{name}: {said}");
    let is_told = said.stderr.starts_with(error) && said.stderr.contains(hint);
    assert!(is_told && !said.stderr.contains("panicked"), "{name}: {said}");
    assert!(said.stdout.is_empty(), "{name}: {said}");
}

/// Studies `bytes`, which must be read with a warning that holds `expected`.
fn warned(name: &str, bytes: impl AsRef<[u8]>, more: &[&str], expected: &str) {
    let home = Home::new(name);
    home.put("t.csv", bytes);
    let said = study(&home, "t.csv", more);
    assert_eq!(said.code, Some(0), "{name}: {said}");
    let mut warnings = said.stderr.lines().filter(|line| line.starts_with("warning: "));
    assert!(warnings.any(|line| line.contains(expected)), "{name}: {said}");
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
    refused("unclosed_quote", "t.csv", spoilt(17, 3, "\"3"));
}

#[test]
fn values_that_cannot_be_meant() {
    refused("infinite_outcome", "t.csv", spoilt(5, 1, "inf"));
    refused("text_in_outcome", "t.csv", spoilt(9, 1, "perhaps"));
    refused("infinite_treatment", "t.csv", spoilt(5, 0, "inf"));
    refused("enormous_outcome", "t.csv", spoilt(5, 1, "1e300"));
    let offset = table(|row, fields| {
        if row > 0 {
            fields[1] = format!("1700000000000{}", fields[1]);
        }
    });
    refused("outcome_beyond_its_digits", "t.csv", offset);
    let weights = with_column("weight", |row, _| if row == 7 { "-1" } else { "1" }.to_owned());
    refused_with("negative_weight", "t.csv", weights, &["--weight", "weight"]);
    let branches = with_column("branch", |row, _| format!("b{}", row % 9));
    refused_with("too_few_clusters", "t.csv", branches, &["--cluster", "branch"]);
}

#[test]
fn what_can_be_read_is_read_with_a_word_of_warning() {
    let dates =
        with_column("joined", |row, _| format!("2024-{:02}-{:02}", row % 12 + 1, row % 28 + 1));
    warned("dates", dates, &[], "`joined` holds dates");
    warned("mixed_types", spoilt(8, 2, "forty"), &[], "(the first is `forty` in row 8)");
    let singletons = with_column("house", |row, _| format!("h{row}"));
    warned("singletons", singletons, &["--cluster", "house"], "every `house` has one row only");
    let few = with_column("house", |row, _| format!("h{}", row % 29));
    warned("few_clusters", few, &["--cluster", "house"], "only 29 clusters");
    let after =
        with_column(
            "refund",
            |_, fields| {
                if fields[1] == "0" { String::new() } else { "5".to_owned() }
            },
        );
    warned("known_afterwards", after, &[], "feature `refund`");
    let less = table(|_, _| {});
    warned("less", less, &["--lower-is-better"], "less of `stayed` is better");
}

#[test]
fn the_encodings_of_offices_are_read() {
    let japanese = table(|row, fields| {
        fields.push(if row == 0 {
            "都市".into()
        } else {
            ["大阪", "京都"][row % 2].to_owned() + "市"
        });
        // Independent of who got the mail.
        if row > 0 && row % 3 == 0 {
            fields[4] = "奈良市".into();
        }
    });
    let (shift_jis, _, _) = encoding_rs::SHIFT_JIS.encode(&japanese);
    warned("shift_jis", &shift_jis, &[], "read as Shift_JIS");
    let utf16 = std::iter::once(0xfeff).chain(japanese.encode_utf16()).flat_map(u16::to_le_bytes);
    warned("utf16", utf16.collect::<Vec<u8>>(), &[], "read as UTF-16LE");
    let home = Home::new("byte-order-mark");
    home.put("t.csv", format!("\u{feff}{japanese}"));
    assert_eq!(study(&home, "t.csv", &[]).code, Some(0));
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

/// Makes the footer of a Parquet file announce two billion columns.
fn with_forged_schema(bytes: &[u8]) -> Vec<u8> {
    let body = bytes.len() - 8;
    let length =
        u32::from_le_bytes([bytes[body], bytes[body + 1], bytes[body + 2], bytes[body + 3]]);
    let footer = body - length as usize;
    // Field 1 is the version, field 2 the list of the schema's elements.
    assert_eq!((bytes[footer], bytes[footer + 2]), (0x15, 0x19));
    let mut forged = bytes.to_vec();
    forged[footer + 3..footer + 9].copy_from_slice(&[0xfc, 0xff, 0xff, 0xff, 0xff, 0x07]);
    forged
}

#[test]
fn much_on_standard_input_is_read_in_bounded_memory_to_the_row_at_fault() {
    let home = Home::new("much");
    let note = "x".repeat(900);
    let rows: Vec<String> =
        (0..50).map(|row| format!("{},{},{note}\n", row % 2, row % 3 % 2)).collect();
    let rows = rows.concat();
    // 45 MB, of which the study needs two columns of numbers.
    let csv = format!("offer,stayed,note\n{}0,1\n", rows.repeat(1_000));
    let args = ["study", "-", "--treatment", "offer", "--outcome", "stayed", "--features", "note"];
    let said = home.run_with(&args, csv.as_bytes());
    assert_eq!(said.code, Some(3), "{said}");
    let expected = "error: `stdin`, row 50001 (line 50002) has 2 fields, expected 3\n";
    assert!(said.stderr.starts_with(expected), "{said}");
    assert!(home.contents().is_empty(), "{:?}", home.contents());
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
    refused("forged_parquet", "t.parquet", with_forged_schema(&bytes));
    refused("truncated_gzip", "t.csv.gz", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b]);
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
fn propensities_must_lie_between_zero_and_one() {
    for (name, p) in [("of_one", "1"), ("of_zero", "0"), ("missing", ""), ("text", "often")] {
        let table = with_column("p", |row, _| if row == 8 { p } else { "0.5" }.to_owned());
        refused_with(&format!("propensity_{name}"), "t.csv", table, &["--propensity", "p"]);
    }
    let table = table(|_, _| {});
    refused_with("propensity_too_much", "t.csv", &table, &["--propensity", "1"]);
    refused_with("propensity_sum", "t.csv", &table, &["--propensity", "mail=0.5,none=0.6"]);
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
    // Every byte of the header, and places all over the body.
    let places =
        (0..52).chain((52..bytes.len()).step_by(bytes.len() / 40)).chain([bytes.len() - 1]);
    for at in places {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        home.put("changed", changed);
        let said = home.run(&["effects", "t.csv", "--model", "changed", "--out", "e.parquet"]);
        assert_eq!(said.code, Some(3), "byte {at}: {said}");
        let is_told = said.stderr.contains("hint: ") && !said.stderr.contains("panicked");
        assert!(is_told, "byte {at}: {said}");
    }
    for bytes in [&bytes[..bytes.len() / 2], &bytes[..0], &[bytes.as_slice(), b"x"].concat()] {
        home.put("changed", bytes);
        let said = home.run(&["effects", "t.csv", "--model", "changed", "--out", "e.parquet"]);
        assert_eq!(said.code, Some(3), "{said}");
    }
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

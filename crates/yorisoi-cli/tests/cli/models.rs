//! A model at the console: registered, compared, promoted, and nothing in between left out.

use std::collections::BTreeMap;

use serde_json::Value;
use yorisoi_app::{ClientInput, Role};
use yorisoi_decision::{Attribute, ClientId};

use crate::home::{Home, Said};
use crate::ledger::{app, block_on, caller, house};

/// People of whom the model's feature is known.
const KNOWN: usize = 3;

/// A house with people whose garden is known, and a model that was learned from another table.
fn prepared(name: &str) -> Home {
    let home = house(name);
    let app = app(&home.path("care"));
    block_on(async {
        for k in 0..KNOWN {
            let garden = Attribute::Number(30.0 + 20.0 * k as f64);
            let input = ClientInput {
                client: Some(ClientId::new(format!("c-garden-{k}")).unwrap()),
                attributes: BTreeMap::from([("garden_m2".to_owned(), garden)]),
                ..ClientInput::default()
            };
            app.add_client(&caller(Role::Lead), input).await.unwrap();
        }
    });
    fit(&home, "model.yorisoi", "plan_review");
    home
}

/// Learns a model of one arm against holding: it helps those with a large garden.
fn fit(home: &Home, file: &str, arm: &str) {
    let row = |k: u32| {
        let (garden, is_helped) = (20 + k * 7 % 60, k.is_multiple_of(2));
        let stays = if is_helped && garden > 50 { !k.is_multiple_of(10) } else { k % 4 < 2 };
        let action = if is_helped { arm } else { "hold" };
        format!("{action},{},{garden}\n", u8::from(stays))
    };
    let rows: String = (0..400).map(row).collect();
    home.put("past.csv", format!("action,stayed,garden_m2\n{rows}"));
    let roles = ["--treatment", "action", "--outcome", "stayed", "--control", "hold"];
    let args = ["fit", "past.csv", "--model", file, "--trees", "24", "--quiet"];
    let said = home.run(&[&args[..], &roles].concat());
    assert_eq!(said.code, Some(0), "{said}");
}

fn run(home: &Home, args: &[&str]) -> Said {
    home.run(&[&["model"], args, &["--data", "care", "--json", "--quiet"]].concat())
}

fn model(home: &Home, args: &[&str]) -> Value {
    let said = run(home, args);
    assert_eq!(said.code, Some(0), "{said}");
    serde_json::from_str(&said.stdout).unwrap()
}

fn state(home: &Home) -> Vec<String> {
    let known = model(home, &["list"]);
    known.as_array().unwrap().iter().map(|it| it["state"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_model_is_registered_compared_and_only_then_decides() {
    let home = prepared("models");
    assert_eq!(state(&home), Vec::<String>::new());
    let done = model(&home, &["register", "model.yorisoi"]);
    let name = done["model"]["card"]["model"].as_str().unwrap();
    assert_eq!(
        (&done["model"]["state"], &done["shadow"]["clients"]),
        (&"shadow".into(), &3.into())
    );
    assert_eq!(done["model"]["card"]["arms"][1], "plan_review");
    assert!(done["model"]["card"]["data_fingerprint"].as_str().is_some_and(|it| it.len() > 8));
    // Registered again it is the same one.
    assert_eq!(model(&home, &["register", "model.yorisoi"])["model"]["card"]["model"], name);
    assert_eq!(state(&home), ["shadow"]);

    let scored = model(&home, &["promote", &name[..8]]);
    assert_eq!((&scored["model"], &scored["scored"]), (&name.into(), &3.into()));
    assert_eq!(state(&home), ["live"]);
    assert_eq!(model(&home, &["score"]), scored);
    assert_eq!(model(&home, &["shadow", name])["different"], 0, "it is compared with itself");
    // Whoever opens the ledger now decides by it.
    let ledger = app(&home.path("care"));
    let id = ClientId::new("c-garden-2").unwrap();
    let known = ledger.ledger().read_now::<_, yorisoi_ledger::LedgerError, _>(move |books| {
        Ok(books.client(&id)?.map(|client| client.facts.effects.len()))
    });
    assert_eq!(known, Ok(Some(1)));
}

#[test]
fn another_file_or_a_model_of_other_actions_is_refused_and_leaves_nothing() {
    let home = prepared("models-refused");
    let said = run(&home, &["register", "model.yorisoi", "--expected", "00ff"]);
    assert_eq!(said.code, Some(3), "{said}");
    assert!(said.stderr.contains("not `00ff`"), "{said}");
    fit(&home, "other.yorisoi", "free_beer");
    let said = run(&home, &["register", "other.yorisoi"]);
    assert_eq!(said.code, Some(3), "{said}");
    assert!(said.stderr.contains("free_beer"), "{said}");
    let mut bytes = home.get("model.yorisoi");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    home.put("broken.yorisoi", bytes);
    assert_eq!(run(&home, &["register", "broken.yorisoi"]).code, Some(3));
    assert_eq!(run(&home, &["register", "nothing.yorisoi"]).code, Some(3));
    assert_eq!(state(&home), Vec::<String>::new());
    // Nothing decides, and nothing that was never compared comes to decide.
    assert_eq!(run(&home, &["score"]).code, Some(3));
    assert_eq!(run(&home, &["promote", "0123"]).code, Some(3));
    for wrong in [&["register"][..], &["promote"], &["list", "--expected", "00"]] {
        assert_eq!(run(&home, wrong).code, Some(2), "{wrong:?}");
    }
}

#[test]
fn what_was_done_is_said_in_words() {
    let home = prepared("models-words");
    let says = |args: &[&str], lang: &str| {
        let said =
            home.run(&[&["model"], args, &["--data", "care", "--lang", lang, "--quiet"]].concat());
        assert_eq!(said.code, Some(0), "{said}");
        said.stdout
    };
    let en = says(&["register", "model.yorisoi"], "en");
    assert!(en.contains("3 clients compared") && en.contains("model promote"), "{en}");
    let ja = says(&["register", "model.yorisoi"], "ja");
    assert!(ja.contains("登録しました") && ja.contains("3 人を比べました"), "{ja}");
    let name = en.split_whitespace().nth(1).unwrap();
    assert!(says(&["promote", name], "ja").contains("判断に使っています"));
    assert!(says(&["list"], "en").contains("decides"));
    assert!(says(&["list"], "ja").contains("判断に使用中"));
}

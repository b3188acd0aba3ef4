//! The ledger at the console: a folder that the sample world filled is verified, copied, brought back, exported,
//! folded anew and made to forget, each time by the program as it is shipped.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde_json::Value;
use yorisoi_app::{
    App, Caller, ClientFind, ClientInput, CountedIds, DecisionAsk, FixedClock, NoteInput, Role,
    Settings,
};
use yorisoi_decision::{Attribute, ClientId};
use yorisoi_ledger::{Body, Draft, Ledger, LedgerError, Opened, Place};

use crate::home::{Home, Said};

/// After the last entry of the sample world, on a working morning.
const LATER: &str = "2026-11-18T11:30:00+09:00";

/// Words that stand nowhere but in what is personal of one person.
const CANARIES: [&str; 5] = [
    "Canary-Name-4f2",
    "canary-alias-4f2",
    "canary-4f2@example.org",
    "canary note 4f2",
    "canary-attr-4f2",
];

/// A folder that the demonstration filled, made once for all tests and left as it is.
fn filled() -> &'static Path {
    static FILLED: OnceLock<(Home, PathBuf)> = OnceLock::new();
    &FILLED
        .get_or_init(|| {
            let home = Home::new("filled");
            let args = ["demo", "--only", "desk", "--data", "care", "--listen", "127.0.0.1:0"];
            let mut child = home.start(&[&args[..], &["--json", "--quiet"]].concat());
            let mut line = String::new();
            BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
            assert!(line.contains("\"address\""), "{line}");
            let id = child.id().to_string();
            let stop = std::process::Command::new("kill").args(["-TERM", &id]).status();
            assert!(stop.unwrap().success());
            assert!(child.wait().unwrap().success());
            let care = home.path("care");
            (home, care)
        })
        .1
}

/// A copy of that folder, as `care` below a home of its own.
pub(crate) fn house(name: &str) -> Home {
    let home = Home::new(name);
    copy(filled(), &home.path("care"));
    home
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Runs `yorisoi ledger …` in a folder, its answer as JSON.
fn ledger(home: &Home, args: &[&str]) -> Value {
    let said = run(home, args);
    assert_eq!(said.code, Some(0), "{said}");
    serde_json::from_str(&said.stdout).unwrap()
}

fn run(home: &Home, args: &[&str]) -> Said {
    home.run(&[&["ledger"], args, &["--json", "--quiet"]].concat())
}

pub(crate) fn app(folder: &Path) -> App {
    let ledger = Ledger::open(&Place::Folder(folder.to_owned())).unwrap();
    let clock = Arc::new(FixedClock::at(LATER.parse().unwrap()));
    App::new(ledger, clock, Arc::new(CountedIds::default()), Settings::default())
}

pub(crate) fn caller(role: Role) -> Caller {
    Caller { token: "test".to_owned(), role, team: None, agent: None }
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

/// Everybody's decision at one instant, as bytes: the same facts give the same.
fn decisions(folder: &Path) -> Vec<String> {
    let app = app(folder);
    block_on(async {
        let lead = caller(Role::Lead);
        let page = yorisoi_app::PageAsk { cursor: None, limit: Some(200) };
        let find = ClientFind { page, ..ClientFind::default() };
        let clients = app.find_clients(&lead, find).await.unwrap().items;
        let mut made = Vec::new();
        for client in clients {
            let ask = DecisionAsk { dry: true, ..DecisionAsk::about(client.client) };
            let answer = app.decide_and_commit(&lead, ask).await.unwrap();
            made.push(serde_json::to_string(&answer).unwrap());
        }
        assert!(made.len() >= 30 && made.iter().any(|it| !it.contains("\"kind\":\"hold\"")));
        made
    })
}

#[expect(clippy::disallowed_methods, reason = "a test looks at the files that were made")]
fn files_with(folder: &Path, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, word));
        } else if fs::read(&path).unwrap().windows(word.len()).any(|it| it == word.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn a_backup_brought_back_verifies_and_decides_the_same() {
    let home = house("backup");
    let verified = ledger(&home, &["verify", "--data", "care"]);
    assert!(verified["entries"].as_u64().unwrap() > 1_000, "{verified}");
    let copied = ledger(&home, &["backup", "one.backup", "--data", "care"]);
    assert_eq!(copied["entries"], verified["entries"]);
    // A file that is there is not written over.
    let again = run(&home, &["backup", "one.backup", "--data", "care"]);
    assert_eq!(again.code, Some(3), "{again}");

    fs::create_dir(home.path("back")).unwrap();
    fs::copy(home.path("care/keys.sqlite"), home.path("back/keys.sqlite")).unwrap();
    let restored = ledger(&home, &["restore", "one.backup", "--data", "back"]);
    assert_eq!(restored["entries"], verified["entries"]);
    assert_eq!(ledger(&home, &["verify", "--data", "back"]), verified);
    assert_eq!(decisions(&home.path("back")), decisions(&home.path("care")));
    // Nothing is restored over what is there, and nothing without the keys.
    assert_eq!(run(&home, &["restore", "one.backup", "--data", "back"]).code, Some(3));
    assert_eq!(run(&home, &["restore", "one.backup", "--data", "elsewhere"]).code, Some(3));
}

#[test]
fn whoever_is_erased_at_the_console_is_in_no_file_and_the_chain_verifies() {
    let home = house("erase");
    let client = ClientId::new("c-canary").unwrap();
    let app = app(&home.path("care"));
    block_on(async {
        let input = ClientInput {
            client: Some(client.clone()),
            name: Some(CANARIES[0].to_owned()),
            aliases: vec![CANARIES[1].to_owned()],
            addresses: [("mail".to_owned(), CANARIES[2].to_owned())].into(),
            attributes: [("work".to_owned(), Attribute::Text(CANARIES[4].to_owned()))].into(),
            ..ClientInput::default()
        };
        app.add_client(&caller(Role::Lead), input).await.unwrap();
        let text = CANARIES[3].to_owned();
        let note = NoteInput { client: client.clone(), text, confidential: true };
        app.add_note(&caller(Role::Lead), note).await.unwrap();
        let ask = DecisionAsk::about(client.clone());
        app.decide_and_commit(&caller(Role::Lead), ask).await.unwrap();
    });
    drop(app);
    let before = ledger(&home, &["verify", "--data", "care"])["entries"].as_u64().unwrap();
    let erased = ledger(&home, &["erase", "c-canary", "--data", "care"]);
    assert_eq!(erased["seq"], before + 1);
    for canary in CANARIES {
        assert_eq!(files_with(&home.path("care"), canary), Vec::<String>::new(), "{canary}");
    }
    assert_eq!(ledger(&home, &["verify", "--data", "care"])["entries"], before + 1);
    assert_eq!(ledger(&home, &["rebuild", "--data", "care"])["unchanged"], true);
    // Twice is once; nobody is nobody.
    assert_eq!(run(&home, &["erase", "c-canary", "--data", "care"]).code, Some(3));
    assert_eq!(run(&home, &["erase", "c-nobody", "--data", "care"]).code, Some(3));
}

#[test]
fn a_rebuild_gives_the_same_bytes() {
    let home = house("rebuild");
    let before = decisions(&home.path("care"));
    let entries = ledger(&home, &["verify", "--data", "care"])["entries"].clone();
    let rebuilt = ledger(&home, &["rebuild", "--data", "care"]);
    assert_eq!((&rebuilt["folded"], &rebuilt["unchanged"]), (&entries, &Value::Bool(true)));
    assert_eq!(decisions(&home.path("care")), before);
}

/// Writes down a decision that no policy made: the last one there is, under another name.
fn forge(folder: &Path, name: &'static str) {
    let forged = app(folder).ledger().write_now(move |books| {
        let entries = books.entries(0, 100_000)?;
        let last = entries.into_iter().rfind(|it| matches!(it.body, Body::Decided { .. }));
        let Opened { entry, personal } = books.opened(last.unwrap())?;
        let Body::Decided { mut decision, agent, keeps, .. } = entry.body else { unreachable!() };
        decision.id = name.parse().unwrap();
        let body = Body::Decided { decision, reservation: None, agent, keeps };
        let (at, actor, client) = (LATER.parse().unwrap(), entry.actor, entry.client);
        books.append(Draft { at, actor, client, body, personal })
    });
    let forged: Result<_, LedgerError> = forged;
    forged.unwrap();
}

#[test]
fn every_decision_is_made_again_and_one_that_comes_out_otherwise_is_named() {
    let home = house("replay");
    let done = ledger(&home, &["replay", "--data", "care"]);
    assert!(done["decisions"].as_u64().unwrap() > 100, "{done}");
    assert_eq!((&done["different"], &done["first_different"]), (&0.into(), &Value::Null));
    forge(&home.path("care"), "d-forged");
    // Its links are sound; what it says is not.
    ledger(&home, &["verify", "--data", "care"]);
    let said = run(&home, &["replay", "--data", "care"]);
    assert_eq!(said.code, Some(1), "{said}");
    let found: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!((&found["different"], &found["first_different"]), (&1.into(), &"d-forged".into()));
    for (lang, words) in [("en", "DIFFERENT: 1 of"), ("ja", "1 件の判断を再現できません")]
    {
        let said = home.run(&["ledger", "replay", "--data", "care", "--lang", lang]);
        assert!(said.stdout.contains(words) && said.stdout.contains("d-forged"), "{said}");
    }
}

#[test]
fn one_flipped_byte_of_an_entry_is_found_and_named() {
    let home = house("flipped");
    // A last reader folds the log into the file, so that the entry stands in one place.
    ledger(&home, &["verify", "--data", "care"]);
    let mut bytes = home.get("care/ledger.sqlite");
    let entry = b"{\"seq\":100,";
    let at = bytes.windows(entry.len()).position(|it| it == entry).unwrap();
    let body = at + entry.len() + b"\"at\":\"20".len();
    bytes[body] ^= 1;
    home.put("care/ledger.sqlite", bytes);
    let said = run(&home, &["verify", "--data", "care"]);
    assert_eq!(said.code, Some(1), "{said}");
    let found: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(found["faults"][0]["seq"], 100, "{found}");
    let words = home.run(&["ledger", "verify", "--data", "care"]);
    assert!(words.stdout.contains("BROKEN") && words.stdout.contains("100"), "{words}");
}

#[test]
fn an_export_is_a_line_an_entry_and_holds_nothing_personal() {
    let home = house("export");
    let entries = ledger(&home, &["verify", "--data", "care"])["entries"].as_u64().unwrap();
    let told = ledger(&home, &["export", "all.jsonl", "--data", "care"]);
    assert_eq!(told["entries"], entries);
    let text = home.text("all.jsonl");
    assert_eq!(text.lines().count() as u64, entries);
    assert!(!text.contains("@example.com") && !text.contains("様"));
    let said = home.run(&["ledger", "export", "--data", "care"]);
    assert_eq!((said.code, said.stdout), (Some(0), text));
}

/// The words of a printed command, after the name of the program.
fn words(command: &Value) -> Vec<String> {
    command.as_str().unwrap().split_whitespace().skip(1).map(str::to_owned).collect()
}

/// Runs the printed command.
fn study(home: &Home, command: &Value, out: &str) -> Said {
    let mut args = words(command);
    args.extend(["--trees", "16", "--repeats", "1", "--quiet", "--out", out].map(str::to_owned));
    home.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The sample world is a small house where nearly everybody stays: forty such houses, so that what one of them did once
/// can be studied, every third outcome turned to `0`.
fn of_forty_houses(csv: &str) -> String {
    let (header, rows) = csv.split_once('\n').unwrap();
    let column = |wanted: &str| header.split(',').position(|name| name == wanted).unwrap();
    let (stayed, household) = (column("stayed"), column("household"));
    let mut all = vec![header.to_owned()];
    for house in 0..40 {
        for row in rows.lines() {
            let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
            cells[household] = format!("{}-{house}", cells[household]);
            if all.len().is_multiple_of(3) {
                "0".clone_into(&mut cells[stayed]);
            }
            all.push(cells.join(","));
        }
    }
    all.join("\n") + "\n"
}

/// Studies an exported table by its printed command, as forty such houses would.
fn studied(home: &Home, exported: &Value, out: &str) -> Value {
    let file = exported["file"].as_str().unwrap();
    home.put(file, of_forty_houses(&home.text(file)));
    let said = study(home, &exported["command"], out);
    assert_eq!(said.code, Some(0), "{said}");
    serde_json::from_str(&home.text(&format!("{out}/summary.json"))).unwrap()
}

#[test]
fn an_exported_study_is_what_study_reads_in_either_format() {
    let home = house("study");
    let of_one = ["export", "one.csv", "--study", "--action", "plan_review", "--data", "care"];
    let of_all = ["export", "all.csv", "--study", "--data", "care"];
    let one = ledger(&home, &of_one);
    assert!(home.text("one.csv").starts_with("action,propensity,stayed,household,"), "{one}");
    let summary = studied(&home, &one, "one");
    assert_eq!(summary["arms"][1]["arm"], "plan_review", "{summary}");

    let all = ledger(&home, &of_all);
    assert!(all["rows"].as_u64() > one["rows"].as_u64(), "{all}");
    let command = all["command"].as_str().unwrap();
    assert!(command.contains("propensity.hold") && command.contains("propensity.plan_review"));
    let summary = studied(&home, &all, "all");
    assert!(summary["arms"].as_array().unwrap().len() > 3, "{summary}");
    // As Parquet it is the same table: the very same arm is too small.
    let parquet = ledger(&home, &["export", "all.parquet", "--study", "--data", "care"]);
    assert_eq!(parquet["rows"], all["rows"]);
    let said = study(&home, &parquet["command"], "parquet");
    assert_eq!(said.code, Some(3), "{said}");
    assert!(said.stderr.contains("at least 20 are needed"), "{said}");
    // The chances of all actions of a row are those of one choice.
    let csv = home.run(&["ledger", "export", "--study", "--data", "care"]).stdout;
    let mut rows = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = rows.next().unwrap();
    let chances: Vec<usize> =
        (0..header.len()).filter(|&at| header[at].starts_with("propensity.")).collect();
    for row in rows {
        let sum: f64 = chances.iter().map(|&at| row[at].parse::<f64>().unwrap()).sum();
        // As many roundings as there are actions.
        assert!((sum - 1.0).abs() < 1e-12, "{row:?}");
    }
}

#[test]
fn study_options_go_with_the_export_only_and_an_unknown_outcome_is_told() {
    let home = house("usage");
    assert_eq!(run(&home, &["verify", "--study", "--data", "care"]).code, Some(2));
    assert_eq!(run(&home, &["export", "--action", "x", "--data", "care"]).code, Some(2));
    let unknown = ["export", "--study", "--outcome", "nothing_of_this_name", "--data", "care"];
    let said = run(&home, &unknown);
    assert_eq!(said.code, Some(3), "{said}");
    assert!(said.stderr.contains("nothing_of_this_name"), "{said}");
}

#[test]
fn rival_policies_are_compared_in_a_world_whose_truth_is_known() {
    let home = Home::new("compare");
    let args = ["world", "compare", "--worlds", "coach", "--policies", "nothing,yes-man,yorisoi"];
    let said = home.run(&[&args[..], &["--seeds", "2", "--json", "--quiet"]].concat());
    assert_eq!(said.code, Some(0), "{said}");
    let found: Value = serde_json::from_str(&said.stdout).unwrap();
    let policies: Vec<&Value> =
        found[0]["rows"].as_array().unwrap().iter().map(|row| &row["policy"]).collect();
    assert_eq!(policies, ["nothing", "yes-man", "yorisoi"]);
    // Against doing nothing, doing nothing changes nothing.
    assert_eq!(found[0]["rows"][0]["value_more_minor"]["mean"], 0.0);
    let table = home.run(&[&args[..], &["--seeds", "2", "--lang", "ja", "--quiet"]].concat());
    assert!(table.stdout.contains("ご迷惑") && table.stdout.contains("yes-man"), "{table}");
    let wrong = home.run(&["world", "compare", "--policies", "kindness"]);
    assert_eq!(wrong.code, Some(2), "{wrong}");
    assert!(wrong.stderr.contains("kindness"), "{wrong}");
}

//! The commands on a small world, from CSV to report.

use crate::home::Home;
use serde_json::Value;

fn world(home: &Home, name: &str, rows: &str, seed: &str) -> String {
    let said = home.run(&["world", name, "--rows", rows, "--seed", seed]);
    assert_eq!(said.code, Some(0), "{said}");
    said.stdout
}

const ROLES: [&str; 4] = ["--treatment", "arm", "--outcome", "outcome"];

fn with_roles<'a>(args: &[&'a str]) -> Vec<&'a str> {
    let mut args = args.to_vec();
    args.extend(ROLES);
    args
}

#[test]
fn a_study_from_standard_input_writes_its_five_results_and_prints_the_same_summary() {
    let home = Home::new("study");
    let csv = world(&home, "category-effect", "800", "1");
    let args =
        with_roles(&["study", "-", "--trees", "24", "--out", "deep/result", "--json", "--quiet"]);
    let said = home.run_with(&args, csv.as_bytes());
    assert_eq!(said.code, Some(0), "{said}");
    assert!(said.stderr.is_empty(), "{said}");
    assert_eq!(said.stdout, home.text("deep/result/summary.json"));
    let mut expected = vec!["deep".to_owned(), "deep/result".to_owned()];
    for file in ["effects.parquet", "model.yorisoi", "plan.csv", "report.html", "summary.json"] {
        expected.push(format!("deep/result/{file}"));
    }
    assert_eq!(home.contents(), expected);

    let summary: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(summary["data"]["used_rows"], 800);
    let settings = &summary["settings"];
    assert_eq!(settings["seed"], 42);
    assert_eq!(settings["columns"]["treatment"], "arm");
    assert_eq!(
        (&settings["held_out_share"], &settings["half_samples"]),
        (&0.5.into(), &200.into())
    );
    // What was left to choose stands there as it was chosen.
    let tuning = &settings["tuning"][0];
    assert_eq!(tuning["folds"], 5);
    let [node, leaf] = ["min_node_size", "interval_leaf"].map(|name| tuning[name].as_u64());
    assert_eq!(node, leaf.map(|leaf| (leaf * 3 / 4).max(5)));
    assert!(!summary["timings"].as_array().unwrap().is_empty());
    let plan = home.text("deep/result/plan.csv");
    assert!(plan.starts_with("row,action,arm,effect,low,high,value,cost,group,reason\n"));
    assert_eq!(plan.lines().count(), 801);
    assert!(home.text("deep/result/report.html").contains("<html"));
}

#[test]
fn the_demonstration_studies_the_experiment_that_ships_with_the_program() {
    let home = Home::new("demo");
    let said = home.run(&["demo", "--only", "study", "--trees", "48", "--out", "r", "--json"]);
    assert_eq!(said.code, Some(0), "{said}");
    let files = ["effects.parquet", "model.yorisoi", "plan.csv", "report.html", "summary.json"];
    let mut expected = vec!["r".to_owned()];
    expected.extend(files.map(|file| format!("r/{file}")));
    assert_eq!(home.contents(), expected);
    let summary: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(summary["data"]["used_rows"], 64_000);
    // Differences in visits of the published data: 18.28 % and 15.14 % against 10.62 % without an e-mail.
    for (arm, published) in [("Mens E-Mail", 0.0766), ("Womens E-Mail", 0.0452)] {
        let arms = summary["arms"].as_array().unwrap();
        let ate = &arms.iter().find(|one| one["arm"] == arm).unwrap()["ate"];
        let [estimate, error] = ["estimate", "std_error"].map(|name| ate[name].as_f64().unwrap());
        assert!((estimate - published).abs() < 4.0 * error && error < 0.01, "{arm}: {ate}");
    }
    // Somebody at a terminal reads what was found, and where the report lies.
    let told = home.run(&["demo", "--only", "study", "--trees", "48", "--out", "r"]);
    assert_eq!(told.code, Some(0), "{told}");
    assert!(told.stdout.contains("64,000 rows"), "{told}");
    assert!(format!("{told}").contains("report.html"), "{told}");
}

#[test]
fn the_same_command_writes_the_same_bytes_on_any_number_of_threads() {
    let home = Home::new("same");
    home.put("t.csv", world(&home, "several-arms", "600", "2"));
    for (out, threads) in [("one", "1"), ("two", "3")] {
        let args =
            with_roles(&["study", "t.csv", "--trees", "16", "--out", out, "--threads", threads]);
        assert_eq!(home.run(&args).code, Some(0));
    }
    for file in ["effects.parquet", "plan.csv", "model.yorisoi"] {
        let bytes = |out: &str| home.get(&format!("{out}/{file}"));
        assert!(bytes("one") == bytes("two"), "{file} differs");
    }
}

#[test]
fn the_stages_lead_from_a_table_to_a_plan_and_a_report() {
    let home = Home::new("stages");
    home.put("past.csv", world(&home, "category-effect", "1500", "3"));
    home.put("new.csv", world(&home, "category-effect", "1000", "4"));

    let fit = home.run(&with_roles(&[
        "fit",
        "past.csv",
        "--trees",
        "24",
        "--model",
        "m.yorisoi",
        "--json",
    ]));
    let fitted: Value = serde_json::from_str(&fit.stdout).unwrap();
    assert_eq!((fit.code, fitted["used_rows"].as_u64()), (Some(0), Some(1500)));

    let effects = ["effects", "new.csv", "--model", "m.yorisoi", "--out", "e.parquet"];
    assert_eq!(home.run(&effects).code, Some(0));

    let judged = home.run(&with_roles(&["evaluate", "new.csv", "--model", "m.yorisoi", "--json"]));
    let summary: Value = serde_json::from_str(&judged.stdout).unwrap();
    assert_eq!(summary["data"]["heldout_rows"], 1000, "{judged}");
    // All rows were judged, by a model whose own settings are not known here.
    assert_eq!(summary["settings"]["held_out_share"], 1.0);
    assert!(summary["settings"].get("tuning").is_none());
    home.put("summary.json", &judged.stdout);
    assert_eq!(home.run(&["report", "summary.json", "--out", "r.html"]).code, Some(0));
    assert!(home.text("r.html").contains("<html"));

    let plan = ["plan", "e.parquet", "--cost", "offer=2", "--budget", "100", "--allowed-harm", "9"];
    let planned = home.run(&plan);
    let offers = planned.stdout.lines().filter(|line| line.contains(",offer,offer,"));
    assert_eq!(offers.count(), 50, "{}", planned.stderr);
}

#[test]
fn nuisances_are_learned_by_what_was_asked_for() {
    let home = Home::new("nuisances");
    home.put("t.csv", world(&home, "confounded-a", "600", "9"));
    let summary = |learner: &[&str], out: &str| -> Value {
        let mut args = with_roles(&["study", "t.csv", "--trees", "8", "--repeats", "1", "--json"]);
        args.extend(["--out", out, "--quiet"]);
        args.extend(learner);
        let said = home.run(&args);
        assert_eq!(said.code, Some(0), "{said}");
        serde_json::from_str(&said.stdout).unwrap()
    };
    let (unsaid, boosted) = (summary(&[], "a"), summary(&["--nuisances", "boosted"], "b"));
    let forest = summary(&["--nuisances", "forest"], "c");
    assert!(home.get("a/effects.parquet") == home.get("b/effects.parquet"));
    assert!(home.get("a/effects.parquet") != home.get("c/effects.parquet"));
    for (summary, learner) in [(&unsaid, "boosted"), (&boosted, "boosted"), (&forest, "forest")] {
        assert_eq!(summary["settings"]["effects"]["nuisances"], learner);
    }
    let tuning = &forest["settings"]["tuning"][0];
    assert_eq!((&tuning["folds"], &tuning["nuisance_rounds"]), (&0.into(), &serde_json::json!([])));
    let effects = ["effects", "t.csv", "--model", "c/model.yorisoi", "--out", "e.parquet"];
    assert_eq!(home.run(&effects).code, Some(0));

    let refused = home.run(&with_roles(&["study", "t.csv", "--nuisances", "lines"]));
    assert_eq!(refused.code, Some(2), "{refused}");
    assert!(refused.stderr.contains("boosted") && refused.stderr.contains("forest"), "{refused}");
}

#[test]
fn a_result_folder_is_replaced_and_the_diary_in_it_survives() {
    let home = Home::new("replace");
    home.put("t.csv", world(&home, "no-effect", "400", "5"));
    let args = with_roles(&["study", "t.csv", "--trees", "8", "--out", "r"]);
    assert_eq!(home.run(&args).code, Some(0));
    home.put("r/diary.txt", "mine");
    let before = home.text("r/plan.csv");
    let mut again = args.clone();
    again.extend(["--seed", "7"]);
    assert_eq!(home.run(&again).code, Some(0));
    assert_ne!(home.text("r/plan.csv"), before);
    assert_eq!(home.text("r/diary.txt"), "mine");
    assert_eq!(home.contents().len(), 2 + 6, "{:?}", home.contents());
}

#[test]
fn without_proof_the_command_fails_only_where_asked_to() {
    let home = Home::new("proof");
    home.put("t.csv", world(&home, "no-effect", "400", "6"));
    let args = with_roles(&["study", "t.csv", "--trees", "8", "--repeats", "1"]);
    assert_eq!(home.run(&args).code, Some(0));
    let mut strict = args.clone();
    strict.push("--require-proof");
    let said = home.run(&strict);
    assert_eq!(said.code, Some(1), "{said}");
    assert!(said.stdout.starts_with("Not proven"), "{said}");
}

#[test]
fn the_terminal_speaks_japanese_and_plain_text_where_it_is_no_terminal() {
    let home = Home::new("terminal");
    home.put("t.csv", world(&home, "category-effect", "600", "7"));
    let mut args = with_roles(&["study", "t.csv", "--trees", "16"]);
    args.extend(["--lang", "ja"]);
    let said = home.run(&args);
    assert!(said.stdout.contains("計画") && !said.stdout.contains('\u{1b}'), "{said}");
    assert!(said.stderr.contains("レポート: yorisoi-study/report.html"), "{said}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_nothing_behind() {
    let home = Home::new("interrupt");
    let mut child = home.start(&with_roles(&["study", "-", "--out", "deep/er/result"]));
    // Waiting for a child closes its standard input, and an empty table may end it before the interrupt does.
    let held_open = child.stdin.take();
    while home.contents().len() < 3 {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(held_open);
    assert!(home.contents().is_empty(), "{:?}", home.contents());
}

#[test]
fn an_amount_is_studied_as_one_unit_more_and_told_apart_from_arms() {
    let home = Home::new("dose");
    home.put("t.csv", world(&home, "continuous-dose", "1200", "8"));
    let refused = home.run(&with_roles(&["study", "t.csv", "--trees", "16"]));
    assert_eq!(refused.code, Some(3), "{refused}");
    assert!(refused.stderr.contains("--dose"), "{refused}");

    let mut args = with_roles(&["study", "t.csv", "--trees", "24", "--dose", "--out", "r"]);
    args.extend(["--cost", "+1=0.2", "--value", "1", "--json", "--quiet"]);
    let said = home.run(&args);
    assert_eq!(said.code, Some(0), "{said}");
    let summary: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(summary["arms"][1]["arm"], "+1");
    assert!(summary["data"]["dose"]["std_dev"].as_f64().unwrap() > 0.0);
    assert!(summary["arms"][1]["ate"]["estimate"].as_f64().unwrap() > 0.0);
    assert_eq!(home.text("r/plan.csv").lines().count(), 1201);
    assert!(home.text("r/report.html").contains("What one unit more means here"));

    let trimmed = home.run(&with_roles(&["study", "t.csv", "--dose", "--trim", "0.1"]));
    assert_eq!(trimmed.code, Some(2), "{trimmed}");
    let judged = home.run(&with_roles(&["evaluate", "t.csv", "--model", "r/model.yorisoi"]));
    assert_eq!(judged.code, Some(3), "{judged}");
}

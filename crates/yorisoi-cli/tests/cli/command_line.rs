//! What the command says: help, usage, worlds. Snapshots of exit code, standard output and error.

use crate::home::{Home, snapshot};

#[test]
fn help_of_every_command() {
    let home = Home::new("help");
    snapshot("help", &home.run(&["--help"]));
    for command in
        ["demo", "study", "fit", "effects", "evaluate", "plan", "report", "world", "completions"]
    {
        snapshot(format!("help_{command}"), &home.run(&[command, "--help"]));
    }
}

#[test]
fn help_is_japanese_where_asked_for() {
    let home = Home::new("help-ja");
    for (name, args) in [
        ("help_ja", vec!["--help", "--lang", "ja"]),
        ("help_study_ja", vec!["study", "--help", "--lang=ja"]),
        ("help_world_ja", vec!["help", "world", "--lang", "ja"]),
    ] {
        let said = home.run(&args);
        assert_eq!(said.code, Some(0), "{said}");
        assert!(!said.stdout.contains("Usage") && !said.stdout.contains("Options"), "{said}");
        snapshot(name, &said);
    }
}

#[test]
fn what_the_command_line_cannot_mean_is_usage() {
    let home = Home::new("usage");
    for (name, args) in [
        ("no_command", vec![]),
        ("unknown_command", vec!["study_", "x.csv"]),
        ("missing_roles", vec!["study", "x.csv"]),
        (
            "negative_cost",
            vec!["study", "x.csv", "--treatment", "t", "--outcome", "y", "--cost", "a=-1"],
        ),
        (
            "holdout_of_all",
            vec!["study", "x.csv", "--treatment", "t", "--outcome", "y", "--holdout", "1"],
        ),
        (
            "no_trees",
            vec![
                "fit",
                "x.csv",
                "--treatment",
                "t",
                "--outcome",
                "y",
                "--model",
                "m",
                "--trees",
                "0",
            ],
        ),
        ("unknown_world", vec!["world", "atlantis"]),
        (
            "bad_propensity",
            vec!["study", "x.csv", "--treatment", "t", "--outcome", "y", "--propensity", "a=b"],
        ),
    ] {
        let said = home.run(&args);
        assert_eq!(said.code, Some(2), "{name}: {said}");
        snapshot(format!("usage_{name}"), &said);
    }
    assert!(home.contents().is_empty());
}

#[test]
fn worlds_are_listed_and_written() {
    let home = Home::new("worlds");
    let listed = home.run(&["world"]);
    snapshot("worlds", &listed);
    for world in listed.stdout.lines() {
        let said = home.run(&["world", world, "--rows", "30", "--truth"]);
        assert_eq!((said.code, said.stdout.lines().count()), (Some(0), 31), "{world}");
    }
    snapshot("world_households", &home.run(&["world", "households", "--rows", "3"]));
}

#[test]
fn completions_come_for_every_shell() {
    let home = Home::new("completions");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let said = home.run(&["completions", shell]);
        assert_eq!(said.code, Some(0));
        assert!(said.stdout.contains("yorisoi") && said.stdout.contains("propensity"), "{shell}");
    }
}

#[test]
fn japanese_is_spoken_where_asked_for() {
    let home = Home::new("japanese");
    let args = ["study", "nowhere.csv", "--treatment", "t", "--outcome", "y", "--lang", "ja"];
    snapshot("japanese", &home.run(&args));
}

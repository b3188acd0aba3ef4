//! Does credit pay for what changed, and only for that?

use super::*;
use crate::worlds::{assert_nominal_coverage, draw, normal};
use proptest::prelude::*;

/// How an agent treats clients.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// Offers to those whom it helps, lets the decided go at once.
    Honest,
    /// Offers to sure things, stalls the decided, calls every delay a save.
    Gamer,
}

/// A client: outcome left alone, outcome with an offer, and what was expected of people like this one.
#[derive(Clone, Copy)]
struct Client {
    alone: f64,
    offered: f64,
    expected: f64,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Persuadable,
    SureThing,
    Decided,
}

/// Cost of an offer and of stalling, in clients kept.
const OFFER: f64 = 0.05;
const STALLING: f64 = 0.02;

/// 30 % persuadable (stay with 30 %, with an offer 70 %), 45 % sure (90 % either way), 25 % decided (leave).
fn client(seed: u64, i: usize) -> Client {
    let (kind_draw, luck) = (draw(seed, 1, i), draw(seed, 2, i));
    let (kind, alone, offered) = if kind_draw < 0.3 {
        (Kind::Persuadable, 0.3, 0.7)
    } else if kind_draw < 0.75 {
        (Kind::SureThing, 0.9, 0.9)
    } else {
        (Kind::Decided, 0.0, 0.0)
    };
    let stays = |at: f64| f64::from(u8::from(luck < at));
    Client { alone: stays(alone), offered: stays(offered), expected: alone, kind }
}

/// What came of a client, what it cost, and whether the agent wrote down a "save".
fn work(style: Style, client: &Client) -> (f64, f64, bool) {
    match (style, client.kind) {
        (Style::Honest, Kind::Persuadable) | (Style::Gamer, Kind::SureThing) => {
            (client.offered, OFFER, client.offered > 0.0)
        }
        // The call is drawn out and written down as a save; the client leaves a week later.
        (Style::Gamer, Kind::Decided) => (client.alone, STALLING, true),
        (Style::Honest, _) | (Style::Gamer, Kind::Persuadable) => (client.alone, 0.0, false),
    }
}

/// Six agents with 200 clients each: agents 0 to 4 honest, agent 5 gaming. Returns raw "saves" too.
fn team(seed: u64) -> (Vec<Case<usize>>, [u32; 6]) {
    let (mut cases, mut saves) = (vec![], [0; 6]);
    for (agent, saves) in saves.iter_mut().enumerate() {
        let style = if agent == 5 { Style::Gamer } else { Style::Honest };
        for i in 0..200 {
            let id = agent * 200 + i;
            let client = client(seed, id);
            let (outcome, cost, saved) = work(style, &client);
            *saves += u32::from(saved);
            let score = case_score(outcome, client.expected, cost);
            cases.push(Case { agent, household: id as u64, score });
        }
    }
    (cases, saves)
}

fn total(credit: &Credit<usize>, agent: usize) -> Total {
    let Shown::Total(total) = credit.agents[agent].shown else { panic!("hidden") };
    total
}

#[test]
fn gaming_earns_nothing_and_helping_earns_what_it_changed() {
    // Expected per gamer: −.45 · 200 · .05 − .25 · 200 · .02 = −5.5. Per honest agent: .3 · 200 · (.4 − .05)
    // = 21, of which shrinkage leaves most. 300 teams.
    let (mut gamer, mut honest, mut proven, mut most_saves) = (0.0, 0.0, 0, 0);
    for seed in 0..300 {
        let (cases, saves) = team(seed);
        let credit = credit(&cases).unwrap();
        gamer += total(&credit, 5).total / 300.0;
        honest += total(&credit, 0).total / 300.0;
        proven += u32::from(total(&credit, 5).interval.low > 0.0);
        most_saves += u32::from(saves[..5].iter().all(|honest| *honest < saves[5]));
    }
    // The gamer's mean over 300 teams has a standard error of about .4: zero is twelve of them away.
    assert!(gamer < 0.0, "{gamer}");
    assert!((15.0..23.0).contains(&honest), "{honest}");
    // A false claim for the gamer in at most 2.5 % of teams: 7.5 + 3.1 · 2.7 = 16.
    assert!(proven <= 16, "{proven} of 300");
    // The trap this avoids: by raw saves the gamer leads.
    assert!(most_saves >= 290, "{most_saves} of 300");
}

#[test]
fn letting_the_decided_go_costs_an_honest_agent_nothing() {
    for seed in 0..20 {
        let (cases, _) = team(seed);
        let before = credit(&cases).unwrap();
        let mut more = cases.clone();
        // 150 more who had decided, each processed at once: outcome 0, expected 0, no cost.
        more.extend((0..150).map(|i| Case {
            agent: 0,
            household: 10_000 + i,
            score: case_score(0.0, 0.0, 0.0),
        }));
        let after = credit(&more).unwrap();
        assert_eq!(total(&before, 0), total(&after, 0));
        assert_eq!(before.team, after.team);
    }
}

#[test]
fn intervals_cover_what_agents_really_changed() {
    // Eight agents with true totals from N(5, 8²) and 40 to 200 noisy clients; 300 teams. Shrunk intervals
    // must cover at least 95 % on average over agents: 2,280 less 3.6 standard errors of 10.7.
    let mut covered = 0_u32;
    let mut team_covered = 0_u32;
    for seed in 0..300 {
        let (mut cases, mut truths) = (vec![], vec![]);
        for agent in 0..8_usize {
            let n = 40 + 40 * (agent % 5);
            let truth = 5.0 + 8.0 * normal(seed, 1, agent);
            truths.push(truth);
            for i in 0..n {
                let id = agent * 1_000 + i;
                let score = truth / n as f64 + 0.6 * normal(seed, 3, id);
                cases.push(Case { agent, household: id as u64, score });
            }
        }
        let credit = credit(&cases).unwrap();
        for (agent, truth) in truths.iter().enumerate() {
            let Interval { low, high } = total(&credit, agent).interval;
            covered += u32::from(low <= *truth && *truth <= high);
        }
        let Interval { low, high } = credit.team.interval;
        let sum: f64 = truths.iter().sum();
        team_covered += u32::from(low <= sum && sum <= high);
    }
    assert!(covered >= 2_280 - 39, "{covered} of 2,400");
    assert_nominal_coverage(team_covered, 300);
}

#[test]
fn the_error_of_a_small_holdout_is_part_of_the_interval() {
    // Six agents with true totals from N(0, 5²), 60 clients each, expectation from 40 held out: its
    // error (.16 a client, 9.5 a total) is larger than the clients' own (.5 · √60 = 3.9). Agents of a team
    // share it, so teams are the replications: 400 teams, mean coverage at least 95 % less 3.6 standard
    // errors of √(.05 · .95 / 400), as if all six were one.
    let mut covered = 0_u32;
    let mut team_covered = 0_u32;
    for seed in 0..400 {
        let mut held = Tally::default();
        for i in 0..40 {
            held.add(1, normal(seed, 1, i)).unwrap();
        }
        let (mut dealt, mut truths) = (vec![], vec![]);
        for agent in 0..6_usize {
            let truth = 5.0 * normal(seed, 3, agent);
            truths.push(truth);
            for i in 0..60 {
                let outcome = truth / 60.0 + 0.5 * normal(seed, 5, agent * 60 + i);
                dealt.push(Dealt { agent, stratum: (), people: 1, outcome, cost: 0.0 });
            }
        }
        let (credit, left_out) = credit_against_holdout(&dealt, &[((), held)].into()).unwrap();
        assert_eq!(left_out, 0);
        for (agent, truth) in truths.iter().enumerate() {
            let Interval { low, high } = total(&credit, agent).interval;
            covered += u32::from(low <= *truth && *truth <= high);
        }
        let Interval { low, high } = credit.team.interval;
        let sum: f64 = truths.iter().sum();
        team_covered += u32::from(low <= sum && sum <= high);
    }
    assert!(f64::from(covered) / 2_400.0 >= 0.95 - 0.039, "{covered} of 2,400");
    assert_nominal_coverage(team_covered, 400);
}

#[test]
fn whoever_has_nobody_to_compare_with_is_left_out_and_counted() {
    let unit = |stratum| Dealt { agent: 1, stratum, people: 1, outcome: 1.0, cost: 0.0 };
    let mut held = Tally::default();
    held.add(1, 1.0).unwrap();
    held.add(1, 0.0).unwrap();
    let dealt = [unit("known"), unit("new")];
    let (credit, left_out) = credit_against_holdout(&dealt, &[("known", held)].into()).unwrap();
    assert_eq!((credit.cases, left_out), (1, 1));
    assert!((credit.team.total - 0.5).abs() < 1e-12);
}

#[test]
fn agents_without_any_difference_get_about_none() {
    // Ten agents, no effect at all: what is shown must be closer to zero than what was measured.
    for seed in 0..20 {
        let (mut cases, mut raw, mut shown) = (vec![], 0.0, 0.0);
        for agent in 0..10_usize {
            for i in 0..50 {
                let id = agent * 50 + i;
                cases.push(Case { agent, household: id as u64, score: normal(seed, 1, id) });
            }
        }
        let credit = credit(&cases).unwrap();
        for agent in 0..10 {
            let of: Vec<&Case<usize>> = cases.iter().filter(|case| case.agent == agent).collect();
            raw += Sums::of(&of).total.abs();
            shown += total(&credit, agent).total.abs();
        }
        assert!(shown < 0.7 * raw, "{shown} {raw}");
    }
}

#[test]
fn households_count_once_in_the_variance() {
    let cases = |household: fn(u64) -> u64| -> Vec<Case<u8>> {
        (0..40).map(|i| Case { agent: 0, household: household(i), score: 1.0 }).collect()
    };
    let apart = credit(&cases(|i| i)).unwrap().team;
    let together = credit(&cases(|i| i / 4)).unwrap().team;
    let width = |total: &Total| total.interval.high - total.interval.low;
    // Ten households of sum 4: variance 160 instead of 40.
    assert!((width(&together) / width(&apart) - 2.0).abs() < 1e-12);
}

#[test]
fn few_clients_and_few_colleagues_are_shown_as_a_team_only() {
    let (cases, _) = team(1);
    let three: Vec<Case<usize>> = cases.iter().filter(|case| case.agent < 3).copied().collect();
    let alone = credit(&three).unwrap();
    let few = Shown::TooFewColleagues { actual: 3, needed: MIN_AGENTS };
    assert!(alone.agents.iter().all(|agent| agent.shown == few));
    assert!(few.words().unwrap().ja.contains("3 人"));
    let mut with_new = cases;
    with_new.extend((0..29).map(|i| Case { agent: 6, household: 5_000 + i, score: 0.1 }));
    let hidden = &credit(&with_new).unwrap().agents[6];
    assert_eq!(hidden.shown, Shown::TooFewCases { actual: 29, needed: 30 });
    assert!(hidden.shown.words().unwrap().en.contains("29 clients"));
}

#[test]
fn no_cases_and_scores_that_are_no_numbers() {
    let nobody = credit::<u8>(&[]).unwrap();
    assert!(nobody.agents.is_empty() && nobody.team.total.abs() < 1e-300);
    let bad = Case { agent: 1, household: 1, score: f64::NAN };
    assert!(credit(&[bad]).is_err());
    // All scores zero: nothing changed, and nothing breaks.
    let zeros: Vec<Case<u64>> =
        (0..200).map(|i| Case { agent: i % 4, household: i, score: 0.0 }).collect();
    for agent in credit(&zeros).unwrap().agents {
        assert!(matches!(agent.shown, Shown::Total(total) if total.total.abs() < 1e-300));
    }
}

proptest! {
    #[test]
    fn doubling_the_unit_doubles_the_credit(seed in 0..1_000_u64) {
        let (cases, _) = team(seed);
        let doubled: Vec<Case<usize>> =
            cases.iter().map(|case| Case { score: 2.0 * case.score, ..*case }).collect();
        let (one, two) = (credit(&cases).unwrap(), credit(&doubled).unwrap());
        for agent in 0..6 {
            let (one, two) = (total(&one, agent), total(&two, agent));
            prop_assert!((2.0 * one.total - two.total).abs() < 1e-9);
            prop_assert!((2.0 * one.interval.low - two.interval.low).abs() < 1e-9);
        }
    }
}

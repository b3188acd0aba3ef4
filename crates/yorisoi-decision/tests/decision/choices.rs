//! What is chosen among what may be done, and how it is said.

use yorisoi_decision::{
    Attempts, Attribute, Code, Decision, EffectFact, ExitState, HoldoutArm, Initiative,
    LandingCounts, Lang, Learned, Policy, Prior, Score, Situation, Verdict, arm_of, decide,
    explain,
};

use crate::common::{KEY, SOLICITATION, candidate, client, hours, policy, situation, stop, sure};

/// Sums of a few amounts below a million differ by less than this.
const ROUNDING: f64 = 1e-9;

fn score(decision: &Decision, id: &str) -> Score {
    match candidate(decision, id).verdict {
        Verdict::Scored(score) => score,
        Verdict::Stopped(stop) => panic!("{id} was stopped by {}", stop.code),
    }
}

fn chosen(policy: &yorisoi_decision::ValidPolicy, situation: &Situation) -> String {
    decide(policy, situation, &KEY).choice.action.to_string()
}

fn with_effects(effects: &'static [(&'static str, f64)]) -> Situation {
    situation(|facts| {
        facts.effects.clear();
        for (id, benefit) in effects {
            facts.effects.insert(id.parse().unwrap(), sure(*benefit));
        }
    })
}

#[test]
fn the_score_is_the_sum_of_its_parts() {
    let priced = policy(|policy| {
        policy.prices.budget = 0.5;
        policy.prices.minute_minor = 3.0;
        policy.prices.supply_minor.insert("rebate".parse().unwrap(), 70.0);
    });
    let mut situation = situation(|facts| facts.value_minor = Some(200_000));
    let landed = LandingCounts { told: 8, nuisance: 4 };
    situation.actions.landings.insert("rebate".parse().unwrap(), landed);
    let score = score(&decide(&priced, &situation, &KEY), "rebate");
    // (200,000 + 20,000) · 0.05; nuisance (0.5 · 2 + 4) / (2 + 8) of 5,000; cost 500; prices 0.5 · 500 + 70.
    let parts = [score.benefit_minor, score.nuisance_minor, score.cost_minor, score.prices_minor];
    for (part, expected) in parts.into_iter().zip([11_000.0, 2_500.0, 500.0, 320.0]) {
        assert!((part - expected).abs() < ROUNDING, "{parts:?}");
    }
    assert!((score.total_minor - 7_680.0).abs() < ROUNDING);
}

#[test]
fn the_largest_total_wins_and_not_the_largest_effect() {
    // The rebate changes more, but its cost and an even chance of nuisance are the same as listening's.
    let situation = with_effects(&[("rebate", 0.031), ("listen", 0.030)]);
    assert_eq!(chosen(&policy(|_| ()), &situation), "listen");
}

#[test]
fn what_is_worth_no_more_than_peace_is_left() {
    let situation = with_effects(&[("rebate", 0.0), ("listen", -0.002)]);
    let decision = decide(&policy(|_| ()), &situation, &KEY);
    assert_eq!(decision.choice.action.as_str(), "hold");
    let hold = decision.hold.unwrap();
    assert!(hold.forgone_minor.abs() < ROUNDING);
    assert_eq!(hold.look_again_at, Some(hours(24)));
    assert_eq!(decision.suggestions, vec![0]);
}

#[test]
fn a_wide_interval_around_nothing_cannot_be_known_yet() {
    let wide = situation(|facts| {
        let effect = EffectFact { benefit: 0.004, low: -0.01, high: 0.018 };
        facts.effects.retain(|id, _| id.as_str() == "rebate");
        facts.effects.insert("rebate".parse().unwrap(), effect);
    });
    let decision = decide(&policy(|_| ()), &wide, &KEY);
    assert_eq!(decision.hold.map(|hold| hold.code), Some(Code::CannotKnowYet));
    let sure = with_effects(&[("rebate", 0.004)]);
    let decision = decide(&policy(|_| ()), &sure, &KEY);
    assert_eq!(decision.hold.map(|hold| hold.code), Some(Code::NothingBetter));
}

#[test]
fn nuisance_changes_the_rank_at_the_next_decision() {
    let mut situation = with_effects(&[("rebate", 0.06), ("listen", 0.055)]);
    situation
        .actions
        .landings
        .insert("listen".parse().unwrap(), LandingCounts { told: 20, nuisance: 0 });
    assert_eq!(chosen(&policy(|_| ()), &situation), "listen");
    situation
        .actions
        .landings
        .insert("listen".parse().unwrap(), LandingCounts { told: 20, nuisance: 18 });
    assert_eq!(chosen(&policy(|_| ()), &situation), "rebate");
}

#[test]
fn a_negative_worth_does_not_make_harm_a_gain() {
    let situation = situation(|facts| {
        facts.value_minor = Some(-9_000_000);
        for effect in facts.effects.values_mut() {
            *effect = sure(-0.005);
        }
    });
    assert_eq!(chosen(&policy(|_| ()), &situation), "hold");
}

#[test]
fn a_due_service_message_is_sent_first_and_another_only_if_named() {
    let due = |due| {
        situation(move |facts| {
            facts.attributes.insert("bill_due".to_owned(), Attribute::Flag(due));
        })
    };
    assert_eq!(chosen(&policy(|_| ()), &due(true)), "bill");
    assert_eq!(chosen(&policy(|_| ()), &due(false)), "advise");
    let unconditional = policy(|policy| policy.actions[8].applicability.clear());
    assert_ne!(chosen(&unconditional, &due(false)), "bill");
    let mut named = due(false);
    named.only = Some(vec!["bill".parse().unwrap(), "rebate".parse().unwrap()]);
    assert_eq!(chosen(&unconditional, &named), "bill");
}

#[test]
fn only_what_was_named_is_considered_and_holding_back_always() {
    let mut situation = situation(|_| ());
    situation.only = Some(vec!["listen".parse().unwrap(), "no such".parse().unwrap()]);
    let decision = decide(&policy(|_| ()), &situation, &KEY);
    let names: Vec<&str> = decision.candidates.iter().map(|c| c.action.as_str()).collect();
    assert_eq!(names, ["hold", "listen"]);
}

#[test]
fn who_has_decided_is_let_go() {
    let leaving = |exit| situation(move |facts| facts.exit = exit);
    let house = policy(|_| ());
    assert_eq!(chosen(&house, &leaving(ExitState::Decided)), "let_go");
    assert_eq!(chosen(&house, &leaving(ExitState::Requested)), "advise");
    assert_eq!(chosen(&house, &leaving(ExitState::Completed)), "hold");
    let gone = decide(&house, &leaving(ExitState::Completed), &KEY);
    assert_eq!(gone.hold.map(|hold| hold.code), Some(Code::ExitDecided));
    let no_help = situation(|facts| {
        facts.exit = ExitState::Requested;
        facts.effects.clear();
    });
    let decision = decide(&house, &no_help, &KEY);
    assert_eq!(decision.choice.action.as_str(), "let_go");
    assert!((decision.choice.probability - 1.0).abs() < ROUNDING);
}

#[test]
fn a_hold_says_why_until_when_and_what_it_costs() {
    let mut night = situation(|_| ());
    night.now = hours(12);
    let decision = decide(&policy(|_| ()), &night, &KEY);
    let hold = decision.hold.unwrap();
    assert_eq!(hold.code, Code::QuietHoursNow);
    // 23:00 in Tokyo; quiet is over at 08:00.
    assert_eq!(hold.look_again_at, Some(hours(21)));
    // The rebate: 120,000 · 0.05 − 2,500 − 500. Listening saves its cost: 3,500.
    assert!((hold.forgone_minor - 3_500.0).abs() < ROUNDING);
}

#[test]
fn people_held_out_are_left_in_peace_with_a_ghost() {
    let half = policy(|policy| policy.holdout.share = 0.5);
    let all =
        (0..400).map(|k| situation(move |facts| facts.client = format!("c-{k}").parse().unwrap()));
    let mut held_out = 0;
    for situation in all {
        let decision = decide(&half, &situation, &KEY);
        let open = decide(&policy(|_| ()), &situation, &KEY);
        if decision.holdout == HoldoutArm::Treated {
            assert_eq!(decision.choice, open.choice);
            assert_eq!(decision.ghost, None);
            continue;
        }
        held_out += 1;
        assert_eq!(decision.choice.action.as_str(), "hold");
        assert_eq!(decision.hold.map(|hold| hold.code), Some(Code::HeldOut));
        assert_eq!(decision.ghost, Some(open.choice));
        assert_eq!(decision.suggestions, vec![0]);
    }
    // Five standard deviations of a fair coin thrown 400 times.
    assert!((held_out - 200_i32).abs() < 50, "{held_out}");
}

#[test]
fn a_household_is_held_out_together_and_for_good() {
    let holdout = policy(|policy| policy.holdout.share = 0.5).policy().holdout.clone();
    let member = |client: &str, household: &str| {
        let mut facts = client_named(client);
        facts.household = Some(household.parse().unwrap());
        arm_of(&holdout, &facts, &KEY)
    };
    for k in 0..100 {
        let household = format!("h-{k}");
        assert_eq!(member("a", &household), member("b", &household));
    }
    // Whoever was dealt an arm keeps it for the programme, wherever they move.
    for arm in [HoldoutArm::Treated, HoldoutArm::HeldOut] {
        let mut moved = client_named("a");
        moved.dealt.insert(holdout.programme.clone(), arm);
        for k in 0..20 {
            moved.household = Some(format!("h-{k}").parse().unwrap());
            assert_eq!(arm_of(&holdout, &moved, &KEY), arm);
        }
    }
    let mut renamed = holdout.clone();
    renamed.programme = "summer".to_owned();
    let changed = (0..400)
        .map(|k| client_named(&format!("c-{k}")))
        .filter(|facts| arm_of(&holdout, facts, &KEY) != arm_of(&renamed, facts, &KEY));
    // Dealt anew, half of them land on the other side, give or take five standard deviations.
    assert!(changed.count().abs_diff(200) < 50);
}

fn client_named(name: &str) -> yorisoi_decision::ClientFacts {
    let mut facts = client();
    facts.client = name.parse().unwrap();
    facts
}

#[test]
fn the_held_out_get_their_service_their_exit_and_an_ear() {
    let half = policy(|policy| policy.holdout.share = 0.5);
    let mut facts = (0..1000)
        .map(|k| client_named(&format!("c-{k}")))
        .find(|facts| arm_of(&half.policy().holdout, facts, &KEY) == HoldoutArm::HeldOut)
        .unwrap();
    facts.attributes.insert("bill_due".to_owned(), Attribute::Flag(true));
    let base = situation(|_| ());
    let of = |facts: &yorisoi_decision::ClientFacts, initiative| Situation {
        record: yorisoi_decision::Record::Client { facts: Box::new(facts.clone()) },
        initiative,
        ..base.clone()
    };
    assert_eq!(chosen(&half, &of(&facts, Initiative::Ours)), "bill");
    facts.attributes.clear();
    assert_eq!(chosen(&half, &of(&facts, Initiative::Clients)), "listen");
    facts.exit = ExitState::Requested;
    assert_eq!(chosen(&half, &of(&facts, Initiative::Ours)), "let_go");
}

fn with_prior(policy: &mut Policy, id: &str, mean: f64, sd: f64) {
    let action = policy.actions.iter_mut().find(|action| action.id.as_str() == id).unwrap();
    action.prior = Some(Prior {
        benefit_mean: mean,
        benefit_sd: sd,
        nuisance_mean: 0.1,
        nuisance_weight: 10.0,
    });
}

#[test]
fn choices_come_as_often_as_their_logged_probability() {
    let house = policy(|policy| {
        with_prior(policy, "rebate", 0.02, 0.03);
        with_prior(policy, "advise", 0.01, 0.05);
        with_prior(policy, "listen", 0.015, 0.02);
        policy.exploration.rate = 0.2;
    });
    let mut situation = situation(|facts| facts.effects.clear());
    let n = 4_000_u32;
    let mut counts = [0_u32; 9];
    let mut probabilities = Vec::new();
    for k in 0..n {
        situation.decision = format!("d-{k}").parse().unwrap();
        let decision = decide(&house, &situation, &KEY);
        let chosen = decision.candidates.iter().position(|c| c.action == decision.choice.action);
        counts[chosen.unwrap()] += 1;
        probabilities = decision.candidates.iter().map(|c| c.probability).collect();
    }
    for (count, p) in counts.into_iter().zip(probabilities) {
        let share = f64::from(count) / f64::from(n);
        // Five standard errors of a share.
        assert!((share - p).abs() <= 5.0 * (p * (1.0 - p) / f64::from(n)).sqrt(), "{share} {p}");
    }
}

#[test]
fn what_was_learned_moves_the_belief_by_its_precision() {
    let house = policy(|policy| with_prior(policy, "rebate", 0.05, 0.1));
    let mut situation = situation(|facts| facts.effects.clear());
    let yes_of = |n: u64, yes: f64| Learned { n, sum: yes, sum_squares: yes };
    situation.actions.learned.insert("rebate".parse().unwrap(), yes_of(98, 59.0));
    situation.actions.learned_hold = yes_of(98, 49.0);
    let effect = score(&decide(&house, &situation, &KEY), "rebate").effect;
    // v = .6 · .4 / 98 + .5 · .5 / 98 = .005, d = 10/98; precision 100 + 200.
    let mean = (0.05 * 100.0 + 10.0 / 98.0 * 200.0) / 300.0;
    assert!((effect.benefit - mean).abs() < 1e-12);
    let half = 1.959_963_984_540_054 / 300.0_f64.sqrt();
    assert!((effect.high - mean - half).abs() < 1e-12);
}

#[test]
fn a_handful_of_equal_amounts_teaches_nothing() {
    let house = policy(|policy| with_prior(policy, "rebate", 0.05, 0.1));
    let mut situation = situation(|facts| facts.effects.clear());
    let before = score(&decide(&house, &situation, &KEY), "rebate").effect;
    let equal = Learned { n: 6, sum: 42.0, sum_squares: 294.0 };
    situation.actions.learned.insert("rebate".parse().unwrap(), equal);
    situation.actions.learned_hold = Learned { n: 6, sum: 12.0, sum_squares: 24.0 };
    assert_eq!(score(&decide(&house, &situation, &KEY), "rebate").effect, before);
}

#[test]
fn after_exhausted_attempts_the_rest_follows_whatever_it_is_worth() {
    let situation = situation(|facts| {
        facts.attempts.insert("advise".parse().unwrap(), Attempts { failed: 3, last_at: None });
        facts.effects.insert("rebate".parse().unwrap(), sure(0.5));
        facts.effects.insert("ask_time".parse().unwrap(), sure(0.001));
        facts.effects.insert("hand_on".parse().unwrap(), sure(0.0));
    });
    assert_eq!(chosen(&policy(|_| ()), &situation), "ask_time");
}

#[test]
fn suggestions_are_the_choice_and_the_next_best_with_peace_as_one_of_them() {
    let situation = with_effects(&[("rebate", 0.06), ("listen", 0.05), ("advise", 0.0)]);
    let decision = decide(&policy(|_| ()), &situation, &KEY);
    let names: Vec<&str> =
        decision.suggestions.iter().map(|&k| decision.candidates[k].action.as_str()).collect();
    assert_eq!(names, ["rebate", "listen", "hold"]);
}

#[test]
fn every_decision_is_explained_in_both_languages() {
    let house = policy(|_| ());
    let stopped = situation(|facts| facts.consents.clear());
    let decision = decide(&house, &stopped, &KEY);
    for (lang, name, reason) in [
        (Lang::En, "Hold", "The client has not yet agreed to talk with us about this."),
        (Lang::Ja, "見守る", "この件でお話しすることへの了解(会話了解)をまだいただいていません。"),
    ] {
        let explained = explain(&decision, house.policy(), lang);
        assert_eq!(explained.choice, name);
        assert_eq!(explained.reason, reason);
        assert_eq!(explained.stopped.len(), decision.candidates.len() - 1);
        assert!(explained.stopped.iter().all(|one| !one.name.is_empty() && !one.reason.is_empty()));
    }
    assert!(SOLICITATION.iter().any(|id| stop(&decision, id).is_some()));
}

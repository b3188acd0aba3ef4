//! Does tomorrow's model learn from today's decisions?

use std::collections::BTreeMap;

use yorisoi::StudyOptions;
use yorisoi::data::{Better, Column, Features, PropensityRole, Roles, Silent, Table, Values, read};
use yorisoi_app::{ClientInput, DecisionAsk, OutcomeInput, Proven, Ranged, StudyAsk, sample_world};
use yorisoi_decision::{Attribute, ConsentKind, EffectFact, HoldoutArm};
use yorisoi_ledger::Landing;

use crate::common::{
    House, action, analyst, consent, empty, house, id, lead, person, second_lead, service,
};

/// A small world in which help helps the old and nobody else, and chance decides who is helped.
async fn decided(n: u32) -> House {
    let house = house(|policy| {
        policy.exploration.rate = 1.0;
        policy.exploration.among = 2;
        policy.minutes_per_day = None;
        policy.contact.caps.clear();
        policy.holdout.share = 0.2;
        "learning".clone_into(&mut policy.holdout.programme);
    })
    .await;
    for k in 0..n {
        let name = format!("c-{k:04}");
        let age = f64::from(20 + k * 7 % 60);
        let attributes = BTreeMap::from([("age".to_owned(), Attribute::Number(age))]);
        let agent = Some(if k % 2 == 0 { "aoi" } else { "ken" }.parse().unwrap());
        let team = Some(if k % 2 == 0 { "tokyo" } else { "osaka" }.parse().unwrap());
        let input = ClientInput { attributes, agent, team, ..person(&name) };
        house.app.add_client(&service(), input).await.unwrap();
        for kind in [ConsentKind::Talk, ConsentKind::Advise] {
            house.app.record_consent(&service(), consent(&name, kind)).await.unwrap();
        }
        let fact = EffectFact { benefit: 0.1, low: 0.01, high: 0.2 };
        let effects = Some(BTreeMap::from([(action("plan_review"), fact)]));
        let ask = DecisionAsk { effects, ..DecisionAsk::only(id(&name), action("plan_review")) };
        let answer = house.app.decide_and_commit(&service(), ask).await.unwrap();
        let is_helped = answer.decision.hold.is_none();
        let stays = if is_helped && age > 50.0 { k % 10 != 0 } else { k % 2 == 0 };
        let outcome = OutcomeInput {
            client: id(&name),
            outcome: None,
            value: f64::from(u8::from(stays)),
            at: None,
        };
        house.app.record_outcome(&service(), outcome).await.unwrap();
    }
    house
}

fn table(csv: &str) -> Table {
    let options = read::ReadOptions::default();
    read::read_table("decisions.csv", std::io::Cursor::new(csv.to_owned()), &options, &Silent)
        .unwrap()
        .0
}

fn quick() -> StudyOptions {
    let mut options = StudyOptions::default();
    options.effects.n_trees = yorisoi::effects::Trees::Fixed(100);
    options
}

#[tokio::test]
async fn the_log_is_a_table_that_a_study_reads_and_the_holdout_says_what_is_proven() {
    let house = decided(600).await;
    let ask = StudyAsk { action: Some(action("plan_review")), ..StudyAsk::default() };
    let study = house.app.export_study(&analyst(), ask).await.unwrap();
    assert!(study.rows > 300 && study.command.contains("--propensity propensity"), "{study:?}");
    assert!(!study.csv.contains("c-0001") && !study.csv.contains('様'));
    let known = table(&study.csv);
    let roles = Roles {
        control: Some("hold".to_owned()),
        cluster: Some("household".to_owned()),
        propensity: Some(PropensityRole::Column("propensity".to_owned())),
        ..Roles::new("action", "stayed")
    };
    let found = yorisoi::study(&known, &roles, &quick(), &Silent).unwrap();
    assert_eq!(found.effects.arms, ["plan_review"]);

    let all = house.app.export_study(&analyst(), StudyAsk::default()).await.unwrap();
    assert!(all.rows > study.rows);
    let none = StudyAsk { outcome: Some("unheard".to_owned()), ..StudyAsk::default() };
    assert_eq!(house.app.export_study(&analyst(), none).await.unwrap_err().status(), 422);

    let proof = house.app.proof(&lead()).await.unwrap();
    assert_eq!(proof.ratio.treated + proof.ratio.held_out, 600);
    assert!(!proof.ratio.alarm);
    let (low, high) = (proof.effect.low.unwrap(), proof.effect.high.unwrap());
    let covers_zero = low <= 0.0 && high >= 0.0;
    assert_eq!(proof.proven == Proven::NotProven, covers_zero, "{proof:?}");
    assert!(!proof.words.ja.is_empty());

    let credit = house.app.credit(&lead(), None).await.unwrap();
    assert_eq!(credit.rows.len(), 2);
    // Two colleagues are too few to tell skill from luck: only the team is shown.
    assert!(credit.rows.iter().all(|row| row.credit.is_none() && row.n > 100));
    assert!(credit.team_credit.low.is_some());
    // What the teams' help changed, weighed by their clients, is what it changed in all.
    let known = || credit.teams.iter().map(|team| (team.n as f64, team.credit.estimate.unwrap()));
    let all: f64 = known().map(|(n, estimate)| n * estimate).sum();
    let n: f64 = known().map(|(n, _)| n).sum();
    assert_eq!(credit.teams.len(), 2);
    assert!((all / n - credit.team_credit.estimate.unwrap()).abs() < 1e-9, "{:?}", credit.teams);
}

#[tokio::test]
async fn the_curve_of_the_proof_ends_in_the_number_shown_and_closes_in_on_a_known_effect() {
    let house = house(|policy| {
        policy.minutes_per_day = None;
        policy.contact.caps.clear();
        policy.holdout.share = 0.3;
    })
    .await;
    for k in 0..480_u32 {
        if k % 16 == 0 && k > 0 {
            house.clock.pass_minutes(24 * 60);
        }
        let name = format!("c-{k:04}");
        house.app.add_client(&service(), person(&name)).await.unwrap();
        let ask = DecisionAsk::about(id(&name));
        let answer = house.app.decide_and_commit(&service(), ask).await.unwrap();
        // Of those who may be helped four in five stay, of those held out two in five.
        let is_held = answer.decision.holdout == HoldoutArm::HeldOut;
        let stays = if is_held { k % 5 < 2 } else { k % 5 < 4 };
        let value = f64::from(u8::from(stays));
        let seen = OutcomeInput { client: id(&name), outcome: None, value, at: None };
        house.app.record_outcome(&service(), seen).await.unwrap();
    }
    let proof = house.app.proof(&lead()).await.unwrap();
    let days: Vec<_> = proof.curve.iter().map(|point| point.day).collect();
    assert!(days.len() > 10 && days.is_sorted_by(|a, b| a < b), "{days:?}");
    assert_eq!(
        days.last(),
        Some(&jiff::civil::date(2026, 7, 2)),
        "thirty days, the first included"
    );
    let width = |it: &Ranged| it.high.unwrap() - it.low.unwrap();
    let (first, last) = (proof.curve[0].effect, proof.curve[days.len() - 1].effect);
    assert!(width(&last) < 0.8 * width(&first), "{first:?} {last:?}");
    // The same sums, added in another order.
    let close = |a: Option<f64>, b: Option<f64>| (a.unwrap() - b.unwrap()).abs() < 1e-12;
    assert!(close(last.estimate, proof.effect.estimate) && close(last.low, proof.effect.low));
    assert!(close(last.high, proof.effect.high) && last.n == proof.effect.n);
    assert_eq!(last.n, 480);
}

#[tokio::test]
async fn nothing_is_proven_where_nobody_is_held_out() {
    let house = house(|_| {}).await;
    let proof = house.app.proof(&lead()).await.unwrap();
    assert_eq!(proof.proven, Proven::CannotKnow);
    assert_eq!((proof.effect.estimate, proof.decisions), (None, 0));
}

/// A model of one feature, learned elsewhere.
fn model() -> Vec<u8> {
    model_of(&["hold", "plan_review"], "stayed", Better::More)
}

/// The same with other names and the other direction.
fn model_of(arms: &[&str], outcome: &str, better: Better) -> Vec<u8> {
    let n = 800_u32;
    let age: Vec<f64> = (0..n).map(|k| f64::from(20 + k * 7 % 60)).collect();
    // A share of 256ths, different for each person and purpose.
    let below = |k: u32, purpose: u8, share: u16| {
        let hash = blake3::hash(&[k.to_le_bytes().as_slice(), &[purpose]].concat());
        u16::from(hash.as_bytes()[0]) < share
    };
    let (mut codes, mut stayed) = (Vec::new(), Vec::new());
    for k in 0..n {
        let is_helped = below(k, 1, 128);
        let arm = if arms.len() > 2 && below(k, 4, 85) { 2 } else { u32::from(is_helped) };
        codes.push(arm);
        // Nine in ten of the old stay if they are helped; of all others every second.
        let gains = is_helped && age[k as usize] > 50.0;
        let stays = if gains { below(k, 2, 230) } else { below(k, 3, 128) };
        stayed.push(f64::from(u8::from(stays)));
    }
    let levels = arms.iter().map(|arm| (*arm).to_owned()).collect();
    let table = Table::new(vec![
        Column { name: "action".to_owned(), values: Values::Category { codes, levels } },
        Column { name: outcome.to_owned(), values: Values::Numeric(stayed) },
        Column { name: "age".to_owned(), values: Values::Numeric(age) },
    ])
    .unwrap();
    let roles = Roles {
        control: Some(arms[0].to_owned()),
        better,
        features: Features::Only(vec!["age".to_owned()]),
        ..Roles::new("action", outcome)
    };
    yorisoi::fit(&table, &roles, &quick(), &Silent).unwrap().model.to_bytes()
}

#[tokio::test]
async fn a_model_is_shadowed_before_it_decides() {
    let house = house(|_| {}).await;
    for (name, age) in [("young", Some(25.0)), ("old", Some(70.0)), ("unknown", None)] {
        let attributes =
            age.map(|age| ("age".to_owned(), Attribute::Number(age))).into_iter().collect();
        let input = ClientInput { attributes, ..person(name) };
        house.app.add_client(&service(), input).await.unwrap();
    }
    let file = model();
    let hash = blake3::hash(&file).to_hex().to_string();
    let wrong = Some("0".repeat(64));
    let error = house.app.register_model(&analyst(), file.clone(), wrong).await.unwrap_err();
    assert_eq!(error.code(), "model.unusable");
    let mut damaged = file.clone();
    damaged[100] ^= 1;
    assert!(house.app.register_model(&analyst(), damaged, None).await.is_err());

    let known = house.app.register_model(&analyst(), file, Some(hash.clone())).await.unwrap();
    assert_eq!(
        (known.state.as_str(), known.card.features.as_slice()),
        ("shadow", &["age".to_owned()][..])
    );
    let error = house.app.promote_model(&analyst(), &hash).await.unwrap_err();
    assert!(error.to_string().contains("shadowed"), "{error}");

    let shadow = house.app.shadow_model(&analyst(), &hash).await.unwrap();
    assert_eq!((shadow.clients, shadow.incomplete), (2, 1));
    // Nothing has changed for anybody so far.
    assert_eq!(house.app.client(&service(), &id("old")).await.unwrap().worth_minor, None);

    let report = house.app.promote_model(&analyst(), &hash).await.unwrap();
    assert_eq!((report.scored, report.incomplete), (2, 1));
    let worth =
        async |name: &str| house.app.client(&service(), &id(name)).await.unwrap().worth_minor;
    assert!(worth("old").await > worth("young").await);
    assert_eq!(worth("unknown").await, None);
    assert_eq!(house.app.models(&analyst()).await.unwrap()[0].state, "live");
}

#[tokio::test]
async fn a_model_of_other_actions_or_of_the_other_direction_is_refused_in_words() {
    let house = house(|_| {}).await;
    for (file, why) in [
        (model_of(&["hold", "mail"], "stayed", Better::More), "none of its arms (mail)"),
        (model_of(&["points", "plan_review"], "stayed", Better::More), "are against `points`"),
        (model_of(&["hold", "plan_review"], "stayed", Better::Less), "less of `stayed`"),
    ] {
        let error = house.app.register_model(&analyst(), file, None).await.unwrap_err();
        assert_eq!(error.code(), "model.unusable");
        assert!(error.to_string().contains(why), "{error}");
    }
    assert!(house.app.models(&analyst()).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_a_model_brings_that_the_house_does_not_know_is_said() {
    let house = house(|_| {}).await;
    let codes = async |file: &[u8]| -> Vec<String> {
        let known = house.app.register_model(&analyst(), file.to_vec(), None).await.unwrap();
        known.warnings.into_iter().map(|warning| warning.code).collect()
    };
    let own = model();
    assert!(codes(&own).await.is_empty(), "nobody is there whose attributes could say anything");
    let card = &house.app.models(&analyst()).await.unwrap()[0].card;
    let origin = card.origin.clone().unwrap();
    assert_eq!((origin.treatment.as_str(), origin.outcome.as_str()), ("action", "stayed"));
    assert_eq!(card.data_fingerprint.len(), 64);

    house.app.add_client(&service(), person("somebody")).await.unwrap();
    // Fewer who leave are more who stay: effects count improvement, so that is no contradiction.
    let other = model_of(&["hold", "plan_review", "mail"], "left", Better::Less);
    let expected = ["model.unknown_arms", "model.other_outcome", "model.unknown_features"];
    assert_eq!(codes(&other).await, expected);
    let attributes = BTreeMap::from([("age".to_owned(), Attribute::Number(30.0))]);
    let input = ClientInput { attributes, ..person("somebody else") };
    house.app.add_client(&service(), input).await.unwrap();
    assert_eq!(codes(&other).await, &expected[..2]);
    assert!(codes(&own).await.is_empty());
}

/// Two offers and a hold in turn, by chance alone, with outcomes.
async fn decided_among_three(n: u32) -> House {
    let house = house(|policy| {
        policy.exploration.rate = 1.0;
        policy.exploration.among = 3;
        policy.minutes_per_day = None;
        policy.contact.caps.clear();
    })
    .await;
    for k in 0..n {
        let name = format!("c-{k:04}");
        let attributes =
            BTreeMap::from([("age".to_owned(), Attribute::Number(f64::from(20 + k * 7 % 60)))]);
        let input = ClientInput { attributes, ..person(&name) };
        house.app.add_client(&service(), input).await.unwrap();
        for kind in [ConsentKind::Talk, ConsentKind::Advise] {
            house.app.record_consent(&service(), consent(&name, kind)).await.unwrap();
        }
        let fact = |benefit| EffectFact { benefit, low: 0.01, high: 0.2 };
        let effects = [("plan_review", 0.1), ("career_advice", 0.12)]
            .map(|(name, benefit)| (action(name), fact(benefit)));
        // Of every tenth only one may be given: such a decision compares nothing with the other.
        let only =
            effects.iter().map(|(name, _)| name.clone()).take(if k % 10 == 0 { 1 } else { 2 });
        let ask = DecisionAsk {
            only: Some(only.collect()),
            effects: Some(BTreeMap::from(effects)),
            ..DecisionAsk::about(id(&name))
        };
        house.app.decide_and_commit(&service(), ask).await.unwrap();
        let value = f64::from(u8::from(k * k % 11 < 6));
        let outcome = OutcomeInput { client: id(&name), outcome: None, value, at: None };
        house.app.record_outcome(&service(), outcome).await.unwrap();
    }
    house
}

#[tokio::test]
async fn several_actions_are_studied_with_the_chances_they_had() {
    let house = decided_among_three(400).await;
    let export = async |actions: Option<&str>| {
        let ask = StudyAsk { actions: actions.map(str::to_owned), ..StudyAsk::default() };
        house.app.export_study(&analyst(), ask).await.unwrap()
    };
    let several = export(Some("plan_review, career_advice")).await;
    assert_eq!((several.rows, several.not_comparable), (360, 40));
    assert!(several.chances_known);
    let given = several.command.split("--propensity ").nth(1).unwrap();
    let arms = ["career_advice", "hold", "plan_review"];
    assert_eq!(given, arms.map(|arm| format!("{arm}=@propensity.{arm}")).join(","));
    let known = table(&several.csv);
    let roles = Roles {
        control: Some("hold".to_owned()),
        cluster: Some("household".to_owned()),
        features: Features::Except(vec!["propensity".to_owned()]),
        propensity: Some(PropensityRole::Columns(
            arms.map(|arm| (arm.to_owned(), format!("propensity.{arm}"))).to_vec(),
        )),
        ..Roles::new("action", "stayed")
    };
    let found = yorisoi::study(&known, &roles, &quick(), &Silent).unwrap();
    assert_eq!(found.effects.arms, ["career_advice", "plan_review"]);
    // A third each, as the policy explores.
    let Values::Numeric(chances) = &known.column("propensity.hold").unwrap().values else {
        panic!("chances are numbers")
    };
    assert!(chances.iter().all(|chance| (chance - 1.0 / 3.0).abs() < 1e-3), "{chances:?}");

    // One of them was not possible for everybody: no propensity of 0 is passed off as a chance.
    let all = export(None).await;
    assert_eq!((all.rows, all.chances_known), (400, false));
    assert!(!all.command.contains("--propensity") && all.command.contains("propensity.hold"));
    let ask = StudyAsk { actions: Some("x".repeat(300)), ..StudyAsk::default() };
    assert_eq!(house.app.export_study(&analyst(), ask).await.unwrap_err().status(), 422);
}

#[tokio::test]
async fn the_sample_world_reports_on_itself() {
    let house = empty();
    house.clock.set("2026-06-01T18:00:00+09:00".parse().unwrap());
    sample_world(&house.app, 11).await.unwrap();
    let sato = yorisoi_app::Caller { token: "lead-sato".to_owned(), ..second_lead() };
    let proof = house.app.proof(&sato).await.unwrap();
    // Forty-eight people prove nothing, and that is what it says.
    assert!(matches!(proof.proven, Proven::CannotKnow | Proven::NotProven));
    assert!(proof.decisions > 100 && proof.holds > 0);
    let landings = house.app.landings_report(&sato).await.unwrap();
    assert!(landings.rows.len() >= 4);
    // The second call that nobody had asked for closed a heart, and the first is read back before it.
    let ruptures = &landings.ruptures;
    assert!(!ruptures.is_empty());
    let told = |step: &yorisoi_app::RuptureStep| step.landing == Some(Landing::Nuisance);
    let called = |it: &&yorisoi_app::RuptureView| it.action.as_str() == "listen";
    assert!(ruptures.iter().filter(called).any(|it| it.before.iter().any(told)), "{ruptures:?}");
    assert!(ruptures.iter().all(|it| it.before.iter().all(|step| step.seq < it.seq)));
    // What everybody carries is told although nobody's credit can be known yet.
    let credit = house.app.credit(&sato, None).await.unwrap();
    assert_eq!(credit.team_credit.estimate, None);
    let agents: Vec<&str> = credit.rows.iter().map(|row| row.agent.as_str()).collect();
    assert_eq!(agents, ["aoi", "ken", "mei", "tom"]);
    assert!(credit.rows.iter().all(|row| row.credit.is_none() && row.n > 0));
    let endings = house.app.endings_report(&sato).await.unwrap();
    assert!(endings.completed >= 1, "{endings:?}");
    assert_eq!(endings.requested, endings.completed + endings.abandoned + endings.open);
    // Holds are counted in every report, and those of the teams are those of the house.
    let counted = (proof.holds, proof.decisions);
    assert_eq!((landings.holds, landings.decisions), counted);
    assert_eq!((endings.holds, endings.decisions), counted);
    assert_eq!((credit.holds, credit.decisions), counted);
    let mut of_teams = (0, 0);
    for team in ["tokyo", "osaka"] {
        let team: yorisoi_decision::TeamId = team.parse().unwrap();
        let credit = house.app.credit(&sato, Some(team.clone())).await.unwrap();
        let own = yorisoi_app::Caller { team: Some(team), ..sato.clone() };
        let endings = house.app.endings_report(&own).await.unwrap();
        assert_eq!((credit.holds, credit.decisions), (endings.holds, endings.decisions));
        assert!(credit.holds > 0);
        of_teams = (of_teams.0 + credit.holds, of_teams.1 + credit.decisions);
    }
    assert_eq!(of_teams, counted);
}

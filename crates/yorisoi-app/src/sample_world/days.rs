//! What happens on a day in the sample world?

mod moving_in;
mod one_call_too_many;

use std::sync::Arc;

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp};
use yorisoi_decision::{Channel, ClientId, ConsentKind, Topic};
use yorisoi_ledger::{Landing, Source};

use super::caller;
use super::people::{Nature, Person, TEAMS, people};
use crate::check_in::CheckInInput;
use crate::clock::FixedClock;
use crate::decide_and_commit::DecisionAsk;
use crate::draws::Draws;
use crate::hand_on::ReleaseInput;
use crate::let_go::LetGoInput;
use crate::rank_work::WorkAsk;
use crate::record_consent::{ConsentInput, RefusalInput};
use crate::record_contact::{AttemptInput, LandingInput, OutcomeInput};
use crate::tend_needs::NoteInput;
use crate::{App, AppError, Caller, Role};

/// The house and everybody in it.
pub(super) struct House {
    app: App,
    clock: Arc<FixedClock>,
    draws: Draws,
    pub(super) people: Vec<Person>,
    pub(super) decisions: u64,
    gone: Vec<String>,
    /// The day of the call that nobody had asked for, and whether there was a second one.
    bothered: Option<(i64, bool)>,
}

/// Steps that a gate or the way of things may forbid: then nothing happens, as in life.
fn unless_forbidden<T>(done: Result<T, AppError>) -> Result<Option<T>, AppError> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(error) if error.status() == 409 || error.status() == 410 => Ok(None),
        Err(error) => Err(error),
    }
}

fn id(person: &Person) -> Result<ClientId, AppError> {
    Ok(ClientId::new(person.client.as_str())?)
}

fn agent_of(person: &Person) -> Caller {
    caller(person.agent, Role::Agent, Some((person.team, Some(person.agent))))
}

impl House {
    /// A house with everybody before its door.
    pub(super) fn new(app: App, clock: Arc<FixedClock>, mut draws: Draws) -> Self {
        let people = people(&mut draws);
        Self { app, clock, draws, people, decisions: 0, gone: Vec::new(), bothered: None }
    }

    /// Whether the house is open that day; sets the clock to its morning.
    pub(super) fn opens(
        &mut self,
        begin: Timestamp,
        day: i64,
        end: Timestamp,
    ) -> Result<bool, AppError> {
        let bad = |error: jiff::Error| AppError::invalid("clock", error.to_string());
        let morning = begin.checked_add(SignedDuration::from_hours(24 * day)).map_err(bad)?;
        let there = morning.in_tz("Asia/Tokyo").map_err(bad)?;
        let is_weekend = matches!(there.weekday(), Weekday::Saturday | Weekday::Sunday);
        // A day of work must lie wholly in the past.
        let closing = morning.checked_add(SignedDuration::from_hours(8)).map_err(bad)?;
        if is_weekend || closing > end {
            return Ok(false);
        }
        self.clock.set(morning);
        Ok(true)
    }

    /// A day of work.
    pub(super) async fn live_a_day(&mut self, day: i64) -> Result<(), AppError> {
        self.app.sweep().await?;
        for (team, agents) in TEAMS {
            for agent in agents {
                let who = caller(agent, Role::Agent, Some((team, Some(agent))));
                self.work(&who).await?;
                self.clock.pass_minutes(3);
            }
        }
        self.one_call_too_many(day).await?;
        self.goodbyes(day).await?;
        self.check_ins(day).await?;
        self.hand_ons().await
    }

    /// An agent takes the first of the list.
    async fn work(&mut self, who: &Caller) -> Result<(), AppError> {
        let ask = WorkAsk { agent: who.agent.clone(), limit: Some(3), ..WorkAsk::default() };
        let list = self.app.work_list(who, ask).await?;
        for row in list.rows.iter().take(2) {
            self.clock.pass_minutes(10);
            self.help(who, &row.client).await?;
        }
        if let Some(hold) = list.holds.first().filter(|_| self.draws.happens(0.5)) {
            let ask = DecisionAsk::about(hold.client.clone());
            self.app.decide_and_commit(who, ask).await?;
            self.decisions += 1;
        }
        Ok(())
    }

    /// Decides for a client, tries to reach them, and hears how it landed.
    async fn help(&mut self, who: &Caller, client: &ClientId) -> Result<(), AppError> {
        let Some(person) = self.people.iter().find(|it| it.client == client.as_str()).cloned()
        else {
            return Ok(());
        };
        let answer = self.app.decide_and_commit(who, DecisionAsk::about(client.clone())).await?;
        self.decisions += 1;
        if answer.reserved_until.is_none() {
            return Ok(());
        }
        let decision = answer.decision.id.clone();
        let action = answer.decision.choice.action.clone();
        let reached = self.draws.happens(0.75);
        let attempt = AttemptInput {
            client: client.clone(),
            decision: Some(decision.clone()),
            action: action.clone(),
            channel: None,
            reached,
        };
        self.app.record_attempt(who, attempt).await?;
        if !reached {
            unless_forbidden(self.app.give_back(who, &decision).await)?;
            return Ok(());
        }
        unless_forbidden(self.app.carry_out(who, &decision).await)?;
        if action.as_str() == "peaches" && self.draws.happens(0.4) {
            let release = ReleaseInput {
                client: client.clone(),
                action,
                decision: Some(decision),
                expires_at: self.in_days(5),
            };
            self.app.release_help(who, release).await?;
            return Ok(());
        }
        let landing = self.landing(person.nature);
        let words = self.reaction(landing);
        let input = LandingInput {
            client: client.clone(),
            decision: Some(decision),
            action: None,
            landing,
            words,
        };
        self.app.record_landing(who, input).await?;
        self.after(&person, action.as_str(), landing).await
    }

    fn in_days(&self, days: i64) -> Option<Timestamp> {
        self.app.now().checked_add(SignedDuration::from_hours(24 * days)).ok()
    }

    fn landing(&mut self, nature: Nature) -> Landing {
        let u = self.draws.uniform();
        let (helped, nuisance, closed) = match nature {
            Nature::Persuadable => (0.65, 0.04, 0.0),
            Nature::SureThing => (0.30, 0.08, 0.0),
            Nature::LostCause => (0.05, 0.20, 0.05),
            Nature::SleepingDog => (0.05, 0.40, 0.15),
        };
        match u {
            u if u < helped => Landing::Helped,
            u if u < helped + nuisance => Landing::Nuisance,
            u if u < helped + nuisance + closed => Landing::Closed,
            u if u < 0.9 => Landing::Neutral,
            _ => Landing::Received,
        }
    }

    fn reaction(&mut self, landing: Landing) -> Option<String> {
        let said: &[&str] = match landing {
            Landing::Helped => {
                &["ちょうど聞きたかったことでした。", "That was just what I needed."]
            }
            Landing::Nuisance => {
                &["会議中に電話が鳴って困りました。", "Please, not in the evening."]
            }
            Landing::Closed => &["もう結構です。"],
            _ => return None,
        };
        self.draws.happens(0.6).then(|| (*self.draws.one_of(said)).to_owned())
    }

    /// What follows from how it landed.
    async fn after(
        &mut self,
        person: &Person,
        action: &str,
        landing: Landing,
    ) -> Result<(), AppError> {
        let agent = agent_of(person);
        if action == "ask_permission" && landing != Landing::Closed {
            if self.draws.happens(0.6) {
                self.app.record_consent(&agent, granted(person, ConsentKind::Talk)?).await?;
                self.app.record_consent(&agent, granted(person, ConsentKind::Advise)?).await?;
            } else if self.draws.happens(0.3) {
                let words = "提案は必要ありません。";
                self.app.refuse(&agent, refused(person, Some("points"), None, words)?).await?;
            }
        }
        if landing == Landing::Closed {
            let words = "これ以上のご連絡はご遠慮します。";
            self.app.refuse(&agent, refused(person, None, None, words)?).await?;
        }
        if self.draws.happens(0.25) {
            let (text, confidential) = *self.draws.one_of(&NOTES);
            let text = text.to_owned();
            self.app
                .add_note(&agent, NoteInput { client: id(person)?, text, confidential })
                .await?;
        }
        Ok(())
    }

    /// Those who have decided are let go; one or two change their mind by themselves.
    async fn goodbyes(&mut self, day: i64) -> Result<(), AppError> {
        let leaver = match day % 11 {
            3 => self.people.iter().find(|it| self.may_leave(it)).cloned(),
            _ => None,
        };
        let Some(person) = leaver else { return Ok(()) };
        let (agent, client) = (agent_of(&person), id(&person)?);
        self.gone.push(person.client.clone());
        if unless_forbidden(self.app.request_exit(&agent, &client).await)?.is_none() {
            return Ok(());
        }
        self.clock.pass_minutes(6);
        let u = self.draws.uniform();
        if u < 0.12 {
            unless_forbidden(self.app.abandon_exit(&agent, &client).await)?;
            return Ok(());
        }
        if u < 0.2 {
            return Ok(());
        }
        let input = LetGoInput {
            client: client.clone(),
            reason: Some((*self.draws.one_of(&REASONS)).to_owned()),
            effective_on: None,
            keeps: vec!["これまでの記録の写し / a copy of your records".to_owned()],
            loses: vec!["会員価格 / member prices".to_owned()],
            door_open: self.draws.happens(0.5),
        };
        unless_forbidden(self.app.let_go(&agent, input).await)?;
        if self.draws.happens(0.15) {
            self.clock.pass_minutes(30);
            unless_forbidden(self.app.record_return(&agent, &client).await)?;
        }
        Ok(())
    }

    fn may_leave(&self, person: &Person) -> bool {
        let leaves = matches!(person.nature, Nature::LostCause | Nature::SleepingDog);
        leaves && !self.gone.contains(&person.client)
    }

    /// Every other week some answer four questions.
    async fn check_ins(&mut self, day: i64) -> Result<(), AppError> {
        for (index, person) in self.people.clone().into_iter().enumerate() {
            if (index as i64 + day) % 14 != 0 || index % 2 == 1 {
                continue;
            }
            self.clock.pass_minutes(1);
            let level = Self::level(&person, day);
            let items = (0..4)
                .map(|_| {
                    let score = level + 2.0 * (self.draws.uniform() - 0.5);
                    (!self.draws.happens(0.05)).then_some(score.round().clamp(0.0, 10.0) as u8)
                })
                .collect();
            let input = CheckInInput { client: id(&person)?, items, words: None };
            unless_forbidden(self.app.check_in(&agent_of(&person), input).await)?;
        }
        Ok(())
    }

    /// How somebody is: those who will leave are getting worse.
    fn level(person: &Person, day: i64) -> f64 {
        match person.nature {
            Nature::LostCause => 7.0 - 0.05 * day as f64,
            Nature::SleepingDog => 7.0,
            Nature::SureThing => 8.5,
            Nature::Persuadable => 6.5 + 0.02 * day as f64,
        }
    }

    /// What was released looks for somebody, and is offered and taken or not.
    async fn hand_ons(&mut self) -> Result<(), AppError> {
        let lead = caller("lead-sato", Role::Lead, None);
        let open = self.app.hand_ons(&lead, crate::PageAsk::default()).await?;
        for hand_on in open.items.iter().filter(|it| it.state == "released") {
            // Asking takes a while; what would pass its date meanwhile is left to expire.
            let answered = self.app.now() + SignedDuration::from_mins(10);
            if hand_on.expires_at.is_some_and(|at| at <= answered) {
                continue;
            }
            let matches = self.app.hand_on_matches(&lead, &hand_on.hand_on, 3).await?;
            let Some(first) = matches.first() else { continue };
            let name = &hand_on.hand_on;
            let offered = self.app.offer_hand_on(&lead, name, &first.client).await;
            if unless_forbidden(offered)?.is_none() {
                continue;
            }
            self.decisions += 1;
            self.clock.pass_minutes(5);
            let done = if self.draws.happens(0.7) {
                self.app.accept_hand_on(&lead, name, &first.client).await
            } else {
                self.app.decline_hand_on(&lead, name, &first.client).await
            };
            unless_forbidden(done)?;
        }
        Ok(())
    }

    /// At the end it is seen who is still there.
    pub(super) async fn look_back(&mut self) -> Result<(), AppError> {
        let service = caller("service", Role::Service, None);
        self.clock.pass_minutes(20);
        for person in self.people.clone() {
            let view = self.app.client(&service, &id(&person)?).await?;
            let is_gone = view.exit == yorisoi_decision::ExitState::Completed;
            let stays = !is_gone && self.draws.happens(0.97);
            let input = OutcomeInput {
                client: id(&person)?,
                outcome: None,
                value: f64::from(u8::from(stays)),
                at: None,
            };
            self.app.record_outcome(&service, input).await?;
        }
        Ok(())
    }
}

fn granted(person: &Person, consent: ConsentKind) -> Result<ConsentInput, AppError> {
    Ok(ConsentInput {
        client: id(person)?,
        consent,
        topic: None,
        channel: None,
        source: Source::Words,
        expires_at: None,
        words: None,
    })
}

fn refused(
    person: &Person,
    topic: Option<&str>,
    channel: Option<&str>,
    words: &str,
) -> Result<RefusalInput, AppError> {
    Ok(RefusalInput {
        client: id(person)?,
        topic: topic.map(Topic::new).transpose()?,
        channel: channel.map(Channel::new).transpose()?,
        source: Source::Words,
        words: Some(words.to_owned()),
    })
}

const NOTES: [(&str, bool); 4] = [
    ("お子さまの受験が終わるまでは忙しいとのこと。", false),
    ("Prefers mail; answers within a day.", false),
    ("ご家族の病気について伺いました。ほかの方には伏せてください。", true),
    ("前回の助言がとても良かったとのお言葉。", false),
];

const REASONS: [&str; 3] =
    ["引っ越すことになったため。", "I found something closer to home.", "使う機会が減ったため。"];

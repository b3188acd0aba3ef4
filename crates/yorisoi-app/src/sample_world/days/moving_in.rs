//! Who moves into the sample world, and what do they say on the first day?

use std::collections::BTreeMap;

use jiff::civil::time;
use yorisoi_decision::{
    ActionId, AgentId, Attribute, Busy, ConsentKind, EffectFact, HouseholdId, TeamId, Topic,
};

use super::{House, agent_of, granted, id, refused};
use crate::give_effects::EffectsInput;
use crate::keep_client::ClientInput;
use crate::sample_world::caller;
use crate::sample_world::people::{Nature, Person};
use crate::tend_needs::{BusyInput, InferredNeed, StatedNeed};
use crate::{AppError, Role};

impl House {
    /// Everybody becomes known, with what they said on the first day.
    pub(in crate::sample_world) async fn move_in(&mut self) -> Result<(), AppError> {
        for person in self.people.clone() {
            self.clock.pass_minutes(1);
            let input = record_of(&person, self.draws.happens(0.2))?;
            self.app.add_client(&agent_of(&person), input).await?;
            self.consent(&person).await?;
            self.effects(&person).await?;
            self.first_words(&person).await?;
        }
        Ok(())
    }

    /// Two in three may be talked to, one in two advised; a few said no to something.
    async fn consent(&mut self, person: &Person) -> Result<(), AppError> {
        let step = self.draws.uniform();
        let agent = agent_of(person);
        if step < 0.80 {
            self.app.record_consent(&agent, granted(person, ConsentKind::Talk)?).await?;
        }
        if step < 0.60 {
            self.app.record_consent(&agent, granted(person, ConsentKind::Advise)?).await?;
        }
        if self.draws.happens(0.12) {
            let words = "もう電話はしないでください。";
            self.app.refuse(&agent, refused(person, None, Some("call"), words)?).await?;
        }
        Ok(())
    }

    /// What a model would say of them: the truth, blurred.
    async fn effects(&mut self, person: &Person) -> Result<(), AppError> {
        // For some there are too few data, and only what is believed of the actions.
        if self.draws.happens(0.25) {
            return Ok(());
        }
        let truth = match person.nature {
            Nature::Persuadable => 0.11,
            Nature::SureThing | Nature::LostCause => 0.0,
            Nature::SleepingDog => -0.07,
        };
        let mut effects = BTreeMap::new();
        for (action, share) in [
            ("listen", 0.6),
            ("career_advice", 0.8),
            ("plan_review", 1.0),
            ("points", 0.4),
            ("peaches", 0.7),
            ("ask_permission", 0.2),
            ("ask_time", 0.1),
        ] {
            let benefit = share * truth + 0.02 * (self.draws.uniform() - 0.4);
            let half = 0.012 + 0.015 * self.draws.uniform();
            let fact = EffectFact { benefit, low: benefit - half, high: benefit + half };
            effects.insert(ActionId::new(action)?, fact);
        }
        let service = caller("service", Role::Service, None);
        self.app.give_effects(&service, EffectsInput { client: id(person)?, effects }).await?;
        Ok(())
    }

    async fn first_words(&mut self, person: &Person) -> Result<(), AppError> {
        let agent = agent_of(person);
        if self.draws.happens(0.4) {
            let (topic, words) = *self.draws.one_of(&STATED);
            let (topic, words) = (Topic::new(topic)?, words.to_owned());
            let input = StatedNeed { client: id(person)?, topic, words };
            self.app.state_need(&agent, input).await?;
        }
        if self.draws.happens(0.35) {
            let (topic, from, question) = *self.draws.one_of(&INFERRED);
            let input = InferredNeed {
                client: id(person)?,
                topic: Topic::new(topic)?,
                from: from.to_owned(),
                question: question.to_owned(),
            };
            self.app.infer_need(&agent, input).await?;
        }
        if self.draws.happens(0.3) {
            let (from, until) = (time(9, 0, 0, 0), time(12, 0, 0, 0));
            let weekday = 1 + (self.draws.uniform() * 5.0) as u8;
            let busy = vec![Busy::Weekly { weekday, from, until }];
            self.app.set_busy(&agent, BusyInput { client: id(person)?, busy }).await?;
        }
        Ok(())
    }
}

fn record_of(person: &Person, is_due: bool) -> Result<ClientInput, AppError> {
    let number = |value: u32| Attribute::Number(f64::from(value));
    let mail = format!("{}@example.com", person.client);
    Ok(ClientInput {
        client: Some(id(person)?),
        household: person.household.as_deref().map(HouseholdId::new).transpose()?,
        team: Some(TeamId::new(person.team)?),
        agent: Some(AgentId::new(person.agent)?),
        zone: Some("Asia/Tokyo".to_owned()),
        value_minor: Some(30_000 + 6_000 * i64::from(person.years_with_us)),
        name: Some(person.name.to_owned()),
        addresses: BTreeMap::from([("mail".to_owned(), mail)]),
        aliases: vec![format!("crm-{}", person.client)],
        attributes: BTreeMap::from([
            ("age".to_owned(), number(person.age)),
            ("years_with_us".to_owned(), number(person.years_with_us)),
            ("renewal_due".to_owned(), Attribute::Flag(is_due)),
        ]),
    })
}

const STATED: [(&str, &str); 4] = [
    ("plan", "料金をもう少し抑えたいです。"),
    ("career", "次の仕事について相談したいと思っています。"),
    ("plan", "I pay for more than I use, I think."),
    ("career", "I would like to talk about working fewer hours."),
];

const INFERRED: [(&str, &str, &str); 3] = [
    ("plan", "usage", "使わない月が続いているようですが、いまの内容はご希望に合っていますか。"),
    ("career", "check-in", "最近、お仕事のことで気がかりなことはありますか。"),
    ("plan", "usage", "Is the plan still the right size for you?"),
];

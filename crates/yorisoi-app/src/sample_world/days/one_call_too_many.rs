//! Once, somebody is called who had not asked for it, and once more: the second call closes their heart.

use yorisoi_decision::ActionId;
use yorisoi_ledger::Landing;

use super::{House, agent_of, id, refused};
use crate::AppError;
use crate::record_contact::{AttemptInput, LandingInput};
use crate::sample_world::people::{Nature, Person};

impl House {
    /// Meant kindly, decided by nobody: what every house does before it knows better.
    pub(super) async fn one_call_too_many(&mut self, day: i64) -> Result<(), AppError> {
        // Workdays eight days apart, whichever weekday it began on.
        let (first, second) = (20..27, 34..41);
        let told = match &self.bothered {
            None if first.contains(&day) => (Landing::Nuisance, "会議中に電話が鳴って困りました。"),
            Some((on, false)) if second.contains(&day) && day > *on => {
                (Landing::Closed, "もう結構です。")
            }
            _ => return Ok(()),
        };
        let is_quiet = |it: &&Person| it.nature == Nature::SleepingDog;
        let Some(person) = self.people.iter().rfind(is_quiet).cloned() else { return Ok(()) };
        self.bothered = Some((day, told.0 == Landing::Closed));
        self.call(&person, told).await?;
        if told.0 == Landing::Closed {
            let words = "これ以上のご連絡はご遠慮します。";
            self.app.refuse(&agent_of(&person), refused(&person, None, None, words)?).await?;
        }
        Ok(())
    }

    async fn call(
        &mut self,
        person: &Person,
        (landing, words): (Landing, &str),
    ) -> Result<(), AppError> {
        let (agent, action) = (agent_of(person), ActionId::new("listen")?);
        self.clock.pass_minutes(7);
        let attempt = AttemptInput {
            client: id(person)?,
            decision: None,
            action: action.clone(),
            channel: None,
            reached: true,
        };
        self.app.record_attempt(&agent, attempt).await?;
        self.clock.pass_minutes(4);
        let landed = LandingInput {
            client: id(person)?,
            decision: None,
            action: Some(action),
            landing,
            words: Some(words.to_owned()),
        };
        self.app.record_landing(&agent, landed).await?;
        Ok(())
    }
}

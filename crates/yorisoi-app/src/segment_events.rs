//! What does one event from another system mean here?

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use yorisoi_decision::{
    ActionId, Attribute, Channel, ClientFacts, ClientId, Consent, ConsentKind, DecisionId, Topic,
};
use yorisoi_ledger::{Actor, Body, Landing, Source};

use crate::AppError;
use crate::end_refused::end_refused;
use crate::exit_steps::{ExitStep, after};
use crate::give_effects::OUTCOME_MAX;
use crate::import_clients::{Imported, import_row};
use crate::keep_client::{Change, ClientInput, change};
use crate::landing_counts::count_landing;
use crate::read_ruptures::note_rupture;
use crate::record_contact::landed_action;
use crate::scope::{as_written, known_scope};
use crate::take_segment::{SegmentEvent, SegmentFault, SegmentReport};
use crate::work::{Known, Work};

/// Where the names of events that were taken stand.
const TAKEN: &str = "segment";

/// How long a name is kept: nobody sends an event again after so long.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24 * 30);

/// The longest name of an event that is accepted, in bytes.
const MESSAGE_ID_BYTES_MAX: usize = 500;

/// Names forgotten in one go.
const FORGET_MAX: usize = 500;

#[derive(Serialize, Deserialize)]
struct Taken {
    at: Timestamp,
}

/// What became of one event.
enum Outcome {
    Taken {
        /// Channels that are left in peace from now on.
        quieted: u64,
    },
    Same,
    KeptErased,
}

/// Takes one event, once.
pub(crate) fn take(
    work: &mut Work<'_, '_>,
    event: SegmentEvent,
    report: &mut SegmentReport,
) -> Result<(), AppError> {
    let (SegmentEvent::Identify { message_id, .. } | SegmentEvent::Track { message_id, .. }) =
        &event;
    let message_id = message_id.clone();
    // One program's names are not another's. Names taken before they were kept apart are still known.
    let key = format!("{}\u{1f}{message_id}", work.caller.token);
    for known in [&key, &message_id] {
        if !known.contains('\0') && work.books.read_note::<Taken>(TAKEN, known)?.is_some() {
            report.repeated += 1;
            return Ok(());
        }
    }
    let done = work.part(|work| {
        if message_id.len() > MESSAGE_ID_BYTES_MAX || message_id.chars().any(char::is_control) {
            let reason = format!("give it at most {MESSAGE_ID_BYTES_MAX} bytes in one line");
            return Err(AppError::invalid("messageId", reason));
        }
        match event {
            SegmentEvent::Identify { user_id, traits, .. } => identify(work, &user_id, traits),
            SegmentEvent::Track { user_id, event, properties, timestamp, .. } => {
                track(work, (&user_id, &event), &properties, timestamp)
            }
        }
    });
    match done {
        Ok(Outcome::Taken { quieted }) => {
            report.taken += 1;
            report.quieted += quieted;
        }
        Ok(Outcome::Same) => report.repeated += 1,
        Ok(Outcome::KeptErased) => report.kept_erased += 1,
        Err(error) if error.status() >= 500 => return Err(error),
        Err(error) => {
            let reason = error.to_string();
            report.faults.push(SegmentFault { message_id, reason });
            return Ok(());
        }
    }
    let taken = Taken { at: work.now };
    Ok(work.books.note(TAKEN, &key, &taken, Some(work.now.as_second() as f64), None)?)
}

/// Forgets names of events that nobody sends again.
pub(crate) fn forget_taken(work: &mut Work<'_, '_>) -> Result<(), AppError> {
    let before = work.now.checked_sub(KEPT_FOR).unwrap_or(Timestamp::MIN);
    for (key, taken) in work.books.notes::<Taken>(TAKEN, None, FORGET_MAX)? {
        if taken.at >= before {
            break;
        }
        work.books.forget_note(TAKEN, &key)?;
    }
    Ok(())
}

fn identify(
    work: &mut Work<'_, '_>,
    user_id: &str,
    traits: Map<String, Value>,
) -> Result<Outcome, AppError> {
    let name = ClientId::new(user_id)?;
    let mut input = ClientInput::default();
    for (key, value) in traits {
        read_trait(&mut input, &key, &value)?;
    }
    Ok(match import_row(work, &name, None, input)? {
        Imported::Added => Outcome::Taken { quieted: 0 },
        Imported::Changed { quieted } => Outcome::Taken { quieted },
        Imported::Same => Outcome::Same,
        Imported::KeptErased => Outcome::KeptErased,
    })
}

fn read_trait(input: &mut ClientInput, key: &str, value: &Value) -> Result<(), AppError> {
    let text = value.as_str();
    match (key, text) {
        ("name", Some(text)) => input.name = Some(text.to_owned()),
        ("email", Some(text)) => {
            input.addresses.insert("mail".to_owned(), text.to_owned());
        }
        ("phone", Some(text)) => {
            input.addresses.insert("call".to_owned(), text.to_owned());
        }
        ("timezone" | "zone", Some(text)) => input.zone = Some(text.to_owned()),
        ("household", Some(text)) => input.household = Some(text.parse()?),
        ("team", Some(text)) => input.team = Some(text.parse()?),
        ("agent", Some(text)) => input.agent = Some(text.parse()?),
        ("value_minor", _) if value.is_i64() => input.value_minor = value.as_i64(),
        _ => {
            if let Some(attribute) = attribute(value) {
                input.attributes.insert(key.to_owned(), attribute);
            }
        }
    }
    Ok(())
}

/// A trait as an attribute; lists and objects are none.
fn attribute(value: &Value) -> Option<Attribute> {
    match value {
        Value::Bool(flag) => Some(Attribute::Flag(*flag)),
        Value::Number(number) => number.as_f64().map(Attribute::Number),
        Value::String(text) => Some(Attribute::Text(text.clone())),
        _ => None,
    }
}

/// An event about a client we know.
fn track(
    work: &mut Work<'_, '_>,
    (user_id, event): (&str, &str),
    properties: &Map<String, Value>,
    timestamp: Option<Timestamp>,
) -> Result<Outcome, AppError> {
    let name = ClientId::new(user_id)?;
    let client = match work.known(&name)? {
        Known::Client(client) if client.facts.erased => return Ok(Outcome::KeptErased),
        Known::Erased => return Ok(Outcome::KeptErased),
        Known::Nobody => return Err(AppError::unknown("client", user_id)),
        Known::Client(client) => client,
    };
    work.caller.may_see_team(client.facts.team.as_ref())?;
    let id = client.facts.client.clone();
    // Events come late and out of order: what the client said counts from when they said it.
    let said_at = timestamp.unwrap_or(work.now).min(work.now);
    let (given, source) = (Given { properties }, Source::Tap);
    let body = match event.to_lowercase().as_str() {
        "outcome seen" => given.outcome(work, timestamp)?,
        "consent granted" => given.consent(work, said_at)?,
        "consent withdrawn" => {
            let (topic, channel) = known_scope(work, given.topic()?, given.channel()?)?;
            Body::ConsentWithdrawn { consent: given.kind()?, topic, channel, source }
        }
        "refused" => {
            let (topic, channel) = known_scope(work, given.topic()?, given.channel()?)?;
            Body::Refused { topic, channel, source }
        }
        "reopened" => {
            let (topic, channel) = as_written(work, given.topic()?, given.channel()?)?;
            Body::Reopened { topic, channel, source }
        }
        "landed" => given.landed(work, &id)?,
        "exit requested" => {
            after(client.facts.exit, ExitStep::Request)?;
            Body::ExitRequested {}
        }
        _ => {
            let mut input = ClientInput::default();
            let at = timestamp.unwrap_or(work.now).to_string();
            input.attributes.insert(format!("event.{event}"), Attribute::Text(at));
            return Ok(match change(work, &client, input)? {
                Change::Something { quieted } => Outcome::Taken { quieted },
                Change::Nothing => Outcome::Same,
            });
        }
    };
    let recorded = work.append_as(Actor::Client, Some(&id), (body.clone(), None))?;
    if may_be_no(&body) {
        end_refused(work, &id)?;
    }
    check_newest(work, &id, (&body, &client.facts), said_at)?;
    note_rupture(work, (&id, &body), &recorded)?;
    Ok(Outcome::Taken { quieted: 0 })
}

/// Whether what is kept for the client may be against it.
fn may_be_no(body: &Body) -> bool {
    matches!(body, Body::Refused { .. } | Body::ConsentWithdrawn { .. } | Body::ExitRequested {})
}

/// Whether what was said so early still counts: a newer "no" is never lifted by an older "yes".
fn check_newest(
    work: &mut Work<'_, '_>,
    id: &ClientId,
    (body, before): (&Body, &ClientFacts),
    said_at: Timestamp,
) -> Result<(), AppError> {
    let now = work.client(id)?.facts;
    let is_late = match body {
        Body::ConsentGranted { consent, .. } => !now.consents.contains(consent),
        Body::Reopened { .. } => before
            .refusals
            .iter()
            .any(|refusal| refusal.refused_at > said_at && !now.refusals.contains(refusal)),
        _ => false,
    };
    if is_late {
        let reason = "an older word: what the client said since stands";
        return Err(AppError::invalid("timestamp", reason));
    }
    Ok(())
}

/// What came with an event.
struct Given<'a> {
    properties: &'a Map<String, Value>,
}

impl Given<'_> {
    fn text(&self, key: &str) -> Option<&str> {
        self.properties.get(key).and_then(Value::as_str)
    }

    fn topic(&self) -> Result<Option<Topic>, AppError> {
        Ok(self.text("topic").map(Topic::new).transpose()?)
    }

    fn channel(&self) -> Result<Option<Channel>, AppError> {
        Ok(self.text("channel").map(Channel::new).transpose()?)
    }

    fn kind(&self) -> Result<ConsentKind, AppError> {
        match self.text("consent") {
            Some("talk") => Ok(ConsentKind::Talk),
            Some("advise") => Ok(ConsentKind::Advise),
            _ => Err(AppError::invalid("properties.consent", "give `talk` or `advise`")),
        }
    }

    fn outcome(&self, work: &Work<'_, '_>, timestamp: Option<Timestamp>) -> Result<Body, AppError> {
        let value = match self.properties.get("value") {
            Some(Value::Bool(flag)) => Some(f64::from(u8::from(*flag))),
            Some(value) => value.as_f64(),
            None => None,
        };
        let value = value.filter(|value| value.abs() <= OUTCOME_MAX).ok_or_else(|| {
            let expected = "give a number of at most 1e12, or true or false";
            AppError::invalid("properties.value", expected)
        })?;
        let own = || work.app.settings().outcome.clone();
        let outcome = self.text("outcome").map_or_else(own, str::to_owned);
        Ok(Body::OutcomeSeen { outcome, value, at: timestamp.filter(|at| *at <= work.now) })
    }

    fn consent(&self, work: &mut Work<'_, '_>, granted_at: Timestamp) -> Result<Body, AppError> {
        let expires_at = match self.text("expires_at") {
            Some(text) => Some(text.parse().map_err(|_| {
                AppError::invalid(
                    "properties.expires_at",
                    "write it like 2026-04-01T09:00:00+09:00",
                )
            })?),
            None => None,
        };
        let kind = self.kind()?;
        let (topic, channel) = as_written(work, self.topic()?, self.channel()?)?;
        let consent = Consent { kind, topic, channel, granted_at, expires_at };
        Ok(Body::ConsentGranted { consent, source: Source::Tap })
    }

    fn landed(&self, work: &mut Work<'_, '_>, client: &ClientId) -> Result<Body, AppError> {
        let landing: Landing = self
            .properties
            .get("landing")
            .and_then(|landing| serde_json::from_value(landing.clone()).ok())
            .ok_or_else(|| {
                let expected = "give received, helped, neutral, nuisance, not_received or closed";
                AppError::invalid("properties.landing", expected)
            })?;
        let decision = self.text("decision").map(DecisionId::new).transpose()?;
        let given = self.text("action").map(ActionId::new).transpose()?;
        let action = landed_action(work, client, (decision.as_ref(), given))?;
        count_landing(work, decision.as_ref(), (&action, landing))?;
        Ok(Body::Landed { decision, action, landing })
    }
}

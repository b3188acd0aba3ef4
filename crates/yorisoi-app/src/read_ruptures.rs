//! Where did a heart close, and what came before it? Read back by number and without words, so that the pattern
//! is seen and nobody is looked at.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{ActionId, ClientId, Words};
use yorisoi_ledger::{Body, Entry, Landing};

use crate::headline::headline;
use crate::tell_timeline::events;
use crate::work::{Known, Work};
use crate::{AppError, Recorded};

/// Where ruptures are noted, the newest first.
const RUPTURES: &str = "ruptures";

/// Ruptures that a report shows.
const SHOWN: usize = 10;

/// Steps before a rupture that are shown.
const STEPS: usize = 6;

/// Events read to find them: scores and outcomes lie between.
const READ: usize = 40;

/// Ruptures read to find those that the caller may see.
const READ_RUPTURES: usize = 200;

/// A heart that closed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuptureView {
    /// Whose, by number; who it is stands on their own page.
    pub client: ClientId,
    /// When it was told.
    pub at: Timestamp,
    /// The entry.
    pub seq: u64,
    /// On what.
    pub action: ActionId,
    /// The action's name.
    pub name: Words,
    /// How it was meant.
    pub intention: Words,
    /// What came before, the oldest first.
    pub before: Vec<RuptureStep>,
}

/// Something that came before a rupture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuptureStep {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The kind of entry.
    pub kind: String,
    /// One line to read.
    pub headline: Words,
    /// How it landed, if it is a landing.
    pub landing: Option<Landing>,
}

/// What is noted of a rupture.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Rupture {
    client: ClientId,
    action: ActionId,
    at: Timestamp,
    seq: u64,
}

/// Notes a landing that closed a heart; a correction takes back the one told before of the same decision.
pub(crate) fn note_rupture(
    work: &mut Work<'_, '_>,
    (client, body): (&ClientId, &Body),
    recorded: &Recorded,
) -> Result<(), AppError> {
    let Body::Landed { decision, action, landing } = body else { return Ok(()) };
    let key = decision.as_ref().map_or_else(|| recorded.seq.to_string(), ToString::to_string);
    if *landing != Landing::Closed {
        return match decision {
            Some(_) => Ok(work.books.forget_note(RUPTURES, &key)?),
            None => Ok(()),
        };
    }
    let (client, action) = (client.clone(), action.clone());
    let rupture = Rupture { client, action, at: recorded.at, seq: recorded.seq };
    let newest_first = -(recorded.seq as f64);
    Ok(work.books.note(RUPTURES, &key, &rupture, Some(newest_first), None)?)
}

/// The newest ruptures among people the caller looks after.
pub(crate) fn ruptures(work: &mut Work<'_, '_>) -> Result<Vec<RuptureView>, AppError> {
    let mut views = Vec::new();
    for (_, rupture) in work.books.notes::<Rupture>(RUPTURES, None, READ_RUPTURES)? {
        if views.len() == SHOWN {
            break;
        }
        // Whoever was erased is nobody's lesson any more.
        let Known::Client(known) = work.known(&rupture.client)? else { continue };
        let is_ours = work.caller.may_see_team(known.facts.team.as_ref()).is_ok();
        if is_ours && !known.facts.erased {
            views.push(view(work, rupture, known.facts.client)?);
        }
    }
    Ok(views)
}

fn view(
    work: &mut Work<'_, '_>,
    rupture: Rupture,
    client: ClientId,
) -> Result<RuptureView, AppError> {
    let policy = work.policy()?;
    let known = policy.action(&rupture.action);
    let plain = Words { en: rupture.action.to_string(), ja: rupture.action.to_string() };
    let before = events(work, &client, (Some(rupture.seq), READ))?;
    let steps = before.into_iter().map(|opened| opened.entry).filter(|entry| is_step(&entry.body));
    let mut before: Vec<RuptureStep> = steps
        .take(STEPS)
        .map(|entry| RuptureStep {
            seq: entry.seq,
            at: entry.at,
            kind: entry.body.kind().to_owned(),
            headline: headline(&entry.body, Some(&policy)),
            landing: landing_of(&entry),
        })
        .collect();
    before.reverse();
    Ok(RuptureView {
        client,
        at: rupture.at,
        seq: rupture.seq,
        name: known.map_or(plain, |known| known.name.clone()),
        intention: known.map_or_else(Words::default, |known| known.intention.clone()),
        action: rupture.action,
        before,
    })
}

/// Whether it passed between the client and us, or was chosen for them.
fn is_step(body: &Body) -> bool {
    !matches!(
        body,
        Body::EffectsScored { .. }
            | Body::OutcomeSeen { .. }
            | Body::ReservationEnded { .. }
            | Body::ClientChanged { .. }
            | Body::AliasAdded {}
            | Body::ChannelQuieted { .. }
    )
}

fn landing_of(entry: &Entry) -> Option<Landing> {
    match entry.body {
        Body::Landed { landing, .. } => Some(landing),
        _ => None,
    }
}

//! Who is this person to us? One page: consents, needs, household, landings, and one timeline.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    ActionId, Attribute, Busy, ClientId, Consent, DecisionId, Refusal, Reservation, Topic, Words,
};
use yorisoi_ledger::{Body, Client, Landing, Source};

use crate::check_in::{AlertView, alert_of};
use crate::client_view::{ClientView, holds, view_of};
use crate::give_help::{EndedView, GivenView, ended, untold};
use crate::let_go::{ExitView, exit_view};
use crate::tell_timeline::{TimelineRow, timeline};
use crate::work::Work;
use crate::{App, AppError, Caller, Page, PageAsk, Right};

/// A consent, and how it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConsentView {
    /// To what, and until when.
    #[serde(flatten)]
    pub consent: Consent,
    /// From the client's words, by their own tap, or with an import; `None`: recorded before this was kept.
    pub source: Option<Source>,
}

/// A need, stated (顕在) or inferred (潜在).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NeedView {
    /// About what.
    pub topic: Topic,
    /// When it was said or thought.
    pub at: Timestamp,
    /// The client's words; for an inferred need, the question to ask instead.
    pub words: Option<String>,
    /// From what it was inferred; `None`: the client said it.
    pub from: Option<String>,
    /// Whether the client confirmed it; `None`: not asked yet.
    pub confirmed: Option<bool>,
}

/// Something that landed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LandingView {
    /// When it was told.
    pub at: Timestamp,
    /// For which decision.
    pub decision: Option<DecisionId>,
    /// What.
    pub action: ActionId,
    /// The action's name.
    pub name: Words,
    /// Why it was given.
    pub intention: Words,
    /// How it landed.
    pub landing: Landing,
}

/// What says who they are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PersonalView {
    /// Their name.
    pub name: Option<String>,
    /// Addresses by channel.
    pub addresses: BTreeMap<String, String>,
    /// Names in other systems.
    pub aliases: Vec<String>,
    /// What is known of them.
    pub attributes: BTreeMap<String, Attribute>,
}

/// The page of a client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClientPage {
    /// Who, in short.
    pub client: ClientView,
    /// Who, for those who may know; `None` after erasure.
    pub personal: Option<PersonalView>,
    /// Consents that hold at this moment, and how each is known.
    pub consents: Vec<ConsentView>,
    /// Refusals that bind.
    pub refusals: Vec<Refusal>,
    /// Needs the client said.
    pub stated: Vec<NeedView>,
    /// Needs somebody thinks there may be: only to be asked about.
    pub inferred: Vec<NeedView>,
    /// When they are busy.
    pub busy: Vec<Busy>,
    /// The others of the household.
    pub household: Vec<ClientView>,
    /// How help has landed, newest first.
    pub landings: Vec<LandingView>,
    /// Help that was given lately, of which nobody has told yet how it landed, newest first.
    pub given: Vec<GivenView>,
    /// Help that has ended lately without being given, newest first: given all the same, it is told with its time.
    pub ended: Vec<EndedView>,
    /// Decisions that are open.
    pub reservations: Vec<Reservation>,
    /// Help they have handed on.
    pub released: Vec<ActionId>,
    /// The way out, if there is one.
    pub exit: Option<ExitView>,
    /// The last check-ins, newest first, and what they say.
    pub check_ins: Vec<CheckInRow>,
    /// An alert from the check-ins, if there is one.
    pub alert: Option<AlertView>,
    /// The newest events, newest first.
    pub timeline: Page<TimelineRow>,
}

/// One check-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckInRow {
    /// When.
    pub at: Timestamp,
    /// The answers, 0 to 10; `None` was skipped.
    pub items: Vec<Option<u8>>,
}

/// Others of a household that are shown.
const HOUSEHOLD_SHOWN: usize = 20;

impl App {
    /// Records that somebody looks at a person. Without the record there is no look.
    pub(crate) async fn look(
        &self,
        caller: &Caller,
        client: &ClientId,
        at: &'static str,
    ) -> Result<(), AppError> {
        let name = client.clone();
        self.write(caller, "look", move |work| {
            let id = work.client(&name)?.facts.client;
            work.append(Some(&id), Body::Looked { at: at.to_owned() }, None)?;
            Ok(())
        })
        .await
    }

    /// The same for what stays open and is drawn again: one record in ten minutes.
    pub(crate) async fn keep_looking(
        &self,
        caller: &Caller,
        client: &ClientId,
        at: &'static str,
    ) -> Result<(), AppError> {
        let (looks, now) = (&self.inner.looks, self.now());
        if !looks.lasts(caller, (client, at), now) {
            self.look(caller, client, at).await?;
            looks.remember(caller, (client, at), now);
        }
        Ok(())
    }

    /// Returns a client's page. The look is recorded.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::OtherTeam`].
    pub async fn client_page(
        &self,
        caller: &Caller,
        client: &ClientId,
    ) -> Result<ClientPage, AppError> {
        caller.may(Right::ReadPeople)?;
        self.keep_looking(caller, client, "client").await?;
        let name = client.clone();
        self.read(caller, move |work| {
            let client = work.client(&name)?;
            page(work, &client)
        })
        .await
    }
}

fn page(work: &mut Work<'_, '_>, client: &Client) -> Result<ClientPage, AppError> {
    let facts = &client.facts;
    let personal = work.books.personal(&facts.client)?.map(|personal| PersonalView {
        name: personal.name,
        addresses: personal.addresses,
        aliases: personal.aliases,
        attributes: personal.attributes,
    });
    let (stated, inferred) = needs(work, client)?;
    let newest = PageAsk { cursor: None, limit: Some(30) };
    let timeline = timeline(work, &facts.client, &newest)?;
    Ok(ClientPage {
        client: view_of(work, client)?,
        personal,
        consents: consents(work.now, client),
        refusals: facts.refusals.clone(),
        stated,
        inferred,
        busy: facts.busy.clone(),
        household: household(work, client)?,
        landings: landings(work, client),
        given: untold(work, client)?,
        ended: ended(work, &timeline.items)?,
        reservations: facts.reservations.clone(),
        released: facts.released.clone(),
        exit: client.desk.exit.as_ref().map(|exit| exit_view(facts, exit)),
        check_ins: client
            .desk
            .check_ins
            .iter()
            .rev()
            .map(|it| CheckInRow { at: it.at, items: it.items.clone() })
            .collect(),
        alert: alert_of(work, client)?,
        timeline,
    })
}

/// Consents that hold.
fn consents(now: Timestamp, client: &Client) -> Vec<ConsentView> {
    let known = &client.desk.known_by;
    let held = client.facts.consents.iter().filter(|consent| holds(consent, now));
    held.map(|consent| ConsentView {
        source: known.iter().rfind(|it| it.consent == *consent).map(|it| it.source),
        consent: consent.clone(),
    })
    .collect()
}

/// Needs, stated and inferred; the words lie beside the entries they were said in.
fn needs(
    work: &mut Work<'_, '_>,
    client: &Client,
) -> Result<(Vec<NeedView>, Vec<NeedView>), AppError> {
    let (mut stated, mut inferred) = (Vec::new(), Vec::new());
    for need in client.desk.needs.iter().rev() {
        let words = text_at(work, &client.facts.client, need.seq)?;
        let view = NeedView {
            topic: need.topic.clone(),
            at: need.at,
            words,
            from: need.from.clone(),
            confirmed: need.confirmed,
        };
        if need.stated { stated.push(view) } else { inferred.push(view) }
    }
    Ok((stated, inferred))
}

/// The text beside one entry of a client.
pub(crate) fn text_at(
    work: &mut Work<'_, '_>,
    client: &ClientId,
    seq: u64,
) -> Result<Option<String>, AppError> {
    let found = work.books.timeline(client, Some(seq + 1), 1)?;
    Ok(found
        .into_iter()
        .find(|opened| opened.entry.seq == seq)
        .and_then(|opened| opened.personal)
        .and_then(|personal| personal.text))
}

fn household(work: &mut Work<'_, '_>, client: &Client) -> Result<Vec<ClientView>, AppError> {
    let Some(household) = &client.facts.household else {
        return Ok(Vec::new());
    };
    let mut views = Vec::new();
    for id in work.books.members(household)? {
        if id == client.facts.client || views.len() == HOUSEHOLD_SHOWN {
            continue;
        }
        // Somebody of the household may be another team's: they are not shown.
        match work.client(&id) {
            Ok(member) => views.push(view_of(work, &member)?),
            Err(error) if error.status() < 500 => {}
            Err(error) => return Err(error),
        }
    }
    Ok(views)
}

fn landings(work: &mut Work<'_, '_>, client: &Client) -> Vec<LandingView> {
    let policy = work.policy().ok();
    let view = |landing: &yorisoi_ledger::RecentLanding| {
        let action = policy.as_ref().and_then(|policy| policy.action(&landing.action));
        let plain = Words { en: landing.action.to_string(), ja: landing.action.to_string() };
        LandingView {
            at: landing.at,
            decision: landing.decision.clone(),
            action: landing.action.clone(),
            name: action.map_or(plain, |action| action.name.clone()),
            intention: action.map_or_else(Words::default, |action| action.intention.clone()),
            landing: landing.landing,
        }
    };
    client.desk.landings.iter().rev().map(view).collect()
}

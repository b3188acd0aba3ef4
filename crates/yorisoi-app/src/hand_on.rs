//! おすそわけ: what one does not want, whom would it help most?

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use yorisoi_decision::{
    ActionId, ClientFacts, ClientId, Code, DecisionId, Reservation, Score, Verdict, Words, decide,
};
use yorisoi_ledger::{
    Body, Client, ClientQuery, DecidedState, HandOn, HandOnState, Keeps, Order, ReservationEnd,
    Whose,
};

use crate::decide_and_commit::{DecisionAsk, append, keeps, reservation};
use crate::end_reservation::end_reservation;
use crate::record_contact::decided;
use crate::shown_name::shown_name;
use crate::situation::{situation_of, stop_of};
use crate::work::Work;
use crate::{App, AppError, Caller, Page, PageAsk, Right};

/// Help that its receiver releases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseInput {
    /// Who releases it.
    pub client: ClientId,
    /// What.
    pub action: ActionId,
    /// For which decision it was reserved or given; `null`: the one that keeps it for them now, if there is one.
    #[serde(default)]
    pub decision: Option<DecisionId>,
    /// The instant at which it loses its worth; `null`: the action's own.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// Help that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HandOnView {
    /// Its name.
    pub hand_on: String,
    /// What.
    pub action: ActionId,
    /// The action's name.
    pub name: Words,
    /// `released`, `offered`, `accepted`, `expired`.
    pub state: String,
    /// Who released it.
    pub from: ClientId,
    /// Their name, for those who may know.
    pub from_name: Option<String>,
    /// When.
    pub released_at: Timestamp,
    /// The instant at which it loses its worth.
    pub expires_at: Option<Timestamp>,
    /// To whom it is offered, or who took it.
    pub to: Option<ClientId>,
    /// Their name, for those who may know.
    pub to_name: Option<String>,
    /// The decision that offers it.
    pub decision: Option<DecisionId>,
    /// Those who declined it.
    pub declined: Vec<ClientId>,
}

/// Somebody whom it may help.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MatchView {
    /// Who.
    pub client: ClientId,
    /// Their name, for those who may know.
    pub name: Option<String>,
    /// What it is worth for them, in minor units.
    pub worth_minor: f64,
    /// The effect and its interval.
    pub benefit: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl App {
    /// The client releases help that was meant for them. They get no further contact on it.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`] client, action or decision; [`AppError::Invalid`] if its date is past.
    pub async fn release_help(
        &self,
        caller: &Caller,
        input: ReleaseInput,
    ) -> Result<HandOnView, AppError> {
        caller.may(Right::Record)?;
        self.write(caller, "hand_on_released", move |work| {
            let facts = work.client(&input.client)?.facts;
            let action = work.action(&input.action)?;
            let client = facts.client.clone();
            let decision = match &input.decision {
                Some(id) => {
                    let decided = decided(work, id)?.decision;
                    if decided.client != client || decided.choice.action != action.id {
                        let reason = "it was made for another client or another action";
                        return Err(AppError::invalid("decision", reason));
                    }
                    input.decision
                }
                None => kept_for(work, &facts, &action.id)?,
            };
            let expires_at = input.expires_at.or(action.expires_at);
            if expires_at.is_some_and(|end| end <= work.now) {
                return Err(AppError::invalid(
                    "expires_at",
                    "its date is past; nobody can be given it",
                ));
            }
            let hand_on = work.app.inner.ids.name("h", work.now);
            let body = Body::HandOnReleased {
                hand_on: hand_on.clone(),
                action: action.id,
                decision,
                expires_at,
            };
            work.append(Some(&client), body, None)?;
            view(work, &hand_on)
        })
        .await
    }

    /// Whom it would help most, among clients who may have it before its date, best first.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`]; [`AppError::HandOn`] if it is no longer free.
    pub async fn hand_on_matches(
        &self,
        caller: &Caller,
        hand_on: &str,
        limit: usize,
    ) -> Result<Vec<MatchView>, AppError> {
        caller.may(Right::SeeWork)?;
        let hand_on = hand_on.to_owned();
        self.read(caller, move |work| {
            let known = open(work, &hand_on)?;
            matches(work, &known, limit.clamp(1, 50))
        })
        .await
    }

    /// Offers it to a client: by a decision of its own, with every gate.
    ///
    /// # Errors
    ///
    /// [`AppError::Stopped`] by a gate; [`AppError::HandOn`] if it is no longer free.
    pub async fn offer_hand_on(
        &self,
        caller: &Caller,
        hand_on: &str,
        client: &ClientId,
    ) -> Result<HandOnView, AppError> {
        caller.may(Right::Record)?;
        let (hand_on, client) = (hand_on.to_owned(), client.clone());
        self.write(caller, "hand_on_offered", move |work| {
            let known = open(work, &hand_on)?;
            if known.state != HandOnState::Released {
                return Err(wrong_state(&known, "wait for the answer, or record it"));
            }
            offer(work, &known, &client)?;
            view(work, &hand_on)
        })
        .await
    }

    /// The client takes it.
    ///
    /// # Errors
    ///
    /// [`AppError::HandOn`] if it is not offered to them, or its date is past.
    pub async fn accept_hand_on(
        &self,
        caller: &Caller,
        hand_on: &str,
        client: &ClientId,
    ) -> Result<HandOnView, AppError> {
        caller.may(Right::Record)?;
        let (hand_on, client) = (hand_on.to_owned(), client.clone());
        self.write(caller, "hand_on_accepted", move |work| {
            let (known, action, offer) = offered_to(work, &hand_on, &client)?;
            let id = known.to.clone();
            end_offer(work, &offer, ReservationEnd::CarriedOut)?;
            let body = Body::HandOnAccepted { hand_on: hand_on.clone(), action };
            work.append(id.as_ref(), body, None)?;
            view(work, &hand_on)
        })
        .await
    }

    /// The client does not want it; it is free for somebody else.
    ///
    /// # Errors
    ///
    /// [`AppError::HandOn`] if it is not offered to them.
    pub async fn decline_hand_on(
        &self,
        caller: &Caller,
        hand_on: &str,
        client: &ClientId,
    ) -> Result<HandOnView, AppError> {
        caller.may(Right::Record)?;
        let (hand_on, client) = (hand_on.to_owned(), client.clone());
        self.write(caller, "hand_on_declined", move |work| {
            let (known, action, offer) = offered_to(work, &hand_on, &client)?;
            let id = known.to.clone();
            end_offer(work, &offer, ReservationEnd::GivenBack)?;
            let body = Body::HandOnDeclined { hand_on: hand_on.clone(), action };
            work.append(id.as_ref(), body, None)?;
            view(work, &hand_on)
        })
        .await
    }

    /// Returns one.
    ///
    /// # Errors
    ///
    /// [`AppError::Unknown`].
    pub async fn hand_on(&self, caller: &Caller, hand_on: &str) -> Result<HandOnView, AppError> {
        caller.may(Right::Record)?;
        let hand_on = hand_on.to_owned();
        self.read(caller, move |work| view(work, &hand_on)).await
    }

    /// Help that is on its way, the next to expire first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn hand_ons(
        &self,
        caller: &Caller,
        page: PageAsk,
    ) -> Result<Page<HandOnView>, AppError> {
        caller.may(Right::SeeWork)?;
        self.read(caller, move |work| {
            let skip = match &page.cursor {
                Some(cursor) => cursor.parse::<usize>().map_err(|_| {
                    AppError::invalid(
                        "cursor",
                        "it is none of ours; give `next` of the page before",
                    )
                })?,
                None => 0,
            };
            let size = page.size();
            let open = work.books.open_hand_ons(skip + size + 1)?;
            let next = (open.len() > skip + size).then(|| (skip + size).to_string());
            let mut items = Vec::new();
            for known in open.into_iter().skip(skip).take(size) {
                items.push(view_of(work, &known)?);
            }
            Ok(Page { items, next })
        })
        .await
    }
}

/// The decision that keeps a unit for a client: whoever releases what is kept for them releases that unit, and not
/// one more of the stock.
fn kept_for(
    work: &mut Work<'_, '_>,
    facts: &ClientFacts,
    action: &ActionId,
) -> Result<Option<DecisionId>, AppError> {
    let is_kept = |it: &&Reservation| it.action == *action && it.expires_at > work.now;
    let Some(kept) = facts.reservations.iter().find(is_kept) else { return Ok(None) };
    // What a record kept before it was merged into this one stays with its own decision.
    let decided = decided(work, &kept.decision)?.decision;
    Ok((decided.client == facts.client).then(|| kept.decision.clone()))
}

/// Clients that are asked about at most when somebody is looked for.
const ASKED_MAX: usize = 1_000;

/// A hand-on that is still looking for somebody.
fn open(work: &mut Work<'_, '_>, hand_on: &str) -> Result<HandOn, AppError> {
    let known =
        work.books.hand_on(hand_on)?.ok_or_else(|| AppError::unknown("hand-on", hand_on))?;
    if !known.state.is_open() {
        return Err(wrong_state(&known, "nothing more can be done with it"));
    }
    if known.expires_at.is_some_and(|end| end <= work.now) {
        return Err(AppError::HandOn {
            hand_on: hand_on.to_owned(),
            state: "expired".to_owned(),
            remedy: "its date is past; nobody can be given it",
        });
    }
    Ok(known)
}

/// A hand-on that is offered to just this client, with its action and the decision that offers it.
fn offered_to(
    work: &mut Work<'_, '_>,
    hand_on: &str,
    client: &ClientId,
) -> Result<(HandOn, ActionId, DecisionId), AppError> {
    let known = open(work, hand_on)?;
    let id = work.client(client)?.facts.client;
    match (&known.action, &known.offer) {
        (Some(action), Some(offer)) if known.to.as_ref() == Some(&id) => {
            let (action, offer) = (action.clone(), offer.clone());
            Ok((known, action, offer))
        }
        _ => Err(wrong_state(&known, "offer it to this client first")),
    }
}

fn wrong_state(known: &HandOn, remedy: &'static str) -> AppError {
    let state = state_name(known.state).to_owned();
    AppError::HandOn { hand_on: known.hand_on.clone(), state, remedy }
}

fn state_name(state: HandOnState) -> &'static str {
    match state {
        HandOnState::Released => "released",
        HandOnState::Offered => "offered",
        HandOnState::Accepted => "accepted",
        HandOnState::Expired => "expired",
    }
}

/// What a decision about just this unit says: the unit that is handed on is there for it, however short
/// supply is otherwise.
fn ask_about(
    work: &mut Work<'_, '_>,
    known: &HandOn,
    client: &ClientId,
) -> Result<Option<Asked>, AppError> {
    let Some(action) = known.action.clone() else {
        return Ok(None);
    };
    let policy = work.policy()?;
    let ask = DecisionAsk::only(client.clone(), action.clone());
    let id = DecisionId::new(work.app.inner.ids.name("d", work.now))?;
    let mut situation = situation_of(work, &ask, id)?;
    // What this unit took, of supply and of money, is taken for it already.
    let cost = policy.action(&action).map_or(0, |action| action.cost_minor);
    let (units, money) = if is_given_already(work, known)? {
        (1, cost)
    } else {
        (known.keeps.units, known.keeps.cost_minor)
    };
    if let Some(used) = situation.capacity.used.get_mut(&action) {
        *used = used.saturating_sub(units);
    }
    let spent = &mut situation.capacity.spent_minor;
    *spent = spent.saturating_sub(money);
    let decision = decide(&policy, &situation, &work.app.inner.key);
    Ok(Some(Asked { action, ask, situation, decision }))
}

/// Whether the first already had it in their hands: then the unit is spent, and goes on as it is.
fn is_given_already(work: &mut Work<'_, '_>, known: &HandOn) -> Result<bool, AppError> {
    match &known.decision {
        Some(decision) => Ok(decided(work, decision)?.state == DecidedState::CarriedOut),
        None => Ok(false),
    }
}

/// A question about one unit, with its answer.
struct Asked {
    action: ActionId,
    ask: DecisionAsk,
    situation: yorisoi_decision::Situation,
    decision: yorisoi_decision::Decision,
}

impl Asked {
    /// What it is worth for them; `None` if a gate stopped it.
    fn score(&self) -> Option<Score> {
        let is_it = |candidate: &&yorisoi_decision::Candidate| candidate.action == self.action;
        match &self.decision.candidates.iter().find(is_it)?.verdict {
            Verdict::Scored(score) => Some(*score),
            Verdict::Stopped(_) => None,
        }
    }
}

/// Whom it would help most.
fn matches(
    work: &mut Work<'_, '_>,
    known: &HandOn,
    limit: usize,
) -> Result<Vec<MatchView>, AppError> {
    let whose = match &work.caller.team {
        Some(team) => Whose::Team(team.clone()),
        None => Whose::Everybody,
    };
    let query = ClientQuery { whose, order: Order::Worth, after: None, limit: ASKED_MAX };
    let mut found = Vec::new();
    for client in work.books.clients(&query)? {
        if !may_be_asked(known, &client) {
            continue;
        }
        let Some(asked) = ask_about(work, known, &client.facts.client)? else {
            continue;
        };
        if let Some(score) = asked.score().filter(|score| score.total_minor > 0.0) {
            found.push((client.facts.client, score));
        }
    }
    found.sort_by(|a, b| b.1.total_minor.total_cmp(&a.1.total_minor).then_with(|| a.0.cmp(&b.0)));
    found.truncate(limit);
    let mut views = Vec::with_capacity(found.len());
    for (client, score) in found {
        let name = shown_name(work, &client)?;
        views.push(MatchView {
            client,
            name,
            worth_minor: score.total_minor,
            benefit: score.effect.benefit,
            low: score.effect.low,
            high: score.effect.high,
        });
    }
    Ok(views)
}

/// Not the one who released it, nor who declined it.
fn may_be_asked(known: &HandOn, client: &Client) -> bool {
    let id = &client.facts.client;
    known.from.as_ref() != Some(id) && !known.declined.contains(id)
}

/// Offers a unit to a client: a decision of its own, through every gate.
fn offer(work: &mut Work<'_, '_>, known: &HandOn, client: &ClientId) -> Result<(), AppError> {
    let client = work.client(client)?;
    let id = client.facts.client.clone();
    let policy = work.policy()?;
    let Some(asked) = ask_about(work, known, &id)? else {
        return Err(wrong_state(known, "its action is not known any more"));
    };
    if !may_be_asked(known, &client) {
        return Err(AppError::Stopped { action: asked.action, code: Code::Released });
    }
    if asked.decision.choice.action != asked.action {
        let held = asked.decision.hold.as_ref().map_or(Code::NothingBetter, |hold| hold.code);
        let code = stop_of(&asked.decision, &asked.action).map_or(held, |stop| stop.code);
        return Err(AppError::Stopped { action: asked.action, code });
    }
    let mut keeps = keeps(&policy, &asked.decision.choice);
    if is_given_already(work, known)? {
        // The unit was paid for when the first received it; now it only changes hands.
        keeps = Keeps { minutes: keeps.minutes, ..Keeps::default() };
    }
    let kept = (reservation(&policy, &asked.decision), keeps);
    append(work, (&asked.decision, &asked.situation), kept, &asked.ask)?;
    let body = Body::HandOnOffered {
        hand_on: known.hand_on.clone(),
        action: asked.action,
        decision: asked.decision.id,
    };
    work.append(Some(&id), body, None)?;
    Ok(())
}

/// Ends the decision that offers a unit, unless its time has run out before.
pub(crate) fn end_offer(
    work: &mut Work<'_, '_>,
    offer: &DecisionId,
    why: ReservationEnd,
) -> Result<(), AppError> {
    if decided(work, offer)?.state == DecidedState::Reserved {
        end_reservation(work, offer, why)?;
    }
    Ok(())
}

fn view(work: &mut Work<'_, '_>, hand_on: &str) -> Result<HandOnView, AppError> {
    let known =
        work.books.hand_on(hand_on)?.ok_or_else(|| AppError::unknown("hand-on", hand_on))?;
    view_of(work, &known)
}

/// What is shown of a hand-on: whom it concerns, and nothing of what either ever said.
fn view_of(work: &mut Work<'_, '_>, known: &HandOn) -> Result<HandOnView, AppError> {
    let missing = || AppError::Internal { what: "a hand-on without action".to_owned() };
    let action = known.action.clone().ok_or_else(missing)?;
    let policy = work.policy()?;
    let plain = Words { en: action.to_string(), ja: action.to_string() };
    let from = known.from.clone().ok_or_else(missing)?;
    let from_name = shown_name(work, &from)?;
    let to_name = match &known.to {
        Some(to) => shown_name(work, to)?,
        None => None,
    };
    Ok(HandOnView {
        hand_on: known.hand_on.clone(),
        name: policy.action(&action).map_or(plain, |action| action.name.clone()),
        action,
        state: state_name(known.state).to_owned(),
        from,
        from_name,
        released_at: known.released_at,
        expires_at: known.expires_at,
        to: known.to.clone(),
        to_name,
        decision: known.offer.clone(),
        declined: known.declined.clone(),
    })
}

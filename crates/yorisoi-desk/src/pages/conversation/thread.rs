//! Where does a conversation stand, who began it, and may we begin it at all?

use serde::Deserialize;
use yorisoi_app::{ClientPage, DecisionAsk, PolicyView};
use yorisoi_decision::{
    ActionId, ActionKind, ActionSpec, ClientId, Code, ConsentKind, Decision, DecisionId, ExitState,
    Gate, Initiative, Stop, Topic, Verdict,
};

use crate::Desk;
use crate::answer::{Failure, For};
use crate::context::Context;
use crate::form::Posted;
use crate::pages::client_of;
use crate::parts::{Names, client_path};

/// Where the conversation stands, carried from step to step.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Thread {
    /// The action it began with.
    action: Option<String>,
    /// What it is about.
    topic: Option<String>,
    /// When it began, in seconds.
    since: Option<i64>,
    /// `client` if they contacted us; whatever is not said is taken for our own call.
    began: Option<String>,
    /// Whether the client has said that they want to hear.
    answered: Option<String>,
    /// The decision that was carried out.
    decision: Option<String>,
}

impl Thread {
    /// As a form carries it.
    pub(super) fn of(posted: &Posted) -> Self {
        let some = |name: &str| posted.some(name).map(str::to_owned);
        Self {
            action: some("action"),
            topic: some("topic"),
            since: posted.text("since").parse().ok(),
            began: some("began"),
            answered: some("answered"),
            decision: some("decision"),
        }
    }
}

/// A conversation, with everything its page shows.
pub(super) struct Talk {
    pub(super) client: ClientId,
    pub(super) page: ClientPage,
    pub(super) policy: PolicyView,
    pub(super) names: Names,
    pub(super) topic: Option<Topic>,
    pub(super) since: i64,
    pub(super) action: Option<ActionId>,
    pub(super) began: Initiative,
    pub(super) answered: bool,
    pub(super) decision: Option<DecisionId>,
}

impl Talk {
    /// Reads the client and the policy for a conversation that stands there.
    pub(super) async fn read(
        desk: &Desk,
        cx: &Context,
        client: &str,
        thread: &Thread,
    ) -> Result<Self, Failure> {
        let client = client_of(cx, client)?;
        let policy = desk.app.live_policy(&cx.caller).await.before(cx)?;
        let begun_with = thread
            .action
            .as_deref()
            .and_then(|id| policy.policy.actions.iter().find(|action| action.id.as_str() == id));
        let asked: Option<Topic> = thread
            .topic
            .as_deref()
            .filter(|topic| !topic.is_empty())
            .and_then(|topic| topic.parse().ok());
        let is_theirs = thread.began.as_deref() == Some("client");
        Ok(Self {
            page: desk.app.client_page(&cx.caller, &client).await.before(cx)?,
            topic: asked.or_else(|| begun_with.and_then(|action| action.topic.clone())),
            since: thread.since.unwrap_or_else(|| cx.now.as_second()),
            action: begun_with.map(|action| action.id.clone()),
            began: if is_theirs { Initiative::Clients } else { Initiative::Ours },
            answered: thread.answered.is_some(),
            decision: thread.decision.as_deref().and_then(|id| id.parse().ok()),
            client,
            names: Names::of(Some(policy.policy.clone())),
            policy,
        })
    }

    pub(super) fn path(&self) -> String {
        client_path(&self.client)
    }

    /// What every step carries on, but for the topic.
    pub(super) fn carried(&self) -> Vec<(&'static str, String)> {
        let mut carried = vec![("since", self.since.to_string())];
        carried.extend(self.action.iter().map(|action| ("action", action.to_string())));
        if self.began == Initiative::Clients {
            carried.push(("began", "client".to_owned()));
        }
        if self.answered {
            carried.push(("answered", "yes".to_owned()));
        }
        carried
    }

    /// The address of this conversation with what it carries.
    pub(super) fn here(&self) -> String {
        let topic = self.topic.iter().map(|topic| ("topic", topic.to_string()));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.carried().into_iter().chain(topic));
        format!("{}/talk?{}", self.path(), query.finish())
    }

    pub(super) fn has_advice_consent(&self) -> bool {
        let covers = |of: &Option<Topic>| of.is_none() || self.topic.is_none() || *of == self.topic;
        self.page
            .consents
            .iter()
            .any(|it| it.consent.kind == ConsentKind::Advise && covers(&it.consent.topic))
    }

    fn is_refused(&self) -> bool {
        self.page.client.refused_everything
            || self.page.refusals.iter().any(|refusal| {
                refusal.topic.is_some() && refusal.topic == self.topic && refusal.channel.is_none()
            })
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_refused()
            || matches!(self.page.client.exit, ExitState::Decided | ExitState::Completed)
    }

    /// Whether it is our own call, and the client has not yet taken it up.
    pub(super) fn is_our_call(&self) -> bool {
        self.began == Initiative::Ours && !self.answered
    }

    /// A question about this client in this conversation.
    pub(super) fn ask(&self, only: Option<Vec<ActionId>>, dry: bool) -> DecisionAsk {
        // Whoever called us, or has said yes on the line, is no new contact.
        let initiative = if self.is_our_call() { Initiative::Ours } else { Initiative::Clients };
        DecisionAsk { initiative, only, dry, ..DecisionAsk::about(self.client.clone()) }
    }

    /// The acts with which we may begin: what was set out with, else to listen, else to ask whether we may.
    pub(super) fn openings(&self) -> Vec<&ActionSpec> {
        let actions = &self.policy.policy.actions;
        let set_out = actions.iter().filter(|it| Some(&it.id) == self.action.as_ref());
        let of = |kind| actions.iter().filter(move |it: &&ActionSpec| it.kind == kind);
        let mut all: Vec<&ActionSpec> = Vec::new();
        for action in set_out.chain(of(ActionKind::Listen)).chain(of(ActionKind::AskPermission)) {
            if action.reaches_client() && !all.iter().any(|known| known.id == action.id) {
                all.push(action);
            }
        }
        all
    }
}

/// How our own call may begin, or why it should not.
pub(super) enum Opening {
    /// Nothing has to be asked: they began, or it is under way.
    Free,
    /// With this act.
    With(ActionId),
    /// Not now.
    Stopped(Stop),
}

/// Asks the gates whether we may call now: caps, quiet hours, rest and refusals bind people as they bind
/// programs.
pub(super) async fn opening(desk: &Desk, cx: &Context, talk: &Talk) -> Result<Opening, Failure> {
    if !talk.is_our_call() || talk.decision.is_some() || talk.is_over() {
        return Ok(Opening::Free);
    }
    let only: Vec<ActionId> = talk.openings().iter().map(|action| action.id.clone()).collect();
    if only.is_empty() {
        return Ok(Opening::Free);
    }
    let answer = desk.app.decide_and_commit(&cx.caller, talk.ask(Some(only.clone()), true));
    let decision = answer.await.before(cx)?.decision;
    Ok(opening_of(&decision, &only))
}

/// The first act that may be done; else the reason of the one that came furthest.
fn opening_of(decision: &Decision, only: &[ActionId]) -> Opening {
    let stop_of = |action: &ActionId| {
        let found = decision.candidates.iter().find(|candidate| candidate.action == *action);
        match found.map(|candidate| &candidate.verdict) {
            // Capacity is the house's own to weigh, and who is held out is nobody's to know beforehand.
            Some(Verdict::Stopped(stop)) if stop.gate < Gate::Capacity => Some(*stop),
            Some(_) => None,
            None => {
                Some(Stop { gate: Gate::Identity, code: Code::ConsentUnavailable, until: None })
            }
        }
    };
    let mut furthest: Option<Stop> = None;
    for action in only {
        match stop_of(action) {
            None => return Opening::With(action.clone()),
            Some(stop) if furthest.is_none_or(|known| stop.gate > known.gate) => {
                furthest = Some(stop);
            }
            Some(_) => {}
        }
    }
    furthest.map_or(Opening::Free, Opening::Stopped)
}

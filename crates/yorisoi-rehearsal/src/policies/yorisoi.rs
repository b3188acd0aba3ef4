//! Decides by `decide`: effects and beliefs, consent, caps, one offer at most, and letting go well.
//!
//! A work list first: everybody is decided as if there were enough of everything, and those come first
//! whose help is worth most for the share of minutes and money it takes. Then each is decided again with
//! what is left.

use std::collections::BTreeMap;

use yorisoi_decision::{
    ActionFacts, ActionId, ActionKind, Attribute, Busy, CapacityFacts, ClientFacts, Consent,
    ConsentKind, Decision, DecisionKey, EffectSource, HouseholdFacts, Initiative, LocalTime,
    Record, Refusal, Situation, Verdict, decide,
};

use crate::client::SEEN;
use crate::desk::{Card, Desk};
use crate::world::PROMISING;

/// Acts of one client follow each other within a step only as new decisions.
pub(crate) const KEY: DecisionKey = DecisionKey::new([0x59; 32]);

pub(crate) fn act(desk: &mut Desk<'_>) {
    act_for(desk, |_| true);
}

/// Acts for the clients that are `is_mine`.
pub(crate) fn act_for(desk: &mut Desk<'_>, is_mine: impl Fn(usize) -> bool) {
    let Some(names) = Names::new(desk) else { return };
    let mut list: Vec<(f64, usize)> = Vec::new();
    for k in desk.here().filter(|&k| is_mine(k)) {
        let decision = decide(&desk.world.policy, &names.situation(desk, k), &KEY);
        if decision.choice.kind != ActionKind::Hold {
            list.push((priority(desk, &decision), k));
        }
    }
    list.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, k) in list {
        let decision = decide(&desk.world.policy, &names.situation(desk, k), &KEY);
        desk.perform(k, &decision.choice.action);
    }
}

/// Worth a unit of what runs out. Whoever asked to leave is owed an answer first.
fn priority(desk: &Desk<'_>, decision: &Decision) -> f64 {
    if decision.choice.kind == ActionKind::LetGo {
        return f64::INFINITY;
    }
    let chosen = decision.candidates.iter().find(|one| one.action == decision.choice.action);
    let total = match chosen.map(|one| &one.verdict) {
        Some(Verdict::Scored(score)) => score.total_minor,
        _ => 0.0,
    };
    let policy = desk.world.policy.policy();
    let Some(action) = desk.action(decision.choice.action.as_str()) else { return 0.0 };
    let part = |need: f64, all: Option<f64>| all.map_or(0.0, |all| need / all.max(1.0));
    let minutes = part(f64::from(action.agent_minutes), policy.minutes_per_day.map(|m| m as f64));
    let money = part(action.cost_minor as f64, policy.budget_minor.map(|b| b as f64));
    // What takes next to nothing comes first, by what it is worth.
    total / (minutes + money + 1e-3)
}

/// Names that are needed for every situation, made once.
pub(crate) struct Names {
    clients: Vec<yorisoi_decision::ClientId>,
    households: Vec<yorisoi_decision::HouseholdId>,
    topics: Vec<yorisoi_decision::Topic>,
    from: LocalTime,
    until: LocalTime,
}

impl Names {
    pub(crate) fn new(desk: &Desk<'_>) -> Option<Self> {
        let mut topics: Vec<_> =
            desk.world.policy.policy().actions.iter().filter_map(|a| a.topic.clone()).collect();
        topics.sort();
        topics.dedup();
        Some(Self {
            clients: (0..desk.clients.len())
                .map(|k| format!("c-{k}").parse())
                .collect::<Result<_, _>>()
                .ok()?,
            households: desk
                .clients
                .iter()
                .map(|client| format!("h-{}", client.household).parse())
                .collect::<Result<_, _>>()
                .ok()?,
            topics,
            from: LocalTime::new(13, 0, 0, 0).ok()?,
            until: LocalTime::new(16, 0, 0, 0).ok()?,
        })
    }

    /// Everything on record about a client.
    pub(crate) fn situation(&self, desk: &Desk<'_>, k: usize) -> Situation {
        let decision = format!("d-{}-{}-{k}", desk.step, desk.tally.contacts);
        Situation {
            decision: decision.parse().unwrap_or_else(|_| unreachable!("a short name is a name")),
            now: desk.world.at(desk.step),
            ledger_time: None,
            initiative: Initiative::Ours,
            record: Record::Client { facts: Box::new(self.facts(desk, k)) },
            household: HouseholdFacts {
                contacts: household_contacts(desk, k),
                reservations: Vec::new(),
            },
            capacity: CapacityFacts {
                used: desk.used.clone(),
                minutes_used: desk.minutes_used,
                spent_minor: desk.spent_minor,
                hard_conversations: None,
            },
            actions: ActionFacts {
                landings: desk.landings.clone(),
                learned: desk.learned.clone(),
                learned_hold: desk.learned_hold,
            },
            only: None,
        }
    }

    fn facts(&self, desk: &Desk<'_>, k: usize) -> ClientFacts {
        let card = &desk.cards[k];
        let effects = desk.lessons.effects.get(k).cloned().unwrap_or_default();
        let model = (!effects.is_empty()).then(|| EffectSource::Model { model: "past".to_owned() });
        ClientFacts {
            client: self.clients[k].clone(),
            household: Some(self.households[k].clone()),
            team: None,
            agent: None,
            erased: false,
            merged_into: None,
            zone: Some("Asia/Tokyo".to_owned()),
            value_minor: None,
            attributes: attributes(desk, k),
            consents: consents(desk, card),
            refusals: self.refusals(desk, card),
            contacts: card.contacts.clone(),
            reservations: Vec::new(),
            nuisance_at: card.nuisance_step.map(|step| desk.world.at(step)),
            attempts: if card.time_was_asked { BTreeMap::new() } else { card.attempts.clone() },
            busy: self.busy(desk, k),
            exit: card.exit,
            released: Vec::new(),
            dealt: BTreeMap::new(),
            effects,
            effect_source: model,
        }
    }

    fn refusals(&self, desk: &Desk<'_>, card: &Card) -> Vec<Refusal> {
        let refused_at = desk.world.start;
        if card.closed {
            return vec![Refusal { topic: None, channel: None, refused_at }];
        }
        let topics = self.topics.iter().filter(|_| card.refused);
        topics.map(|t| Refusal { topic: Some(t.clone()), channel: None, refused_at }).collect()
    }

    fn busy(&self, desk: &Desk<'_>, k: usize) -> Vec<Busy> {
        let is_known = desk.is_known_busy(k) && !desk.cards[k].time_was_asked;
        let days = 1..=if is_known { 7 } else { 0 };
        days.map(|weekday| Busy::Weekly { weekday, from: self.from, until: self.until }).collect()
    }
}

fn consents(desk: &Desk<'_>, card: &Card) -> Vec<Consent> {
    let consent = |kind| Consent {
        kind,
        topic: None,
        channel: None,
        granted_at: desk.world.start,
        expires_at: None,
    };
    let talk = card.talk.then(|| consent(ConsentKind::Talk));
    let advise = card.advise.then(|| consent(ConsentKind::Advise));
    talk.into_iter().chain(advise).collect()
}

/// What is seen, and what they have had.
fn attributes(desk: &Desk<'_>, k: usize) -> BTreeMap<String, Attribute> {
    let card = &desk.cards[k];
    let seen = SEEN.iter().zip(desk.clients[k].seen);
    let mut attributes: BTreeMap<String, Attribute> =
        seen.map(|(name, value)| ((*name).to_owned(), Attribute::Number(value))).collect();
    attributes.insert("age".to_owned(), Attribute::Number(40.0));
    attributes.insert(PROMISING.to_owned(), Attribute::Flag(is_promising(desk, k)));
    attributes.insert("missed".to_owned(), Attribute::Flag(card.missed));
    for action in &desk.world.policy.policy().actions {
        let given = Attribute::Flag(was_given(card, &action.id));
        attributes.insert(format!("{}_given", action.id), given);
    }
    attributes
}

/// Whether some help is estimated to be worth more than it costs, harm ruled out.
fn is_promising(desk: &Desk<'_>, k: usize) -> bool {
    let policy = desk.world.policy.policy();
    let values = &policy.values;
    let worth = (values.outcome_minor + values.replacement_minor) as f64;
    desk.lessons.effects.get(k).into_iter().flatten().any(|(id, effect)| {
        let cost = desk.action(id.as_str()).map_or(0, |action| action.cost_minor);
        effect.low >= -values.allowed_harm && worth * effect.benefit > cost as f64
    })
}

fn was_given(card: &Card, id: &ActionId) -> bool {
    card.given.contains(id)
}

fn household_contacts(desk: &Desk<'_>, k: usize) -> Vec<yorisoi_decision::Contact> {
    let household = desk.clients[k].household;
    let near = k.saturating_sub(3)..(k + 3).min(desk.clients.len());
    let members = near.filter(|&other| desk.clients[other].household == household);
    members.flat_map(|other| desk.cards[other].contacts.iter().cloned()).collect()
}

//! What does the desk know, and what happens when it acts?
//!
//! Policies see the desk's records; the truth behind them moves only in [`Desk::perform`] and at the end
//! of a period. Money, minutes and supply run out for every policy alike.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use yorisoi_decision::{
    ActionClass, ActionId, ActionKind, ActionSpec, Attempts, Contact, ExitState, LandingCounts,
    Learned,
};

use crate::client::Client;
use crate::draws::{Chance, For};
use crate::landing::{self, CLOSED_LOSS, Circumstances, Landing};
use crate::lessons::Lessons;
use crate::world::World;

/// The record of one client.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "facts that are independent of each other")]
pub(crate) struct Card {
    pub is_here: bool,
    pub exit: ExitState,
    pub talk: bool,
    pub advise: bool,
    /// They said no to being advised.
    pub refused: bool,
    /// They want nothing more from us.
    pub closed: bool,
    pub contacts: Vec<Contact>,
    pub nuisance_step: Option<u32>,
    pub attempts: BTreeMap<ActionId, Attempts>,
    /// What they received this period.
    pub given: BTreeSet<ActionId>,
    /// Something came while they were away, and lies there.
    pub missed: bool,
    pub time_was_asked: bool,
    /// Money and minutes spent on them, in minor units; letting go costs nothing here, as it is owed.
    pub spent_minor: f64,
    /// Acts and waits that were a nuisance to them.
    pub nuisances: u32,
    /// Steps since they asked to leave in which it was not processed.
    pub stalled_steps: u32,
    shift: f64,
    first_act: Option<ActionId>,
}

/// What a run adds up to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Tally {
    pub kept: f64,
    /// Value of the clients who stayed, period by period, less what help cost in money and minutes.
    pub value_minor: f64,
    pub contacts: f64,
    pub minutes: f64,
    pub nuisances: f64,
    pub closed_hearts: f64,
    pub good_endings: f64,
    /// Contacts with somebody for whom the act does harm.
    pub to_sleeping_dogs: f64,
}

/// A desk in the middle of a run.
pub(crate) struct Desk<'a> {
    pub world: &'a World,
    pub clients: &'a [Client],
    pub lessons: &'a Lessons,
    pub chance: Chance,
    pub cards: Vec<Card>,
    pub step: u32,
    pub minutes_used: u64,
    pub spent_minor: i64,
    pub used: BTreeMap<ActionId, u64>,
    pub landings: BTreeMap<ActionId, LandingCounts>,
    pub learned: BTreeMap<ActionId, Learned>,
    pub learned_hold: Learned,
    pub tally: Tally,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(
        world: &'a World,
        clients: &'a [Client],
        lessons: &'a Lessons,
        chance: Chance,
    ) -> Self {
        let card = |client: &Client| Card {
            is_here: true,
            exit: ExitState::None,
            talk: client.had_talk,
            advise: client.had_advise,
            refused: false,
            closed: false,
            contacts: Vec::new(),
            nuisance_step: None,
            attempts: BTreeMap::new(),
            given: BTreeSet::new(),
            missed: false,
            time_was_asked: false,
            spent_minor: 0.0,
            nuisances: 0,
            stalled_steps: 0,
            shift: 0.0,
            first_act: None,
        };
        Self {
            world,
            clients,
            lessons,
            chance,
            cards: clients.iter().map(card).collect(),
            step: 0,
            minutes_used: 0,
            spent_minor: 0,
            used: BTreeMap::new(),
            landings: lessons.landings.clone(),
            learned: lessons.learned.clone(),
            learned_hold: lessons.learned_hold,
            tally: Tally::default(),
        }
    }

    /// Begins a step: minutes are there again, and some clients ask to leave.
    pub(crate) fn begin_step(&mut self, step: u32) {
        self.step = step;
        self.minutes_used = 0;
        for (card, client) in self.cards.iter_mut().zip(self.clients) {
            if !card.is_here {
                continue;
            }
            if client.asks_to_leave_at == Some(step) {
                card.exit = ExitState::Requested;
            }
            if matches!(card.exit, ExitState::Requested | ExitState::Offered) {
                card.stalled_steps += 1;
            }
        }
    }

    /// The catalogue's entry.
    pub(crate) fn action(&self, id: &str) -> Option<&'a ActionSpec> {
        self.world.policy.policy().actions.iter().find(|action| action.id.as_str() == id)
    }

    /// Clients who are still here.
    pub(crate) fn here(&self) -> impl Iterator<Item = usize> {
        (0..self.cards.len()).filter(|&k| self.cards[k].is_here)
    }

    /// Whether a client has asked to leave and was not let go.
    pub(crate) fn is_leaving(&self, k: usize) -> bool {
        matches!(self.cards[k].exit, ExitState::Requested | ExitState::Offered)
    }

    /// Whether the record says that they are busy at this hour.
    pub(crate) fn is_known_busy(&self, k: usize) -> bool {
        self.clients[k].is_busy_hour && self.clients[k].busy_is_known
    }

    /// Whether an act can be done at all: there are means for it, it has an object, and nobody who wants
    /// nothing more is asked. What a policy promises beyond that is its own affair.
    pub(crate) fn can(&self, k: usize, action: &ActionSpec) -> bool {
        let (card, policy) = (&self.cards[k], self.world.policy.policy());
        let minutes = self.minutes_used + u64::from(action.agent_minutes);
        let enough_time = policy.minutes_per_day.is_none_or(|most| minutes <= most);
        let cost = self.spent_minor + action.cost_minor;
        let enough_money = policy.budget_minor.is_none_or(|most| cost <= most);
        let used = self.used.get(&action.id).copied().unwrap_or(0);
        let is_left = action.supply.is_none_or(|supply| used < supply);
        let keeps = action.expires_at.is_none_or(|end| self.world.at(self.step) < end);
        let has_object = match action.kind {
            ActionKind::LetGo => self.is_leaving(k),
            ActionKind::AskPermission => !(card.advise || card.refused),
            ActionKind::AskTime | ActionKind::HandOn => card.missed,
            _ => true,
        };
        let is_wanted = action.kind == ActionKind::LetGo || !card.closed;
        card.is_here && enough_time && enough_money && is_left && keeps && has_object && is_wanted
    }

    /// Does an act, if it can be done; returns whether it was.
    pub(crate) fn perform(&mut self, k: usize, id: &ActionId) -> bool {
        let Some(action) = self.action(id.as_str()) else { return false };
        if action.kind == ActionKind::Hold || !self.can(k, action) {
            return false;
        }
        self.minutes_used += u64::from(action.agent_minutes);
        self.tally.minutes += f64::from(action.agent_minutes);
        self.spent_minor += action.cost_minor;
        let wage = self.world.policy.policy().prices.minute_minor;
        let minutes_minor = wage * f64::from(action.agent_minutes);
        self.tally.value_minor -= action.cost_minor as f64 + minutes_minor;
        if action.kind != ActionKind::LetGo {
            self.cards[k].spent_minor += action.cost_minor as f64 + minutes_minor;
        }
        *self.used.entry(id.clone()).or_default() += 1;
        if action.kind == ActionKind::LetGo {
            self.cards[k].is_here = false;
            self.cards[k].exit = ExitState::Completed;
            self.tally.good_endings += 1.0;
        } else {
            self.reach_out(k, action);
        }
        true
    }

    fn reach_out(&mut self, k: usize, action: &ActionSpec) {
        let Some(act) = self.world.act(action.id.as_str()) else { return };
        let client = &self.clients[k];
        let how = self.circumstances(k, action);
        let landing = landing::land((k, client), act, &how, self.chance);
        let harms = act.on(&client.traits) < 0.0;
        self.tally.to_sleeping_dogs += f64::from(u8::from(harms));
        self.tally.contacts += 1.0;
        self.tally.nuisances += f64::from(u8::from(landing.nuisance));
        self.cards[k].nuisances += u32::from(landing.nuisance);
        self.tally.closed_hearts += f64::from(u8::from(landing.closed));
        let counts = self.landings.entry(action.id.clone()).or_default();
        counts.told += 1;
        counts.nuisance += u64::from(landing.nuisance);
        self.write_down(k, action, &landing);
        self.follow(k, action, &landing);
    }

    fn circumstances(&self, k: usize, action: &ActionSpec) -> Circumstances {
        let card = &self.cards[k];
        let now = self.world.at(self.step);
        let four_weeks_ago = now - SignedDuration::from_hours(672);
        Circumstances {
            index: u64::from(self.step) * 10 + 1,
            is_uninvited: action.needs_advice_consent() && !card.advise,
            recent_contacts: card.contacts.iter().filter(|c| c.at > four_weeks_ago).count(),
            is_leaving: self.is_leaving(k),
            needs_presence: action.needs_presence,
            time_was_asked: card.time_was_asked,
        }
    }

    /// What the record shows afterwards.
    fn write_down(&mut self, k: usize, action: &ActionSpec, landing: &Landing) {
        let at = self.world.at(self.step);
        let step = self.step;
        let card = &mut self.cards[k];
        if let Some(channel) = action.channel.clone() {
            let class = ActionClass::Care;
            card.contacts.push(Contact { at, channel, class, decision: None });
        }
        if landing.nuisance {
            card.nuisance_step = Some(step);
        }
        card.closed |= landing.closed;
        if landing.received {
            card.attempts.remove(&action.id);
        } else {
            card.attempts.entry(action.id.clone()).or_default().failed += 1;
            // What does not keep lies at the door.
            card.missed |= action.expires_at.is_some();
        }
    }

    /// What follows from it for the client.
    fn follow(&mut self, k: usize, action: &ActionSpec, landing: &Landing) {
        let client = &self.clients[k];
        let is_first_time = self.cards[k].given.insert(action.id.clone()) || !landing.received;
        let card = &mut self.cards[k];
        if !landing.received {
            card.given.remove(&action.id);
        }
        // The same again changes nothing more; a nuisance is one every time.
        card.shift += if is_first_time { landing.shift } else { landing.shift.min(0.0) };
        match action.kind {
            ActionKind::AskPermission if client.is_willing && card.talk => card.advise = true,
            ActionKind::AskPermission => card.refused = true,
            ActionKind::AskTime => card.time_was_asked = true,
            ActionKind::HandOn => card.missed = false,
            ActionKind::Offer | ActionKind::Advise | ActionKind::Listen => {
                card.first_act.get_or_insert_with(|| action.id.clone());
                if landing.received {
                    card.missed = false;
                }
            }
            _ => {}
        }
        if action.kind == ActionKind::HandOn {
            self.delight_a_neighbour(k);
        }
        if action.needs_advice_consent() && self.is_leaving(k) {
            self.answer_to_an_offer(k, landing);
        }
    }

    /// What somebody cannot use delights the neighbour who likes it most.
    fn delight_a_neighbour(&mut self, giver: usize) {
        let clients = self.clients;
        let near = |k: &usize| {
            *k != giver
                && self.cards[*k].is_here
                && clients[*k].household == clients[giver].household
        };
        let likes = |k: usize| clients[k].traits.need - clients[k].traits.reserve;
        let best =
            (0..clients.len()).filter(near).reduce(|a, b| if likes(b) > likes(a) { b } else { a });
        if let Some(k) = best.filter(|&k| !clients[k].traits.decided) {
            self.cards[k].shift += (0.15 * likes(k)).max(0.0);
        }
    }

    /// Somebody who asked to leave has heard an offer: they stay, or have heard it.
    fn answer_to_an_offer(&mut self, k: usize, landing: &Landing) {
        let decided = self.clients[k].traits.decided;
        let p = if decided || landing.nuisance { 0.0 } else { 3.0 * landing.shift };
        let accepts = self.chance.happens(p, For::Accepting, k, u64::from(self.step));
        self.cards[k].exit = if accepts { ExitState::None } else { ExitState::Offered };
    }

    /// Ends a period: clients stay or leave, and outcomes become known.
    pub(crate) fn end_period(&mut self, period: u32) {
        for k in 0..self.cards.len() {
            if !self.cards[k].is_here {
                continue;
            }
            let (card, client) = (&self.cards[k], &self.clients[k]);
            let mut staying = self.world.base(&client.traits) + card.shift;
            let mut waited = 0;
            if card.closed {
                staying -= CLOSED_LOSS;
            }
            if self.is_leaving(k) {
                // They wanted to go and were kept waiting.
                self.tally.nuisances += 1.0;
                waited = 1;
                staying -= 0.1;
            }
            let spoiled =
                card.missed && self.chance.happens(0.5, For::Knocking, k, u64::from(period));
            self.tally.nuisances += f64::from(u8::from(spoiled));
            self.cards[k].nuisances += waited + u32::from(spoiled);
            let staying = staying.clamp(0.0, 1.0);
            // The truth is known, so the tally takes the probability and leaves the dice to the run.
            self.tally.value_minor += staying * client.traits.value_minor;
            if period + 1 == self.world.periods {
                self.tally.kept += staying;
            }
            let stays = self.chance.happens(staying, For::Staying, k, u64::from(period));
            self.learn(k, stays);
            self.turn_the_page(k, stays);
        }
    }

    fn learn(&mut self, k: usize, stays: bool) {
        let outcome = f64::from(u8::from(stays));
        let of = match &self.cards[k].first_act {
            Some(id) => self.learned.entry(id.clone()).or_default(),
            None => &mut self.learned_hold,
        };
        of.n += 1;
        of.sum += outcome;
        of.sum_squares += outcome;
    }

    fn turn_the_page(&mut self, k: usize, stays: bool) {
        let card = &mut self.cards[k];
        card.is_here = stays;
        card.shift = 0.0;
        card.given.clear();
        card.first_act = None;
        card.missed = false;
        if stays && self.is_leaving(k) {
            // Kept waiting, and gave up. Nobody saved them.
            self.cards[k].exit = ExitState::Abandoned;
        }
    }
}

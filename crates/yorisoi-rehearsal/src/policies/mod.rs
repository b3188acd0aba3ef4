//! Who decides whom to help? The policies that are compared.

mod desperate;
pub(crate) mod gamer;
mod random;
mod risk;
mod yes_man;
pub(crate) mod yorisoi;

use yorisoi_decision::{ActionId, ActionKind, ActionSpec};

use crate::desk::Desk;
use crate::error::RehearsalError;

/// A policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyKind {
    /// Does nothing but process who asks to leave: what the others are measured against.
    Nothing,
    /// Does what the client likes to hear.
    YesMan,
    /// Ranks by the risk of leaving.
    Risk,
    /// Fights for every leaver.
    Desperate,
    /// Helps at random.
    Random,
    /// Decides by [`yorisoi_decision::decide`].
    Yorisoi,
}

impl PolicyKind {
    /// All policies.
    pub const ALL: [Self; 6] =
        [Self::Nothing, Self::YesMan, Self::Risk, Self::Desperate, Self::Random, Self::Yorisoi];

    /// The policy's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::YesMan => "yes-man",
            Self::Risk => "risk",
            Self::Desperate => "desperate",
            Self::Random => "random",
            Self::Yorisoi => "yorisoi",
        }
    }
}

impl std::str::FromStr for PolicyKind {
    type Err = RehearsalError;

    fn from_str(name: &str) -> Result<Self, RehearsalError> {
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == name);
        known.ok_or_else(|| RehearsalError::UnknownPolicy { name: name.to_owned() })
    }
}

/// Acts once for every client that a policy would act for, in the order it thinks best.
pub(crate) fn act(kind: PolicyKind, desk: &mut Desk<'_>) {
    match kind {
        PolicyKind::Nothing => let_everyone_go(desk, |_| true),
        PolicyKind::YesMan => yes_man::act(desk),
        PolicyKind::Risk => risk::act(desk),
        PolicyKind::Desperate => desperate::act(desk),
        PolicyKind::Random => random::act(desk),
        PolicyKind::Yorisoi => yorisoi::act(desk),
    }
}

/// Processes everybody among `whom` who has asked to leave.
pub(crate) fn let_everyone_go(desk: &mut Desk<'_>, whom: impl Fn(usize) -> bool) {
    let leaving: Vec<usize> = desk.here().filter(|&k| desk.is_leaving(k) && whom(k)).collect();
    for k in leaving {
        let_go(desk, k);
    }
}

fn let_go(desk: &mut Desk<'_>, k: usize) -> bool {
    let action = desk.world.policy.policy().first_of(ActionKind::LetGo);
    action.is_some_and(|action| desk.perform(k, &action.id))
}

/// The acts that the past tried.
fn tried<'a>(desk: &Desk<'a>) -> Vec<&'a ActionSpec> {
    desk.world.tried.iter().filter_map(|id| desk.action(id)).collect()
}

/// What any decent desk keeps to: nobody is disturbed when known to be busy, told again what they were
/// told, or told anything they did not agree to hear.
fn is_decent(desk: &Desk<'_>, k: usize, action: &ActionSpec) -> bool {
    let card = &desk.cards[k];
    let is_agreed = card.talk && (card.advise || !action.needs_advice_consent()) && !card.refused;
    is_agreed && is_fresh(desk, k, action)
}

/// Whether it would be the first time this period, at a time when they may be there.
fn is_fresh(desk: &Desk<'_>, k: usize, action: &ActionSpec) -> bool {
    let away = action.needs_presence && desk.is_known_busy(k) && !desk.cards[k].time_was_asked;
    !away && !desk.cards[k].given.contains(&action.id)
}

/// Returns clients by a score, the highest first.
fn highest_first(desk: &Desk<'_>, score: impl Fn(usize) -> f64) -> Vec<usize> {
    let mut here: Vec<usize> = desk.here().collect();
    here.sort_by(|&a, &b| score(b).total_cmp(&score(a)).then(a.cmp(&b)));
    here
}

/// The share of clients that a ranking reaches in one step.
fn top_third(mut ranked: Vec<usize>) -> Vec<usize> {
    ranked.truncate(ranked.len().div_ceil(3));
    ranked
}

/// Does the first act of a list that can be done decently.
fn first_decent(desk: &mut Desk<'_>, k: usize, acts: &[&ActionSpec]) -> bool {
    let open = |desk: &Desk<'_>, act: &ActionSpec| is_decent(desk, k, act) && desk.can(k, act);
    let id: Option<ActionId> = acts.iter().find(|act| open(desk, act)).map(|act| act.id.clone());
    id.is_some_and(|id| desk.perform(k, &id))
}

/// Acts tried, by their mean effect in the past, the largest first; those that changed nothing left out.
fn by_mean_effect<'a>(desk: &Desk<'a>) -> Vec<&'a ActionSpec> {
    let mean = &desk.lessons.mean_effect;
    let mut order: Vec<usize> = (0..mean.len()).filter(|&a| mean[a] > 0.0).collect();
    order.sort_by(|&a, &b| mean[b].total_cmp(&mean[a]));
    let acts = tried(desk);
    order.into_iter().filter_map(|a| acts.get(a).copied()).collect()
}

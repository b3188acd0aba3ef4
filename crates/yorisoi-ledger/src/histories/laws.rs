//! What may no decision do, whatever happened before it? Asked of the plain lists, of everything a decision returns.

use yorisoi_decision::{
    ActionClass, ActionKind, ActionSpec, ConsentKind, Decision, ExitState, Gate, Initiative,
    ValidPolicy, Verdict,
};

use super::tale::{Asked, Tale};

/// How often each law had something to say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    pub(super) entries: u64,
    pub(super) decisions: u64,
    pub(super) helps: u64,
    pub(super) advised: u64,
    pub(super) refused: u64,
    pub(super) capped: u64,
    pub(super) short: u64,
    pub(super) unknown: u64,
    pub(super) leaving: u64,
    pub(super) gone: u64,
    pub(super) released: u64,
}

impl Seen {
    pub(super) fn add(&mut self, other: &Self) {
        let Self { entries, decisions, helps, advised, refused, capped, .. } = other;
        let Self { short, unknown, leaving, gone, released, .. } = other;
        let sums = [
            (&mut self.entries, entries),
            (&mut self.decisions, decisions),
            (&mut self.helps, helps),
            (&mut self.advised, advised),
            (&mut self.refused, refused),
            (&mut self.capped, capped),
            (&mut self.short, short),
            (&mut self.unknown, unknown),
            (&mut self.leaving, leaving),
            (&mut self.gone, gone),
            (&mut self.released, released),
        ];
        for (sum, more) in sums {
            *sum += more;
        }
    }
}

/// Actions that the decision chose or suggested, or says could be done.
pub(super) fn returned<'a>(
    policy: &'a ValidPolicy,
    decision: &'a Decision,
) -> impl Iterator<Item = &'a ActionSpec> {
    let open = decision.candidates.iter().filter(|one| {
        one.probability > 0.0
            || one.action == decision.choice.action
            || matches!(one.verdict, Verdict::Scored(_))
    });
    open.filter_map(|one| policy.action(&one.action))
}

/// Holds a decision against the laws about the person.
pub(super) fn check(tale: &mut Tale<'_>, asked: &Asked, seen: &mut Seen) {
    let Asked { name, decision, .. } = asked;
    let policy = tale.policy;
    let person = tale.plain.person(name).clone();
    seen.decisions += 1;
    seen.helps += u64::from(decision.choice.kind != ActionKind::Hold);
    seen.refused += u64::from(!person.refusals.is_empty());
    let stopped = |gate: Gate| {
        let by = |verdict: &Verdict| matches!(verdict, Verdict::Stopped(stop) if stop.gate == gate);
        u64::from(decision.candidates.iter().any(|one| by(&one.verdict)))
    };
    seen.capped += stopped(Gate::ContactPolicy);
    seen.short += stopped(Gate::Capacity);
    if !person.is_known || person.is_erased {
        seen.unknown += 1;
        assert_eq!(decision.choice.kind, ActionKind::Hold, "{decision:?}");
        assert!(returned(policy, decision).all(|action| action.kind == ActionKind::Hold));
        return;
    }
    seen.gone += u64::from(matches!(person.exit, ExitState::Decided | ExitState::Completed));
    seen.leaving += u64::from(person.exit == ExitState::Offered);
    seen.released += u64::from(!person.released.is_empty());
    for action in returned(policy, decision) {
        promises(tale, asked, action, seen);
        leaving(person.exit, action, decision);
        let is_released = person.released.contains(action.id.as_str());
        assert!(!(is_released && action.is_solicitation()), "{decision:?}");
    }
}

/// Consent, refusals, and how often.
fn promises(tale: &mut Tale<'_>, asked: &Asked, action: &ActionSpec, seen: &mut Seen) {
    let Asked { name, situation, decision } = asked;
    let now = situation.now;
    let policy = tale.policy.policy();
    if matches!(action.kind, ActionKind::Offer | ActionKind::Advise) {
        seen.advised += 1;
        for kind in [ConsentKind::Talk, ConsentKind::Advise] {
            assert!(tale.plain.is_granted(name, (kind, action), now), "{decision:?}");
        }
    }
    if !action.is_solicitation() {
        return;
    }
    let may_talk = tale.plain.is_granted(name, (ConsentKind::Talk, action), now);
    assert!(may_talk || action.kind == ActionKind::AskPermission, "{decision:?}");
    assert!(!tale.plain.is_refused(name, action), "{decision:?}");
    if situation.initiative == Initiative::Clients {
        return;
    }
    for cap in &policy.contact.caps {
        let channel = action.channel.as_ref().unwrap();
        let is_counted = cap.channels.as_ref().is_none_or(|set| set.contains(channel));
        let Some(max) = cap.max.filter(|_| is_counted) else { continue };
        let used = tale.plain.used(name, cap, now);
        assert!(used < max, "{used} of {max}: {decision:?}");
    }
}

/// Whoever has decided is offered nothing, and whoever heard the one offer hears no second.
fn leaving(exit: ExitState, action: &ActionSpec, decision: &Decision) {
    let is_offer = matches!(action.kind, ActionKind::Offer | ActionKind::Advise);
    match exit {
        ExitState::Decided | ExitState::Completed => {
            let quiet =
                matches!(action.kind, ActionKind::Hold | ActionKind::LetGo | ActionKind::Service);
            assert!(quiet, "{decision:?}");
        }
        ExitState::Offered => assert!(!is_offer, "{decision:?}"),
        ExitState::None | ExitState::Requested | ExitState::Abandoned => {}
    }
}

/// What is there: units, money and minutes, before the decision takes its own.
pub(super) fn capacity(tale: &Tale<'_>, asked: &Asked) {
    let (policy, decision) = (tale.policy.policy(), &asked.decision);
    for action in returned(tale.policy, decision).filter(|it| it.reaches_client()) {
        let units = tale.plain.units(action);
        assert!(action.supply.is_none_or(|supply| units < supply as i64), "{units}: {decision:?}");
        if action.class == ActionClass::Service {
            continue;
        }
        let spent = tale.plain.money();
        let within = policy.budget_minor.is_none_or(|all| spent + action.cost_minor <= all);
        assert!(within || action.cost_minor == 0, "{spent}: {decision:?}");
        let (minutes, needed) = (tale.plain.minutes(tale.now), u64::from(action.agent_minutes));
        let within = policy.minutes_per_day.is_none_or(|all| minutes + needed <= all);
        assert!(within || needed == 0, "{minutes}: {decision:?}");
    }
}

//! So, is it proven? One sentence from the numbers, in two languages, with the number that decided.

pub(crate) mod words;

use serde::{Deserialize, Serialize};
use yorisoi_data::Estimate;

use self::words::{
    lopsided, no_estimate, not_proven, one_arm, outcome_leak, proven_average, proven_harm,
    proven_targeting, thin, too_few_events, too_few_groups, too_few_units, treatment_leak,
};
use crate::normal;

/// One-sided level of a claim: what lies above zero by its two-sided 95 % interval.
const LEVEL: f64 = 0.025;

/// The same sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// English.
    pub en: String,
    /// Japanese.
    pub ja: String,
}

/// What is known of one arm, judged on held-out units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmFacts {
    /// Its name.
    pub name: String,
    /// Held-out units that got it.
    pub units: usize,
    /// Groups kept together (clusters) that hold somebody of them; `None` where everyone stands alone.
    pub groups: Option<usize>,
    /// For an outcome of zeros and ones: how often the rarer of the two occurred among them.
    pub rarer_outcome: Option<usize>,
    /// Independent units left after discounting for unequal weights, the smaller of arm and control
    /// ([`Overlap::effective_treated`](crate::Overlap::effective_treated)).
    pub effective_units: f64,
    /// Share of units that were all but certain to get, or not to get, the arm
    /// ([`Overlap::share_lopsided`](crate::Overlap::share_lopsided)); 0 in a trial with known chances.
    pub share_lopsided: f64,
    /// Share of the variance of treatment that features explain
    /// ([`Predictability::treatment`](crate::Predictability::treatment)).
    pub treatment_predictability: Option<f64>,
    /// Average effect; `None` if it could not be estimated.
    pub ate: Option<Estimate>,
    /// Area under the TOC curve; `None` if it could not be estimated.
    pub autoc: Option<Estimate>,
}

/// Everything a verdict rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Arms but control.
    pub arms: Vec<ArmFacts>,
    /// Held-out control units.
    pub control_units: usize,
    /// Groups kept together (clusters) that hold somebody of them; `None` where everyone stands alone.
    pub control_groups: Option<usize>,
    /// For an outcome of zeros and ones: how often the rarer occurred among control units.
    pub control_rarer_outcome: Option<usize>,
    /// Share of the outcome's variance that features explain
    /// ([`Predictability::outcome`](crate::Predictability::outcome)).
    pub outcome_predictability: Option<f64>,
}

/// From where on nothing can be known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// Fewer (effective) independent units in an arm than this, people or groups kept together: below some
    /// fifty, a mean of skewed scores is not yet about normal and its interval does not cover.
    pub min_units: usize,
    /// Fewer of the rarer outcome in an arm than this: below ten, the normal interval of a share does
    /// not cover (the usual rule `n p ≥ 10`).
    pub min_events: usize,
    /// A larger share of units all but certain to get or not to get the arm than this: the average
    /// would be an extrapolation for most people.
    pub max_share_lopsided: f64,
    /// Treatment explained by features beyond this: a column tells the treatment, or a rule decided.
    pub max_treatment_predictability: f64,
    /// Outcome explained by features beyond this: a column is the outcome under another name.
    pub max_outcome_predictability: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            min_units: 50,
            min_events: 10,
            max_share_lopsided: 0.5,
            max_treatment_predictability: 0.95,
            max_outcome_predictability: 0.98,
        }
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Whether a *benefit* is proven. `false` for proven harm, whose code says so.
    pub proven: bool,
    /// Stable code; see [`verdict`].
    pub code: &'static str,
    /// In English.
    pub en: String,
    /// In Japanese.
    pub ja: String,
    /// The number that decided; counts and shares have a standard error of zero.
    pub decided_by: Option<Estimate>,
    /// What that number is.
    pub decided_by_name: Option<Words>,
}

/// Says what the numbers allow to be said.
///
/// # Formula
///
/// The first that applies:
///
/// ```text
/// unknowable.one_arm   no arm but control, or no control
/// unknowable.leak      features explain an arm or the outcome beyond the limit
/// unknowable.events    an arm has too few units or groups, or too few of the rarer outcome, or no estimate
/// unknowable.overlap   too many units all but certain of one arm, or too few effective units
/// proven.targeting     some arm's AUTOC above 0
/// proven.average       some arm's ATE above 0
/// proven.harm          some arm's ATE below 0
/// not_proven           otherwise
/// ```
///
/// An arm about which nothing can be known is left out as long as another remains. Claims are one-sided
/// at 2.5 %, that is by the 95 % interval, and with several arms by Holm's procedure within each line:
/// sorted by p-value, the j-th of K smallest is compared with 2.5 % / (K − j + 1).
///
/// # Assumptions
///
/// More of the outcome is better. All estimates come from held-out units.
///
/// # Source
///
/// Holm (1979), "A simple sequentially rejective multiple test procedure", *Scandinavian Journal of
/// Statistics* 6.
///
/// # Example
///
/// ```
/// # use yorisoi_evaluation::{Facts, Limits, verdict};
/// let nobody = Facts {
///     arms: vec![],
///     control_units: 100,
///     control_groups: None,
///     control_rarer_outcome: None,
///     outcome_predictability: None,
/// };
/// assert_eq!(verdict(&nobody, &Limits::default()).code, "unknowable.one_arm");
/// ```
pub fn verdict(facts: &Facts, limits: &Limits) -> Verdict {
    if facts.control_units == 0 || facts.arms.iter().all(|arm| arm.units == 0) {
        return one_arm();
    }
    if let Some(share) = facts.outcome_predictability
        && share > limits.max_outcome_predictability
    {
        return outcome_leak(share, facts.control_units);
    }
    let mut judged = Vec::new();
    let mut first_doubt = None;
    for arm in facts.arms.iter().filter(|arm| arm.units > 0) {
        match judge(arm, facts, limits) {
            Ok(estimates) => judged.push(estimates),
            Err(doubt) => first_doubt = first_doubt.or(Some(doubt)),
        }
    }
    match (judged.is_empty(), first_doubt) {
        (true, Some(doubt)) => *doubt,
        _ => weigh(&judged),
    }
}

/// An arm that can be judged.
struct Judged<'a> {
    name: &'a str,
    ate: Estimate,
    autoc: Estimate,
    scale: Scale,
}

/// How amounts of the outcome are said.
#[derive(Debug, Clone, Copy)]
enum Scale {
    /// In the outcome's own unit.
    Outcome,
    /// In percentage points: the outcome is a yes or no.
    Points,
}

/// Returns an arm's estimates, or why nothing can be known of it.
fn judge<'a>(
    arm: &'a ArmFacts,
    facts: &Facts,
    limits: &Limits,
) -> Result<Judged<'a>, Box<Verdict>> {
    let name = arm.name.as_str();
    if let Some(share) = arm.treatment_predictability
        && share > limits.max_treatment_predictability
    {
        return Err(treatment_leak(name, share, arm.units).into());
    }
    let units = arm.units.min(facts.control_units);
    if units < limits.min_units {
        return Err(too_few_units(name, units, limits.min_units).into());
    }
    // Ten branches of a thousand people are ten draws, not ten thousand.
    let groups = [arm.groups, facts.control_groups].into_iter().flatten().min();
    if let Some(groups) = groups
        && groups < limits.min_units
    {
        return Err(too_few_groups(name, groups, limits.min_units).into());
    }
    let events = [arm.rarer_outcome, facts.control_rarer_outcome].into_iter().flatten().min();
    if let Some(events) = events
        && events < limits.min_events
    {
        return Err(too_few_events(name, events, units, limits.min_events).into());
    }
    if arm.share_lopsided > limits.max_share_lopsided {
        return Err(lopsided(name, arm.share_lopsided, arm.units).into());
    }
    if arm.effective_units < limits.min_units as f64 {
        return Err(thin(name, arm.effective_units, arm.units).into());
    }
    match (arm.ate, arm.autoc) {
        (Some(ate), Some(autoc)) => {
            let is_yes_or_no = facts.control_rarer_outcome.is_some();
            let scale = if is_yes_or_no { Scale::Points } else { Scale::Outcome };
            Ok(Judged { name, ate, autoc, scale })
        }
        _ => Err(no_estimate(name, units).into()),
    }
}

fn weigh(judged: &[Judged<'_>]) -> Verdict {
    let autoc: Vec<Estimate> = judged.iter().map(|arm| arm.autoc).collect();
    let ate: Vec<Estimate> = judged.iter().map(|arm| arm.ate).collect();
    let negated: Vec<Estimate> =
        ate.iter().map(|ate| Estimate { estimate: -ate.estimate, ..*ate }).collect();
    let harmful = holm(&negated);
    if let Some(best) = holm(&autoc).first() {
        return proven_targeting(&judged[*best], judged.len(), harmful.contains(best));
    }
    if let Some(best) = holm(&ate).first() {
        return proven_average(&judged[*best], judged.len());
    }
    if let Some(worst) = harmful.first() {
        return proven_harm(&judged[*worst], judged.len());
    }
    let by_p = |a: &&Judged<'_>, b: &&Judged<'_>| {
        normal::p_not_above_zero(&a.autoc).total_cmp(&normal::p_not_above_zero(&b.autoc))
    };
    let clearest = judged.iter().min_by(by_p);
    clearest.map_or_else(one_arm, |arm| not_proven(arm, judged.len()))
}

/// Returns the estimates proven to lie above zero, most certain first.
fn holm(estimates: &[Estimate]) -> Vec<usize> {
    let p: Vec<f64> = estimates.iter().map(normal::p_not_above_zero).collect();
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    let passes = |(place, index): &(usize, usize)| p[*index] <= LEVEL / (p.len() - place) as f64;
    order.into_iter().enumerate().take_while(passes).map(|(_, index)| index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(estimate: f64, std_error: f64) -> Estimate {
        Estimate { estimate, std_error, n: 1000 }
    }

    fn arm(name: &str, ate: f64, autoc: f64) -> ArmFacts {
        ArmFacts {
            name: name.into(),
            units: 1000,
            groups: None,
            rarer_outcome: Some(100),
            effective_units: 900.0,
            share_lopsided: 0.0,
            treatment_predictability: Some(0.1),
            ate: Some(estimate(ate, 1.0)),
            autoc: Some(estimate(autoc, 1.0)),
        }
    }

    fn judged(arms: Vec<ArmFacts>) -> Verdict {
        let facts = Facts {
            arms,
            control_units: 1000,
            control_groups: None,
            control_rarer_outcome: Some(100),
            outcome_predictability: Some(0.3),
        };
        verdict(&facts, &Limits::default())
    }

    fn code(arms: Vec<ArmFacts>) -> &'static str {
        judged(arms).code
    }

    #[test]
    fn a_ranking_without_order_proves_nothing() {
        let nothing = Some(estimate(0.0, 0.0));
        assert_eq!(code(vec![ArmFacts { autoc: nothing, ..arm("mail", 0.0, 0.0) }]), "not_proven");
    }

    #[test]
    fn the_four_answers_of_one_arm() {
        assert_eq!(code(vec![arm("mail", 0.0, 2.0)]), "proven.targeting");
        assert_eq!(code(vec![arm("mail", 2.0, 1.9)]), "proven.average");
        assert_eq!(code(vec![arm("mail", -2.0, 0.0)]), "proven.harm");
        assert_eq!(code(vec![arm("mail", 1.9, 1.9)]), "not_proven");
        // A ranking that is proven to be upside down is no proof of benefit.
        assert_eq!(code(vec![arm("mail", 0.0, -3.0)]), "not_proven");
    }

    #[test]
    fn only_benefit_counts_as_proven() {
        assert!(judged(vec![arm("mail", 0.0, 2.0)]).proven);
        assert!(judged(vec![arm("mail", 2.0, 0.0)]).proven);
        assert!(!judged(vec![arm("mail", -2.0, 0.0)]).proven);
        assert!(!judged(vec![arm("mail", 0.0, 0.0)]).proven);
    }

    #[test]
    fn several_arms_must_clear_holms_bar() {
        // 2.0 passes 2.5 % alone, not 2.5 %/2 (z 2.24); with a companion at 3 it needs 2.5 % again.
        assert_eq!(code(vec![arm("a", 0.0, 2.0), arm("b", 0.0, 0.0)]), "not_proven");
        let verdict = judged(vec![arm("a", 0.0, 2.3), arm("b", 0.0, 0.0)]);
        assert_eq!(verdict.code, "proven.targeting");
        assert!(verdict.en.contains("allowing for 2 arms"));
        assert_eq!(holm(&[estimate(2.0, 1.0), estimate(3.0, 1.0)]), vec![1, 0]);
        assert_eq!(holm(&[estimate(2.0, 1.0), estimate(2.1, 1.0)]), Vec::<usize>::new());
    }

    #[test]
    fn the_number_that_decided_is_given() {
        let verdict = judged(vec![arm("a", 0.0, 1.0), arm("b", 0.0, 4.0)]);
        assert_eq!(verdict.decided_by, Some(estimate(4.0, 1.0)));
        assert!(verdict.decided_by_name.unwrap().en.contains("AUTOC of `b`"));
        assert!(verdict.en.contains("400 percentage points"), "{}", verdict.en);
        assert!(verdict.ja.contains("400 ポイント"), "{}", verdict.ja);
        let harm = judged(vec![arm("a", -4.0, 3.0)]);
        assert_eq!(harm.code, "proven.targeting");
        assert!(harm.en.contains("given to everyone it does harm"));
        assert!(harm.ja.contains("全員に行うと逆効果"));
        let none = judged(vec![arm("a", 0.0, 1.0), arm("b", 0.0, 0.0)]);
        assert!(
            none.en.contains("For `a`, the arm with the clearest ranking, people"),
            "{}",
            none.en
        );
        let none = judged(vec![arm("a", 0.0, 1.0)]);
        assert!(
            none.en.contains("For `a`, people") && none.ja.contains("「a」では"),
            "{}",
            none.ja
        );
    }

    #[test]
    fn what_cannot_be_known_is_said_before_anything_is_claimed() {
        let strong = || arm("mail", 9.0, 9.0);
        let few = ArmFacts { units: 49, ..strong() };
        assert_eq!(code(vec![few.clone()]), "unknowable.events");
        assert_eq!(
            code(vec![ArmFacts { rarer_outcome: Some(9), ..strong() }]),
            "unknowable.events"
        );
        assert_eq!(code(vec![ArmFacts { share_lopsided: 0.6, ..strong() }]), "unknowable.overlap");
        assert_eq!(code(vec![ArmFacts { effective_units: 9.0, ..strong() }]), "unknowable.overlap");
        let leak = ArmFacts { treatment_predictability: Some(0.99), ..strong() };
        assert_eq!(code(vec![leak]), "unknowable.leak");
        assert_eq!(code(vec![ArmFacts { ate: None, ..strong() }]), "unknowable.events");
        assert_eq!(code(vec![ArmFacts { units: 0, ..strong() }]), "unknowable.one_arm");
        // Another arm that can be judged is.
        assert_eq!(code(vec![few, arm("call", 0.0, 4.0)]), "proven.targeting");
    }

    #[test]
    fn few_groups_are_few_however_many_people_they_hold() {
        let of = |groups, control_groups| {
            let facts = Facts {
                arms: vec![ArmFacts { groups, ..arm("mail", 9.0, 9.0) }],
                control_units: 1000,
                control_groups,
                control_rarer_outcome: Some(100),
                outcome_predictability: None,
            };
            verdict(&facts, &Limits::default())
        };
        assert_eq!(of(Some(50), Some(50)).code, "proven.targeting");
        for few in [of(Some(16), Some(80)), of(Some(80), Some(16))] {
            assert_eq!((few.code, few.decided_by.unwrap().n), ("unknowable.events", 16));
            assert!(few.en.contains("only 16 of them") && few.en.contains("50"), "{}", few.en);
            assert!(few.ja.contains("16 組") && few.ja.contains("50 組"), "{}", few.ja);
        }
    }

    #[test]
    fn what_gives_no_estimate_is_not_called_too_few_people() {
        let none = judged(vec![ArmFacts { ate: None, ..arm("mail", 9.0, 9.0) }]);
        assert_eq!(none.code, "unknowable.events");
        assert!(none.en.contains("no estimate"), "{}", none.en);
        assert!(!none.en.contains("only") && !none.ja.contains("しか"), "{}", none.ja);
    }

    #[test]
    fn a_number_that_is_none_claims_nothing() {
        let unknown = Some(estimate(5.0, f64::NAN));
        assert_eq!(code(vec![ArmFacts { autoc: unknown, ..arm("mail", 0.0, 0.0) }]), "not_proven");
    }

    #[test]
    fn an_outcome_under_another_name_and_a_missing_control_are_found() {
        let facts = Facts {
            arms: vec![arm("mail", 9.0, 9.0)],
            control_units: 1000,
            control_groups: None,
            control_rarer_outcome: None,
            outcome_predictability: Some(0.999),
        };
        assert_eq!(verdict(&facts, &Limits::default()).code, "unknowable.leak");
        let facts = Facts { control_units: 0, ..facts };
        assert_eq!(verdict(&facts, &Limits::default()).code, "unknowable.one_arm");
    }
}

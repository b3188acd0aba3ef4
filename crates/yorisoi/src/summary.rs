//! What a study found: plain data, the contract of `summary.json` and the report's only input.
//!
//! Effects are per unit, in the unit of the outcome; shares are in `[0, 1]`; money is in whatever unit
//! the costs were given in. Every list of points is sorted by its first field.

use serde::{Deserialize, Serialize};
use yorisoi_data::{Better, Dropped, Notice};

use crate::unknown::{number, numbers};

/// A number with its uncertainty.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// Point estimate.
    #[serde(deserialize_with = "number")]
    pub estimate: f64,
    /// Standard error.
    #[serde(deserialize_with = "number")]
    pub std_error: f64,
    /// Lower end of the 95 % interval.
    #[serde(deserialize_with = "number")]
    pub low: f64,
    /// Upper end of the 95 % interval.
    #[serde(deserialize_with = "number")]
    pub high: f64,
    /// Units (clusters, where there are any) behind it.
    pub n: usize,
}

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// English.
    pub en: String,
    /// Japanese.
    pub ja: String,
}

/// Everything a study found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Version of this contract.
    pub format: u32,
    /// What was read and used.
    pub data: Data,
    /// The answer in one sentence.
    pub verdict: Verdict,
    /// Arms, control first; the control's `ate` is `null`.
    pub arms: Vec<Arm>,
    /// How alike the arms were before treatment, one entry a feature and arm.
    pub balance: Vec<Balance>,
    /// Whether arms can be compared everywhere.
    pub overlap: Vec<Overlap>,
    /// Does the ranking find those whom help helps? One entry an arm and target.
    pub rate: Vec<Rate>,
    /// Curves behind `rate`.
    pub curves: Vec<Curve>,
    /// Are predicted effects the size they claim?
    pub calibration: Vec<Calibration>,
    /// Linear projection of the effect on the features.
    pub best_linear_projection: Vec<Projection>,
    /// Shares of the population by what help does to them.
    pub groups: Vec<Groups>,
    /// Who the helped and the harmed are, in the features' own words.
    pub profiles: Vec<Profile>,
    /// A small readable policy.
    pub policy_tree: Option<PolicyTree>,
    /// How predicted effects spread.
    pub effects: Vec<EffectSpread>,
    /// What a budget buys.
    pub plan: Plan,
    /// Settings with every parameter used, by name.
    pub settings: serde_json::Value,
    /// Seconds by stage.
    pub timings: Vec<Timing>,
}

/// What was read and used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Data {
    /// Name of the input, without its folder.
    pub name: String,
    /// Rows read.
    pub rows: usize,
    /// Rows used.
    pub used_rows: usize,
    /// Rows the model learned from.
    pub train_rows: usize,
    /// Rows kept for judging.
    pub heldout_rows: usize,
    /// Clusters among the used rows, if given.
    pub clusters: Option<usize>,
    /// Hash of the data used.
    pub fingerprint: String,
    /// Column names by role.
    pub treatment: String,
    /// The outcome column.
    pub outcome: String,
    /// Whether more or less of the outcome is better; effects count improvement.
    #[serde(default)]
    pub better: Better,
    /// The amounts, where the treatment is one; `null` for arms.
    #[serde(default)]
    pub dose: Option<Dose>,
    /// Whether the outcome takes the values 0 and 1 only.
    pub outcome_is_binary: bool,
    /// The feature columns.
    pub features: Vec<String>,
    /// Rows left out, with reasons.
    pub dropped: Vec<Dropped>,
    /// Warnings.
    pub notices: Vec<Notice>,
}

/// A treatment that is an amount.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Dose {
    /// Mean amount.
    #[serde(deserialize_with = "number")]
    pub mean: f64,
    /// Its standard deviation.
    #[serde(deserialize_with = "number")]
    pub std_dev: f64,
    /// Amount below which 2.5 % of the people lie.
    #[serde(deserialize_with = "number")]
    pub low: f64,
    /// Amount above which 2.5 % lie.
    #[serde(deserialize_with = "number")]
    pub high: f64,
    /// Share of its variance that the features explain, on held-out rows.
    #[serde(deserialize_with = "number")]
    pub explained: f64,
    /// Standard deviation among people with the same features.
    #[serde(deserialize_with = "number")]
    pub std_dev_alike: f64,
    /// Share of held-out rows whose amount the features all but decide.
    #[serde(deserialize_with = "number")]
    pub share_fixed: f64,
    /// Share of used rows for which one unit more lies within what the data show.
    #[serde(deserialize_with = "number")]
    pub share_in_range: f64,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whether help is proven to change something that targeting can use.
    pub proven: bool,
    /// Stable code: `proven.targeting`, `proven.average`, `not_proven`, `unknowable.overlap`, ...
    pub code: String,
    /// In English.
    pub en: String,
    /// In Japanese.
    pub ja: String,
    /// The number that decided.
    pub decided_by: Option<Value>,
    /// What that number is.
    pub decided_by_name: Option<Words>,
}

/// One arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Arm {
    /// Name of the arm.
    pub arm: String,
    /// Used rows in it.
    pub rows: usize,
    /// Mean outcome in it, unadjusted.
    #[serde(deserialize_with = "number")]
    pub mean_outcome: f64,
    /// Average effect against control on held-out rows (AIPW).
    pub ate: Option<Value>,
    /// Average effect on those who got it.
    pub att: Option<Value>,
    /// Overlap-weighted average effect.
    pub ato: Option<Value>,
    /// Plain difference of means, for comparison.
    pub difference: Option<Value>,
}

/// One feature's balance between an arm and control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Balance {
    /// Arm.
    pub arm: String,
    /// Feature.
    pub feature: String,
    /// Standardised mean difference, raw.
    #[serde(deserialize_with = "number")]
    pub smd: f64,
    /// The same after weighting by the inverse propensity.
    #[serde(deserialize_with = "number")]
    pub smd_weighted: f64,
}

/// Propensities of one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Overlap {
    /// Arm.
    pub arm: String,
    /// `given`, `constant` or `estimated`.
    pub source: String,
    /// Smallest propensity of this arm (against control) on held-out rows.
    #[serde(deserialize_with = "number")]
    pub min: f64,
    /// Largest.
    #[serde(deserialize_with = "number")]
    pub max: f64,
    /// Share of held-out rows with a propensity below .05 or above .95.
    #[serde(deserialize_with = "number")]
    pub share_thin: f64,
    /// Share of held-out rows trimmed on request.
    #[serde(deserialize_with = "number")]
    pub share_trimmed: f64,
    /// Histogram over 20 equal cells of `[0, 1]` for units with this arm.
    pub histogram_treated: Vec<usize>,
    /// Same for control units.
    pub histogram_control: Vec<usize>,
}

/// A rank-weighted average treatment effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// Arm.
    pub arm: String,
    /// `autoc` or `qini`.
    pub target: String,
    /// The estimate, in the unit of the outcome.
    #[serde(flatten)]
    pub value: Value,
}

/// One curve with a band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Arm.
    pub arm: String,
    /// `toc` or `qini`.
    pub kind: String,
    /// Points by share treated.
    pub points: Vec<CurvePoint>,
}

/// A point of a curve: treating the best `share`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Share treated, in `(0, 1]`.
    #[serde(deserialize_with = "number")]
    pub share: f64,
    /// Estimate.
    #[serde(deserialize_with = "number")]
    pub estimate: f64,
    /// Lower end of the pointwise 95 % band.
    #[serde(deserialize_with = "number")]
    pub low: f64,
    /// Upper end.
    #[serde(deserialize_with = "number")]
    pub high: f64,
}

/// Calibration of one arm's effects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Arm.
    pub arm: String,
    /// Coefficient of the mean forest prediction; 1 if the average is right.
    pub mean: Value,
    /// Coefficient of the differential prediction; 1 if spread is right, 0 if there is none.
    pub differential: Value,
    /// One-sided p-value that the differential coefficient is not above 0.
    #[serde(deserialize_with = "number")]
    pub p_value: f64,
    /// Uplift by tenth of predicted effect, highest first.
    pub tenths: Vec<Tenth>,
}

/// One tenth of the held-out rows by predicted effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tenth {
    /// 1 is the tenth with the highest predicted effect.
    pub tenth: usize,
    /// Mean predicted effect.
    #[serde(deserialize_with = "number")]
    pub predicted: f64,
    /// Effect found in it.
    pub found: Value,
}

/// One coefficient of the best linear projection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Projection {
    /// Arm.
    pub arm: String,
    /// Feature (standardised), or `(mean)`.
    pub feature: String,
    /// Change of the effect for one standard deviation of the feature.
    pub value: Value,
}

/// Shares of the used rows, summing to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Groups {
    /// Arm.
    pub arm: String,
    /// Help helps: interval above 0.
    #[serde(deserialize_with = "number")]
    pub persuadable: f64,
    /// Sure thing or lost cause: the interval lies within the band of no practical effect.
    #[serde(deserialize_with = "number")]
    pub no_effect: f64,
    /// Help harms: interval below 0 after control of the error rate.
    #[serde(deserialize_with = "number")]
    pub sleeping_dog: f64,
    /// We cannot tell yet.
    #[serde(deserialize_with = "number")]
    pub undecided: f64,
    /// The stated error rate among those called sleeping dogs.
    #[serde(deserialize_with = "number")]
    pub sleeping_dog_fdr: f64,
}

/// How one group differs from everyone in one feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Arm.
    pub arm: String,
    /// `helped` (top fifth by effect) or `harmed` (bottom fifth).
    pub group: String,
    /// Feature.
    pub feature: String,
    /// In the feature's own words: "age 54 against 41", "city = Osaka 31 % against 12 %".
    pub words: Words,
    /// Standardised difference, for sorting and bars.
    #[serde(deserialize_with = "number")]
    pub difference: f64,
}

/// A small tree from features to an action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PolicyTree {
    /// Nodes; the root is first.
    pub nodes: Vec<PolicyNode>,
    /// Its value against treating no one, on held-out rows.
    pub value: Value,
}

/// A node of a policy tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PolicyNode {
    /// A question.
    Split {
        /// The question in words; yes goes to `yes`.
        question: Words,
        /// Node index for yes.
        yes: usize,
        /// Node index for no.
        no: usize,
    },
    /// An answer.
    Leaf {
        /// `hold`, or the arm to offer.
        action: String,
        /// Share of the held-out rows that come here.
        #[serde(deserialize_with = "number")]
        share: f64,
        /// Effect of that action here, `null` for hold.
        effect: Option<Value>,
    },
}

/// Spread of predicted effects of one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EffectSpread {
    /// Arm.
    pub arm: String,
    /// Histogram cell edges, one more than counts.
    #[serde(deserialize_with = "numbers")]
    pub edges: Vec<f64>,
    /// Rows a cell.
    pub counts: Vec<usize>,
    /// Mean half-width of the 95 % intervals.
    #[serde(deserialize_with = "number")]
    pub mean_half_width: f64,
    /// Effects with intervals at evenly spaced ranks (at most 200), lowest first.
    pub ranked: Vec<RankedEffect>,
    /// Importance of each feature, summing to 1, highest first.
    pub importance: Vec<Importance>,
}

/// One person's effect at a rank.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RankedEffect {
    /// Rank share in `[0, 1]`.
    #[serde(deserialize_with = "number")]
    pub share: f64,
    /// Effect.
    #[serde(deserialize_with = "number")]
    pub effect: f64,
    /// Lower end.
    #[serde(deserialize_with = "number")]
    pub low: f64,
    /// Upper end.
    #[serde(deserialize_with = "number")]
    pub high: f64,
}

/// A feature's importance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// Feature.
    pub feature: String,
    /// Share of depth-weighted splits.
    #[serde(deserialize_with = "number")]
    pub share: f64,
}

/// What a budget buys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The budget; `null` is unlimited.
    pub budget: Option<f64>,
    /// Whether costs were given; without them every offer counts 1, and money means people.
    pub is_priced: bool,
    /// Cost of each arm, where it is the same for everyone.
    pub costs: Vec<ArmCost>,
    /// Worth of one unit of outcome, if given.
    pub value_per_outcome: Option<f64>,
    /// Money spent by the plan on all used rows.
    #[serde(deserialize_with = "number")]
    pub spend: f64,
    /// People offered something.
    pub people: usize,
    /// People offered something, by arm.
    pub people_by_arm: Vec<ArmCount>,
    /// People held back, by reason code.
    pub held_back: Vec<ReasonCount>,
    /// Incremental outcome in total on all used rows, from held-out scores.
    pub gain: Value,
    /// What a little more of each limit would gain.
    pub prices: Prices,
    /// Value per person of the plan against simple rules, paired, on held-out rows.
    pub comparisons: Vec<Comparison>,
    /// The budget curve, on held-out rows, scaled to all used rows.
    pub curve: Vec<BudgetPoint>,
    /// Harm, in the unit of the outcome, beyond which nobody is offered anything.
    #[serde(deserialize_with = "number")]
    pub allowed_harm: f64,
}

/// Shadow prices of the limits, in the unit of the outcome.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Prices {
    /// Gain of the last unit of money spent; `null` where the budget does not bind.
    pub budget: Option<f64>,
    /// Gain of the last place of each arm whose places are all taken.
    pub places: Vec<PlacePrice>,
}

/// Shadow price of an arm's places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlacePrice {
    /// Arm.
    pub arm: String,
    /// Gain of the last place.
    #[serde(deserialize_with = "number")]
    pub price: f64,
}

/// Cost of an arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmCost {
    /// Arm.
    pub arm: String,
    /// Cost a person; `null` where it differs from person to person.
    pub cost: Option<f64>,
}

/// People by arm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmCount {
    /// Arm.
    pub arm: String,
    /// How many.
    pub people: usize,
}

/// People by reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonCount {
    /// Reason code, as in `plan.csv`.
    pub code: String,
    /// How many.
    pub people: usize,
}

/// The plan against another rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// `treat_none`, `treat_all:<arm>`, `risk` (those most likely to have a bad outcome).
    pub against: String,
    /// Gain per person of the plan less that of the other rule at the same spend where the rule has one.
    pub difference: Value,
}

/// A point of the budget curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BudgetPoint {
    /// Money spent.
    #[serde(deserialize_with = "number")]
    pub spend: f64,
    /// People offered something.
    pub people: usize,
    /// Incremental outcome.
    #[serde(deserialize_with = "number")]
    pub gain: f64,
    /// Lower end of the 95 % interval.
    #[serde(deserialize_with = "number")]
    pub low: f64,
    /// Upper end.
    #[serde(deserialize_with = "number")]
    pub high: f64,
    /// Gain at the same spend when people are picked at random.
    #[serde(deserialize_with = "number")]
    pub random: f64,
}

/// Seconds of one stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// Stage.
    pub stage: String,
    /// Seconds of wall time.
    #[serde(deserialize_with = "number")]
    pub seconds: f64,
}

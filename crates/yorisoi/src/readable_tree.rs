//! Which few questions make a good policy, and what is it worth on the held-out rows?

use yorisoi_data::{BinLabel, BinnedRows, Binner, Dataset, HeldOut, unit_hash};
use yorisoi_effects::{Effects, Nuisances};
use yorisoi_evaluation::{Against, gain, group_effects};
use yorisoi_policy::{PolicyTree, Question, TreeNode, TreeOptions, fit_policy_tree};

use crate::bench::Bench;
use crate::dosage::{Dosage, scores_of};
use crate::error::StudyError;
use crate::judge::enough;
use crate::planning::PlanTable;
use crate::pricing::Pricing;
use crate::summary::{PolicyNode, PolicyTree as TreeSummary, Words};
use crate::units::{at, effects_at, nuisances_at};
use crate::value::value;

/// Rows the tree is fitted on at most: two questions are steady long before.
const MAX_ROWS: usize = 100_000;

/// Features asked about at most, the most important ones: the search costs the square of their number.
const MAX_FEATURES: usize = 10;

/// Key of the draw of rows.
const ROW_STREAM: u64 = 0x54_52_45_45;

/// What the tree learns from: training rows with what out-of-fold models say of them.
pub(crate) struct Lesson<'a> {
    /// The dataset.
    pub(crate) data: &'a Dataset,
    /// Training rows.
    pub(crate) rows: &'a [u32],
    /// Index of the arm of every unit, control 0.
    pub(crate) arm: &'a [u8],
    /// Effects of every unit.
    pub(crate) effects: &'a Effects,
    /// Nuisances of every unit.
    pub(crate) nuisances: &'a Nuisances,
    /// How much a dose varies among people alike, for every unit; `None` for arms.
    pub(crate) variance: Option<&'a [f64]>,
    /// What arms cost.
    pub(crate) pricing: &'a Pricing,
    /// The plan, whose price of money the tree pays too.
    pub(crate) plan: &'a PlanTable,
    /// Importance of each feature, summed over arms.
    pub(crate) importance: &'a [f64],
}

/// A tree with the features it asks about.
#[derive(Debug)]
pub(crate) struct ReadableTree {
    tree: PolicyTree,
    /// Position in the dataset of each feature the tree knows.
    features: Vec<usize>,
}

/// Learns the tree of largest doubly robust reward, net of what the plan says money is worth.
///
/// # Errors
///
/// A [`StudyError`] for scores that cannot be formed.
pub(crate) fn learn(lesson: &Lesson<'_>) -> Result<Option<ReadableTree>, StudyError> {
    let rows = drawn(lesson);
    let mut features: Vec<usize> = (0..lesson.importance.len()).collect();
    features.sort_by(|&a, &b| lesson.importance[b].total_cmp(&lesson.importance[a]));
    features.truncate(MAX_FEATURES);
    features.sort_unstable();
    if rows.is_empty() || features.is_empty() {
        return Ok(None);
    }
    let rewards = rewards(lesson, &rows)?;
    let bins = pick(&lesson.data.features, &rows, &features);
    let tree = fit_policy_tree(&bins, &rewards, TreeOptions::default())?;
    Ok(Some(ReadableTree { tree, features }))
}

/// Returns training rows whose effects are known, at most [`MAX_ROWS`], drawn by hash.
fn drawn(lesson: &Lesson<'_>) -> Vec<u32> {
    let share = MAX_ROWS as f64 / lesson.rows.len().max(1) as f64;
    let is_drawn = |row: &u32| unit_hash(ROW_STREAM, u64::from(*row)) < share;
    let is_known =
        |row: &u32| lesson.effects.arms.iter().all(|arm| arm.tau_hat[*row as usize].is_finite());
    lesson.rows.iter().copied().filter(is_drawn).filter(is_known).collect()
}

fn rewards(lesson: &Lesson<'_>, rows: &[u32]) -> Result<Vec<Vec<f64>>, StudyError> {
    let (effects, nuisances) =
        (effects_at(lesson.effects, rows), nuisances_at(lesson.nuisances, rows));
    let (y, arm) = (at(&lesson.data.outcome, rows), at(lesson.arm, rows));
    let dosage =
        lesson.variance.and_then(|variance| Dosage::new(lesson.data, rows, at(variance, rows)));
    let scores = scores_of((&y, &arm), dosage.as_ref(), &effects, &nuisances)?;
    let price = lesson.plan.price_of_money();
    let costs = lesson.pricing.costs_at(rows);
    let weight = |unit: usize| lesson.data.weights.as_ref().map_or(1.0, |w| w[rows[unit] as usize]);
    let net = |k: usize| -> Result<Vec<f64>, StudyError> {
        let scores = scores.effect(k)?;
        let net =
            |(unit, score): (usize, f64)| weight(unit) * (score - price * costs[k - 1].of(unit));
        Ok(scores.into_iter().enumerate().map(net).collect())
    };
    (1..scores.n_arms()).map(net).collect()
}

fn pick(bins: &BinnedRows, rows: &[u32], features: &[usize]) -> BinnedRows {
    let mut picked = Vec::with_capacity(rows.len() * features.len());
    for &row in rows {
        let of_row = bins.row(row as usize);
        picked.extend(features.iter().map(|&feature| of_row[feature]));
    }
    let kinds = features.iter().map(|&feature| bins.kinds()[feature]).collect();
    BinnedRows::new(picked, kinds, rows.len())
}

impl ReadableTree {
    /// Returns the tree in words, valued on the held-out rows; `bins` and `binner` are the dataset's.
    /// `None` where there are too few of them.
    ///
    /// # Errors
    ///
    /// A [`StudyError`] other than that of too few rows.
    pub(crate) fn tell(
        &self,
        bench: &Bench,
        bins: &BinnedRows,
        binner: &Binner,
    ) -> Result<Option<TreeSummary>, StudyError> {
        let picked = pick(bins, &bench.units, &self.features);
        let sampling = bench.sampling()?;
        let leaf = |row: usize| self.tree.leaf_of(picked.row(row)) as u32;
        let leaves = HeldOut::promise((0..bench.n()).map(leaf).collect::<Vec<u32>>());
        let assigned: Vec<u8> = self
            .tree
            .assignment(&picked)
            .into_iter()
            .map(|arm| arm.map_or(0, |arm| arm as u8 + 1))
            .collect();
        let assigned = HeldOut::promise(assigned);
        let Some(worth) = enough(gain(&assigned, Against::Nobody, &bench.scores, &sampling))?
        else {
            return Ok(None);
        };
        let mut nodes = Vec::new();
        for (at, node) in self.tree.nodes().iter().enumerate() {
            nodes.push(match node {
                TreeNode::Split { question, yes, no } => PolicyNode::Split {
                    question: words(*question, &self.features, binner),
                    yes: *yes,
                    no: *no,
                },
                TreeNode::Leaf { action, .. } => tell_leaf(at as u32, *action, bench, &leaves)?,
            });
        }
        Ok(Some(TreeSummary { nodes, value: value(&worth) }))
    }
}

fn tell_leaf(
    leaf: u32,
    action: Option<usize>,
    bench: &Bench,
    leaves: &HeldOut<Vec<u32>>,
) -> Result<PolicyNode, StudyError> {
    let n_here = leaves.get().iter().filter(|&&of_row| of_row == leaf).count();
    let share = n_here as f64 / bench.n().max(1) as f64;
    let Some(arm) = action else {
        return Ok(PolicyNode::Leaf { action: "hold".to_owned(), share, effect: None });
    };
    let found = group_effects(leaves, &bench.effect_scores(arm + 1)?, &bench.sampling()?)?;
    let effect = found.iter().find(|group| group.group == leaf).and_then(|group| group.effect);
    Ok(PolicyNode::Leaf {
        action: bench.arm_names[arm + 1].clone(),
        share,
        effect: effect.as_ref().map(value),
    })
}

/// Returns a question in the feature's own words.
fn words(question: Question, features: &[usize], binner: &Binner) -> Words {
    let feature = features[question.feature()];
    let name = &binner.names[feature];
    match question {
        Question::AtMost { bin, missing_is_yes, .. } => {
            let Some(cut) = binner.cut_above(feature, bin) else {
                // Every known value lies below the end of the last bin.
                return Words {
                    en: format!("is {name} known?"),
                    ja: format!("{name} が分かっているか"),
                };
            };
            let (or_en, or_ja) =
                if missing_is_yes { (", or unknown", "、または不明") } else { ("", "") };
            Words {
                en: format!("{name} below {cut}{or_en}?"),
                ja: format!("{name} が {cut} 未満{or_ja}か"),
            }
        }
        Question::Is { bin, .. } => match binner.bin_label(feature, bin) {
            Some(BinLabel::Missing) | None => {
                Words { en: format!("is {name} unknown?"), ja: format!("{name} が不明か") }
            }
            Some(BinLabel::Level(level)) => {
                Words { en: format!("{name} = {level}?"), ja: format!("{name} が {level} か") }
            }
            Some(BinLabel::Bucket { bucket, n_buckets }) => Words {
                en: format!("{name} in group {bucket} of {n_buckets}?"),
                ja: format!("{name} が {n_buckets} 組中の {bucket} 組目か"),
            },
            Some(BinLabel::Range { from, below }) => range_words(name, from, below),
        },
    }
}

fn range_words(name: &str, from: Option<f64>, below: Option<f64>) -> Words {
    match (from, below) {
        (Some(from), Some(below)) => Words {
            en: format!("{name} from {from} to below {below}?"),
            ja: format!("{name} が {from} 以上 {below} 未満か"),
        },
        (Some(from), None) => Words {
            en: format!("{name} {from} or more?"),
            ja: format!("{name} が {from} 以上か"),
        },
        (None, Some(below)) => Words {
            en: format!("{name} below {below}?"),
            ja: format!("{name} が {below} 未満か"),
        },
        (None, None) => Words {
            en: format!("is {name} known?"),
            ja: format!("{name} が分かっているか"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use yorisoi_data::FeatureBins;

    #[test]
    fn questions_speak_the_features_own_words() {
        let binner = Binner {
            names: vec!["age".into(), "city".into()],
            features: vec![
                FeatureBins::Ordered { cuts: vec![30.0, 40.5] },
                FeatureBins::Levels { levels: vec!["Nara".into(), "Osaka".into()] },
            ],
        };
        let en = |question| words(question, &[0, 1], &binner).en;
        let at_most = |bin, missing_is_yes| Question::AtMost { feature: 0, bin, missing_is_yes };
        assert_eq!(en(at_most(2, false)), "age below 40.5?");
        assert_eq!(en(at_most(1, true)), "age below 30, or unknown?");
        assert_eq!(en(at_most(3, false)), "is age known?");
        assert_eq!(en(Question::Is { feature: 1, bin: 2 }), "city = Osaka?");
        assert_eq!(en(Question::Is { feature: 1, bin: 0 }), "is city unknown?");
    }
}

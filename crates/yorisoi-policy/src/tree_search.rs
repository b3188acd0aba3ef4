//! Which one or two questions earn the most? Exact search over tables of reward sums by bin.
//!
//! A row of sums holds the count of rows first and then one reward sum an arm. The table of a pair of
//! features holds one row of sums for each pair of bins; summing it over the bins that answer the first
//! question with yes leaves the table of the second feature on that side, in which every second
//! question is a few additions away.

use rayon::prelude::*;
use yorisoi_data::{BinnedRows, FeatureKind};

use crate::tree::Question;

/// A gain below this share of all absolute rewards is rounding, not gain.
const ROUNDING_SHARE: f64 = 1e-12;

/// Count, then one reward sum an arm.
pub(crate) type Sums = Vec<f64>;

/// Rows with rewards laid out for the search.
pub(crate) struct Packed<'a> {
    pub(crate) features: &'a BinnedRows,
    /// Row-major, one row of sums a unit: 1 and its rewards.
    values: Vec<f64>,
    width: usize,
    min_leaf: f64,
    /// What a question must gain to be asked.
    least_gain: f64,
}

/// The best tree of depth two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct DepthTwo {
    pub(crate) root: Question,
    /// The second question on either side, if one gains anything.
    pub(crate) yes: Option<Question>,
    pub(crate) no: Option<Question>,
}

/// The best that one side of a root question can earn.
#[derive(Debug, Clone, Copy)]
struct Side {
    reward: f64,
    question: Option<Question>,
}

/// A root question with the best of both sides so far.
#[derive(Debug, Clone, Copy)]
struct Root {
    question: Question,
    yes: Side,
    no: Side,
}

impl<'a> Packed<'a> {
    pub(crate) fn new(features: &'a BinnedRows, rewards: &[Vec<f64>], min_leaf: usize) -> Self {
        let width = rewards.len() + 1;
        let mut values = vec![1.0; features.n_rows() * width];
        values.par_chunks_exact_mut(width).enumerate().for_each(|(row, sums)| {
            sums[1..].iter_mut().zip(rewards).for_each(|(value, rewards)| *value = rewards[row]);
        });
        let largest = |row: &[f64]| row[1..].iter().map(|r| r.abs()).fold(0.0, f64::max);
        let total: f64 = values.chunks_exact(width).map(largest).sum();
        // A leaf without anyone in it is no leaf.
        let min_leaf = min_leaf.max(1) as f64;
        Self { features, values, width, min_leaf, least_gain: ROUNDING_SHARE * total }
    }

    fn row(&self, row: u32) -> &[f64] {
        let start = row as usize * self.width;
        &self.values[start..start + self.width]
    }

    /// Returns the sums over these rows.
    pub(crate) fn sums(&self, rows: &[u32]) -> Sums {
        let mut sums = vec![0.0; self.width];
        for &row in rows {
            add(&mut sums, self.row(row));
        }
        sums
    }

    /// Returns the reward of a leaf, or nothing if too few rows come to it.
    #[inline]
    fn leaf_reward(&self, sums: &[f64]) -> Option<f64> {
        (sums[0] >= self.min_leaf).then(|| sums[1..].iter().copied().fold(0.0, f64::max))
    }

    fn kind(&self, feature: usize) -> FeatureKind {
        self.features.kinds()[feature]
    }

    /// Returns the table of one feature: a row of sums for each bin.
    fn table(&self, rows: &[u32], feature: usize) -> Vec<f64> {
        let mut table = vec![0.0; self.kind(feature).n_bins() * self.width];
        for &row in rows {
            let bin = usize::from(self.features.row(row as usize)[feature]);
            add(&mut table[bin * self.width..(bin + 1) * self.width], self.row(row));
        }
        table
    }

    /// Returns the table of two features: for each bin of the first, the table of the second.
    fn pair_table(&self, rows: &[u32], first: usize, second: usize) -> Vec<f64> {
        let n_second = self.kind(second).n_bins();
        let mut table = vec![0.0; self.kind(first).n_bins() * n_second * self.width];
        for &row in rows {
            let bins = self.features.row(row as usize);
            let cell = usize::from(bins[first]) * n_second + usize::from(bins[second]);
            add(&mut table[cell * self.width..(cell + 1) * self.width], self.row(row));
        }
        table
    }

    /// Swaps the two features of a pair table.
    fn transposed(&self, table: &[f64], n_first: usize, n_second: usize) -> Vec<f64> {
        let mut swapped = Vec::with_capacity(table.len());
        for second in 0..n_second {
            for first in 0..n_first {
                let cell = (first * n_second + second) * self.width;
                swapped.extend_from_slice(&table[cell..cell + self.width]);
            }
        }
        swapped
    }

    /// Calls `visit` with every question about `feature` and the sum of the table's rows that answer
    /// it with yes. The table has one row of any length for each bin.
    fn for_each_question(
        &self,
        feature: usize,
        table: &[f64],
        mut visit: impl FnMut(Question, &[f64]),
    ) {
        let n_bins = self.kind(feature).n_bins();
        let mut rows = table.chunks_exact(table.len() / n_bins);
        let missing = rows.next().unwrap_or_default();
        // In every row of a table the counts stand at multiples of the width.
        let has_missing = missing.iter().step_by(self.width).any(|count| *count > 0.0);
        if has_missing {
            visit(Question::Is { feature, bin: 0 }, missing);
        }
        match self.kind(feature) {
            FeatureKind::Category { .. } => {
                for (bin, level) in (1..=u8::MAX).zip(rows) {
                    visit(Question::Is { feature, bin }, level);
                }
            }
            FeatureKind::Ordered { .. } => {
                let (mut below, mut with_missing) = (vec![0.0; missing.len()], missing.to_vec());
                // The last bin is left out: below its end lies everything.
                for (bin, row) in (1..=u8::MAX).zip(rows.take(n_bins.saturating_sub(2))) {
                    add(&mut below, row);
                    visit(Question::AtMost { feature, bin, missing_is_yes: false }, &below);
                    if has_missing {
                        add(&mut with_missing, row);
                        let question = Question::AtMost { feature, bin, missing_is_yes: true };
                        visit(question, &with_missing);
                    }
                }
            }
        }
    }

    /// Raises `side` to the best second question about `feature`, given its table on this side.
    fn improve(&self, side: &mut Side, feature: usize, table: &[f64], total: &[f64]) {
        let mut no = vec![0.0; self.width];
        self.for_each_question(feature, table, |question, yes| {
            subtract(&mut no, total, yes);
            let (Some(yes), Some(no)) = (self.leaf_reward(yes), self.leaf_reward(&no)) else {
                return;
            };
            if yes + no > side.reward + self.least_gain {
                *side = Side { reward: yes + no, question: Some(question) };
            }
        });
    }

    /// Returns every question about `root` with the best of both sides when the second question is
    /// about `second`. `table` is the pair's, `root` first.
    fn roots(&self, root: usize, second: usize, table: &[f64]) -> Vec<Root> {
        let n_second = self.kind(second).n_bins();
        let mut whole = vec![0.0; n_second * self.width];
        table.chunks_exact(whole.len()).for_each(|row| add(&mut whole, row));
        let mut roots = Vec::new();
        let mut no_table = vec![0.0; whole.len()];
        self.for_each_question(root, table, |question, yes_table| {
            subtract(&mut no_table, &whole, yes_table);
            let (yes_sums, no_sums) = (self.total(yes_table), self.total(&no_table));
            let rewards = (self.leaf_reward(&yes_sums), self.leaf_reward(&no_sums));
            let (Some(yes), Some(no)) = rewards else { return };
            let mut yes = Side { reward: yes, question: None };
            let mut no = Side { reward: no, question: None };
            self.improve(&mut yes, second, yes_table, &yes_sums);
            self.improve(&mut no, second, &no_table, &no_sums);
            roots.push(Root { question, yes, no });
        });
        roots
    }

    fn total(&self, table: &[f64]) -> Sums {
        let mut sums = vec![0.0; self.width];
        table.chunks_exact(self.width).for_each(|row| add(&mut sums, row));
        sums
    }
}

/// Returns the best action for these sums and its total reward; nothing, where no arm earns more.
pub(crate) fn best_action(sums: &[f64]) -> (Option<usize>, f64) {
    let mut best = (None, 0.0);
    for (arm, &reward) in sums[1..].iter().enumerate() {
        if reward > best.1 {
            best = (Some(arm), reward);
        }
    }
    best
}

/// Returns the best single question, or nothing if none gains.
pub(crate) fn best_depth_one(packed: &Packed<'_>, rows: &[u32]) -> Option<Question> {
    let total = packed.sums(rows);
    let tables: Vec<Vec<f64>> = (0..packed.features.n_features())
        .into_par_iter()
        .map(|feature| packed.table(rows, feature))
        .collect();
    let mut best = Side { reward: best_action(&total).1, question: None };
    for (feature, table) in tables.iter().enumerate() {
        packed.improve(&mut best, feature, table, &total);
    }
    best.question
}

/// Returns the best tree of depth two, or nothing if no question gains.
pub(crate) fn best_depth_two(packed: &Packed<'_>, rows: &[u32]) -> Option<DepthTwo> {
    let n_features = packed.features.n_features();
    let pairs: Vec<(usize, usize)> =
        (0..n_features).flat_map(|a| (a..n_features).map(move |b| (a, b))).collect();
    // By root feature, in the order of pairs: the same whatever thread was faster.
    let found: Vec<[Vec<Root>; 2]> = pairs
        .par_iter()
        .map(|&(a, b)| {
            let table = packed.pair_table(rows, a, b);
            let forward = packed.roots(a, b, &table);
            if a == b {
                return [forward, Vec::new()];
            }
            let sizes = (packed.kind(a).n_bins(), packed.kind(b).n_bins());
            let swapped = packed.transposed(&table, sizes.0, sizes.1);
            [forward, packed.roots(b, a, &swapped)]
        })
        .collect();
    let mut by_feature: Vec<Vec<Root>> = vec![Vec::new(); n_features];
    for (&(a, b), [forward, backward]) in pairs.iter().zip(found) {
        merge(&mut by_feature[a], forward, packed.least_gain);
        merge(&mut by_feature[b], backward, packed.least_gain);
    }
    let mut best_reward = best_action(&packed.sums(rows)).1;
    let mut best = None;
    for root in by_feature.iter().flatten() {
        let reward = root.yes.reward + root.no.reward;
        if reward > best_reward + packed.least_gain {
            best_reward = reward;
            best = Some(DepthTwo {
                root: root.question,
                yes: root.yes.question,
                no: root.no.question,
            });
        }
    }
    best
}

/// Keeps the better side of each root question. The questions of one root feature are the same, and
/// in the same order, whatever the second feature is.
fn merge(kept: &mut Vec<Root>, new: Vec<Root>, least_gain: f64) {
    if kept.is_empty() {
        *kept = new;
        return;
    }
    for (kept, new) in kept.iter_mut().zip(new) {
        for (kept, new) in [(&mut kept.yes, new.yes), (&mut kept.no, new.no)] {
            if new.reward > kept.reward + least_gain {
                *kept = new;
            }
        }
    }
}

#[inline]
fn add(sums: &mut [f64], row: &[f64]) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += value;
    }
}

#[inline]
fn subtract(into: &mut [f64], from: &[f64], what: &[f64]) {
    for ((into, from), what) in into.iter_mut().zip(from).zip(what) {
        *into = from - what;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PolicyTree, TreeNode, TreeOptions, fit_policy_tree};
    use proptest::prelude::*;

    /// Sums of at most 30 multiples of 1/4 are exact; the tree reports means times counts.
    const ROUNDING: f64 = 1e-9;

    #[derive(Debug, Clone)]
    struct Case {
        features: BinnedRows,
        rewards: Vec<Vec<f64>>,
        min_leaf: usize,
    }

    impl Case {
        fn fit(&self, depth: usize) -> PolicyTree {
            let options = TreeOptions { depth, min_leaf: self.min_leaf };
            fit_policy_tree(&self.features, &self.rewards, options).unwrap()
        }

        /// Every question there is, asked of rows and not of tables.
        fn questions(&self) -> Vec<Question> {
            let of = |(feature, kind): (usize, &FeatureKind)| -> Vec<Question> {
                let n_bins = kind.n_bins() as u8;
                let is = (0..n_bins).map(|bin| Question::Is { feature, bin });
                match kind {
                    FeatureKind::Category { .. } => is.collect(),
                    FeatureKind::Ordered { .. } => (1..n_bins)
                        .flat_map(|bin| {
                            [true, false].map(|m| Question::AtMost {
                                feature,
                                bin,
                                missing_is_yes: m,
                            })
                        })
                        .chain(is.take(1))
                        .collect(),
                }
            };
            self.features.kinds().iter().enumerate().flat_map(of).collect()
        }

        /// The best reward of any tree of this depth on these rows, by trying all of them.
        fn brute_force(&self, rows: &[usize], depth: usize) -> Option<f64> {
            if rows.len() < self.min_leaf.max(1) {
                return None;
            }
            let total = |column: &Vec<f64>| rows.iter().map(|&row| column[row]).sum::<f64>();
            let mut best = self.rewards.iter().map(total).fold(0.0, f64::max);
            if depth > 0 {
                for question in self.questions() {
                    let (yes, no): (Vec<usize>, Vec<usize>) =
                        rows.iter().partition(|&&row| question.is_yes(self.features.row(row)));
                    let sides =
                        (self.brute_force(&yes, depth - 1), self.brute_force(&no, depth - 1));
                    if let (Some(yes), Some(no)) = sides {
                        best = best.max(yes + no);
                    }
                }
            }
            Some(best)
        }
    }

    fn cases() -> impl Strategy<Value = Case> {
        (1_usize..16, 1_usize..4, 1_usize..4, 1_usize..4).prop_flat_map(
            |(n_rows, n_features, n_arms, min_leaf)| {
                let kinds = prop::collection::vec(any::<bool>(), n_features);
                let bins = prop::collection::vec(0_u8..4, n_rows * n_features);
                let reward = (-8..8).prop_map(|k| f64::from(k) * 0.25);
                let rewards = prop::collection::vec(prop::collection::vec(reward, n_rows), n_arms);
                (kinds, bins, rewards).prop_map(move |(kinds, bins, rewards)| {
                    let kind = |is_ordered: bool| {
                        if is_ordered {
                            FeatureKind::Ordered { n_bins: 4 }
                        } else {
                            FeatureKind::Category { n_bins: 4 }
                        }
                    };
                    let kinds = kinds.into_iter().map(kind).collect();
                    Case { features: BinnedRows::new(bins, kinds, n_rows), rewards, min_leaf }
                })
            },
        )
    }

    proptest! {
        #[test]
        fn up_to_depth_two_no_tree_is_better(case in cases()) {
            let rows: Vec<usize> = (0..case.features.n_rows()).collect();
            prop_assume!(rows.len() >= case.min_leaf);
            for depth in 0..=2 {
                let best = case.brute_force(&rows, depth).unwrap();
                let ours = case.fit(depth).training_reward();
                prop_assert!((ours - best).abs() < ROUNDING, "depth {depth}: {ours} against {best}");
            }
        }

        #[test]
        fn a_deeper_tree_is_never_worse(case in cases()) {
            let rewards: Vec<f64> = (0..=4).map(|depth| case.fit(depth).training_reward()).collect();
            for pair in rewards.windows(2) {
                prop_assert!(pair[1] >= pair[0] - ROUNDING, "{rewards:?}");
            }
        }

        #[test]
        fn every_leaf_is_large_enough_and_rewards_what_it_says(case in cases()) {
            let tree = case.fit(3);
            let mut n_units = 0;
            for node in tree.nodes() {
                let TreeNode::Leaf { n_units: n, .. } = node else { continue };
                prop_assert!(*n >= case.min_leaf || tree.nodes().len() == 1);
                n_units += n;
            }
            prop_assert_eq!(n_units, case.features.n_rows());
            let reward = |(row, arm): (usize, Option<usize>)| arm.map_or(0.0, |arm| case.rewards[arm][row]);
            let total: f64 = tree.assignment(&case.features).into_iter().enumerate().map(reward).sum();
            prop_assert!((total - tree.training_reward()).abs() < ROUNDING);
        }
    }

    #[test]
    fn where_every_arm_harms_the_tree_is_one_hold() {
        let case = Case {
            features: BinnedRows::new(
                vec![1, 2, 3, 1],
                vec![FeatureKind::Ordered { n_bins: 4 }],
                4,
            ),
            rewards: vec![vec![-1.0; 4], vec![-2.0; 4]],
            min_leaf: 1,
        };
        let leaf = TreeNode::Leaf { action: None, n_units: 4, mean_reward: 0.0 };
        assert_eq!(case.fit(2).nodes(), [leaf]);
    }

    #[test]
    fn a_question_that_gains_nothing_is_not_asked() {
        let case = Case {
            features: BinnedRows::new(
                vec![1, 2, 3, 1],
                vec![FeatureKind::Ordered { n_bins: 4 }],
                4,
            ),
            rewards: vec![vec![0.1, 0.2, 0.3, 0.4]],
            min_leaf: 1,
        };
        assert_eq!(case.fit(2).nodes().len(), 1);
    }

    #[test]
    fn two_hundred_and_fifty_six_bins_are_searched_to_the_last() {
        let n_rows = 255;
        let bins = (1..=u8::MAX).flat_map(|bin| [bin, bin]).collect();
        let kinds =
            vec![FeatureKind::Ordered { n_bins: 256 }, FeatureKind::Category { n_bins: 256 }];
        let last_helps = (1..=n_rows).map(|row| if row == n_rows { 1.0 } else { -1.0 }).collect();
        let case = Case {
            features: BinnedRows::new(bins, kinds, n_rows),
            rewards: vec![last_helps],
            min_leaf: 1,
        };
        let reward = case.fit(1).training_reward();
        assert!((reward - 1.0).abs() < ROUNDING, "{reward}");
    }

    #[test]
    fn no_rows_and_features_without_values_make_one_leaf() {
        let empty = Case {
            features: BinnedRows::new(Vec::new(), vec![FeatureKind::Ordered { n_bins: 0 }], 0),
            rewards: vec![Vec::new()],
            min_leaf: 1,
        };
        assert_eq!(empty.fit(2).nodes().len(), 1);
        let all_missing = Case {
            features: BinnedRows::new(vec![0; 3], vec![FeatureKind::Ordered { n_bins: 1 }], 3),
            rewards: vec![vec![1.0, -1.0, 1.0]],
            min_leaf: 1,
        };
        assert_eq!(all_missing.fit(2).nodes().len(), 1);
    }

    #[test]
    fn any_number_of_threads_gives_the_same_tree() {
        let n_rows = 2_000;
        let column = |k: u64| yorisoi_testkit::Draws::new(8, k);
        let bins =
            (0..n_rows).flat_map(|row| (0..6).map(move |k| 1 + column(k).choice(row, 31) as u8));
        let kinds = vec![FeatureKind::Ordered { n_bins: 32 }; 6];
        let case = Case {
            features: BinnedRows::new(bins.collect(), kinds, n_rows),
            rewards: (10..13)
                .map(|k| (0..n_rows).map(|row| column(k).normal(row)).collect())
                .collect(),
            min_leaf: 20,
        };
        let with_threads = |n_threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            pool.install(|| case.fit(3))
        };
        assert_eq!(with_threads(1), with_threads(3));
    }
}

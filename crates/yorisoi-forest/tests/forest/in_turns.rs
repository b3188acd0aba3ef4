//! Bags that take turns: each is what its own recipe alone would have grown.

use yorisoi_data::Silent;
use yorisoi_forest::{Causal, Forest, ForestParams, InTurns, Recipe, grow, grow_more};

use crate::common::Sample;

fn params(n_trees: usize) -> ForestParams {
    ForestParams { n_trees, ..ForestParams::default() }
}

fn grown<R: Recipe<8, 1>>(recipe: &R, sample: &Sample, n_trees: usize) -> Forest {
    grow(recipe, sample.units(), &params(n_trees), &Silent)
}

fn in_turns(sample: &Sample) -> InTurns<Causal<'_>> {
    InTurns { first: sample.causal(), second: sample.causal_without_line() }
}

#[test]
fn every_other_bag_goes_the_other_way() {
    let sample = Sample::new(600, 3);
    let both = grown(&in_turns(&sample), &sample, 12);
    let (with, without) =
        (grown(&sample.causal(), &sample, 12), grown(&sample.causal_without_line(), &sample, 12));
    assert_eq!(both.baselines.len(), 6);
    for bag in 0..6 {
        let (own, trees) = (&both.baselines[bag], 2 * bag..2 * bag + 2);
        if bag % 2 == 0 {
            assert_eq!(own, &with.baselines[bag]);
            assert_eq!(both.trees[trees.clone()], with.trees[trees]);
        } else {
            assert!(own.steps.is_empty() && own.line.intercept.abs() < f32::MIN_POSITIVE);
            assert_eq!(both.trees[trees.clone()], without.trees[trees]);
        }
    }
    assert_ne!(with.trees, without.trees);
    assert!(both.is_sound(sample.features.n_features(), 4));
}

#[test]
fn growing_on_takes_turns_where_it_left_off() {
    let sample = Sample::new(600, 4);
    let half = grown(&in_turns(&sample), &sample, 6);
    let whole = grow_more(half, &in_turns(&sample), sample.units(), &params(12), &Silent);
    assert_eq!(whole, grown(&in_turns(&sample), &sample, 12));
}

//! Where to cut a number's range? Between distinct values if they are few, at quantiles otherwise.

/// Returns ascending cut points that make at most `max_bins` bins of the values.
///
/// Values must be sorted and hold no NaN. With at most `max_bins` distinct values every one has its own
/// bin and cuts are midpoints. Otherwise bins hold about equally many values; a value that fills a bin
/// alone (the zeros of a spend column) has its own, and the rest shares the remaining bins evenly. Such
/// cuts are rounded to as few digits as lie between the two neighbours, so that they read well.
pub(super) fn cut_points(sorted: &[f64], max_bins: usize) -> Vec<f64> {
    let distinct = distinct_counts(sorted);
    if distinct.len() <= max_bins {
        return distinct.windows(2).map(|pair| midpoint(pair[0].0, pair[1].0)).collect();
    }
    equal_mass_ends(&distinct, max_bins)
        .into_iter()
        .map(|end| round_between(distinct[end].0, distinct[end + 1].0))
        .collect()
}

fn distinct_counts(sorted: &[f64]) -> Vec<(f64, usize)> {
    let mut distinct: Vec<(f64, usize)> = Vec::new();
    for &value in sorted {
        match distinct.last_mut() {
            // Sorted, so a value that is not above the last equals it (also 0 and −0).
            Some((last, count)) if value <= *last => *count += 1,
            _ => distinct.push((value, 1)),
        }
    }
    distinct
}

/// Positions of the last distinct value of every bin but the last.
fn equal_mass_ends(distinct: &[(f64, usize)], max_bins: usize) -> Vec<usize> {
    let total: usize = distinct.iter().map(|(_, count)| count).sum();
    let mean = total as f64 / max_bins as f64;
    let is_heavy = |i: usize| distinct[i].1 as f64 >= mean;
    let n_heavy = (0..distinct.len()).filter(|&i| is_heavy(i)).count();
    let heavy_mass: usize =
        (0..distinct.len()).filter(|&i| is_heavy(i)).map(|i| distinct[i].1).sum();

    let mut light_left = (total - heavy_mass) as f64;
    // A heavy value may part the light ones before it from those after; both ends need a bin.
    let mut bins_left = (max_bins - n_heavy).max(1) as f64;
    let mut ends = Vec::with_capacity(max_bins - 1);
    let mut mass = 0.0;
    for (i, &(_, count)) in distinct.iter().enumerate().take(distinct.len() - 1) {
        if ends.len() == max_bins - 1 {
            break;
        }
        let light = if is_heavy(i) { 0.0 } else { count as f64 };
        mass += light;
        let target = light_left / bins_left;
        let is_full = mass >= target || (is_heavy(i + 1) && mass >= 0.5 * target);
        if is_heavy(i) || is_full {
            ends.push(i);
            if mass > 0.0 && !is_heavy(i) {
                bins_left = (bins_left - 1.0).max(1.0);
            }
            light_left -= mass;
            mass = 0.0;
        }
    }
    ends
}

/// A cut above `low` and at most `high`: their midpoint, or `high` where floats have no room.
fn midpoint(low: f64, high: f64) -> f64 {
    let middle = low + (high - low) / 2.0;
    if middle > low && middle <= high { middle } else { high }
}

/// The roundest number above `low` and at most `high`.
fn round_between(low: f64, high: f64) -> f64 {
    let middle = midpoint(low, high);
    let gap = high - low;
    if !(gap.is_finite() && gap > 0.0 && middle.is_finite()) {
        return middle;
    }
    let coarsest = -libm::log10(gap).ceil() as i32 - 1;
    (coarsest..coarsest + 5)
        .map(|digits| {
            if digits >= 0 {
                let power = 10_f64.powi(digits);
                (middle * power + 0.5).floor() / power
            } else {
                let power = 10_f64.powi(-digits);
                (middle / power + 0.5).floor() * power
            }
        })
        .find(|&round| round > low && round <= high)
        .unwrap_or(middle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn few_distinct_values_are_cut_at_midpoints() {
        assert_eq!(cut_points(&[1.0, 1.0, 2.0, 4.0], 63), [1.5, 3.0]);
        assert!(cut_points(&[7.0, 7.0], 63).is_empty());
        assert!(cut_points(&[], 63).is_empty());
    }

    #[test]
    fn infinities_have_bins_of_their_own() {
        let cuts = cut_points(&[f64::NEG_INFINITY, 1.0, f64::INFINITY], 63);
        assert_eq!(cuts, [1.0, f64::INFINITY]);
    }

    #[test]
    fn a_heavy_value_leaves_the_other_bins_to_the_rest() {
        let mut values = vec![0.0; 9_900];
        values.extend((1..=100).map(f64::from));
        let cuts = cut_points(&values, 11);
        assert_eq!(cuts.len(), 10);
        assert!(cuts[0] > 0.0 && cuts[0] <= 1.0);
        let sizes: Vec<usize> = cuts
            .windows(2)
            .map(|pair| values.iter().filter(|&&v| v >= pair[0] && v < pair[1]).count())
            .collect();
        assert!(sizes.iter().all(|size| (9..=11).contains(size)), "{sizes:?}");
    }

    #[test]
    fn quantile_cuts_read_well() {
        let cases =
            [((0.123_456, 0.123_789), "0.1236"), ((1234.0, 1300.0), "1300"), ((-3.0, -2.0), "-2")];
        for ((low, high), spelt) in cases {
            assert_eq!(round_between(low, high).to_string(), spelt, "between {low} and {high}");
        }
    }

    proptest! {
        /// Cuts ascend strictly, part some values, and are never more than asked for.
        #[test]
        fn cuts_ascend_and_part_values(
            mut values in prop::collection::vec(
                prop_oneof![-1e3..1e3_f64, prop::num::f64::NORMAL | prop::num::f64::ZERO, Just(0.0)], 2..400),
            max_bins in 2_usize..40,
        ) {
            values.sort_by(f64::total_cmp);
            let cuts = cut_points(&values, max_bins);
            prop_assert!(cuts.len() < max_bins);
            prop_assert!(cuts.windows(2).all(|pair| pair[0] < pair[1]));
            for &cut in &cuts {
                prop_assert!(values.iter().any(|&v| v < cut) && values.iter().any(|&v| v >= cut));
            }
        }

        /// With many distinct values no bin holds much more than its share.
        #[test]
        fn bins_of_distinct_values_are_even(n in 100_usize..2000, max_bins in 2_usize..64) {
            let values: Vec<f64> = (0..n).map(|i| (i * i) as f64 * 0.37).collect();
            let cuts = cut_points(&values, max_bins);
            prop_assert_eq!(cuts.len(), max_bins.min(n) - 1);
            let mut sizes = vec![0_usize; cuts.len() + 1];
            for v in &values { sizes[cuts.partition_point(|c| c <= v)] += 1; }
            let mean = n as f64 / max_bins as f64;
            prop_assert!(sizes.iter().all(|&s| (s as f64) < mean + 1.5), "{:?}", sizes);
        }
    }
}

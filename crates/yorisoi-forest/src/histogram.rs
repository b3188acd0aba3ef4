//! Lane sums by feature and bin: built from rows, or from a parent less a sibling.

use yorisoi_data::{BinnedRows, FeatureKind};

use crate::recipe::Recipe;

/// Where each feature's bins lie in a histogram, at full or coarse resolution.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// First bin of each feature; one more entry than features.
    pub(crate) offsets: Vec<u32>,
    /// Ordered bins are merged `2^shift` at a time; categories never.
    pub(crate) shifts: Vec<u8>,
}

impl Layout {
    /// Returns a layout with at most `max_bins` ordered bins a feature, the missing bin aside.
    pub(crate) fn new(kinds: &[FeatureKind], max_bins: usize) -> Self {
        let mut offsets = vec![0];
        let mut shifts = Vec::with_capacity(kinds.len());
        for kind in kinds {
            let shift = match kind {
                FeatureKind::Ordered { n_bins } => {
                    let values = usize::from(*n_bins).saturating_sub(1);
                    (0..8).find(|&shift| values.div_ceil(1 << shift) <= max_bins).unwrap_or(8)
                }
                FeatureKind::Category { .. } => 0,
            };
            let n_bins = usize::from(coarse_bin((kind.n_bins().max(1) - 1) as u8, shift)) + 1;
            offsets.push(offsets[offsets.len() - 1] + n_bins as u32);
            shifts.push(shift);
        }
        Self { offsets, shifts }
    }

    /// Returns the number of bins over all features.
    pub(crate) fn n_bins(&self) -> usize {
        self.offsets[self.offsets.len() - 1] as usize
    }

    fn is_full(&self) -> bool {
        self.shifts.iter().all(|&shift| shift == 0)
    }
}

/// Returns the merged bin; the missing bin 0 stays alone.
#[inline]
pub(crate) fn coarse_bin(bin: u8, shift: u8) -> u8 {
    ((u16::from(bin) + (1 << shift) - 1) >> shift) as u8
}

/// Lane sums of every bin of every feature.
pub(crate) type Histogram<const L: usize> = Vec<[f32; L]>;

/// Some rows with their lanes, copied out of the data set so that they lie close together.
pub(crate) struct TreeRows<const L: usize> {
    /// Bins, row-major.
    pub(crate) bins: Vec<u8>,
    /// Lanes, one entry a row.
    pub(crate) lanes: Vec<[f32; L]>,
    pub(crate) n_features: usize,
}

impl<const L: usize> TreeRows<L> {
    /// Copies `units` out of `features` and `recipe`.
    pub(crate) fn gather<const D: usize>(
        features: &BinnedRows,
        recipe: &impl Recipe<L, D>,
        units: &[u32],
    ) -> Self {
        let n_features = features.n_features();
        let mut bins = Vec::with_capacity(units.len() * n_features);
        for &unit in units {
            bins.extend_from_slice(features.row(unit as usize));
        }
        let lanes = units.iter().map(|&unit| recipe.contribution(unit as usize)).collect();
        Self { bins, lanes, n_features }
    }

    /// Copies the rows at `positions`.
    pub(crate) fn subset(&self, positions: &[u32]) -> Self {
        let p = self.n_features;
        let mut bins = Vec::with_capacity(positions.len() * p);
        for &position in positions {
            bins.extend_from_slice(&self.bins[position as usize * p..(position as usize + 1) * p]);
        }
        let lanes = positions.iter().map(|&position| self.lanes[position as usize]).collect();
        Self { bins, lanes, n_features: p }
    }

    /// Returns the number of rows.
    pub(crate) fn n_rows(&self) -> usize {
        self.lanes.len()
    }
}

/// Adds `rows` into `histogram`, which the caller has cleared.
pub(crate) fn add_rows<const L: usize>(
    histogram: &mut [[f32; L]],
    layout: &Layout,
    data: &TreeRows<L>,
    rows: &[u32],
) {
    let p = data.n_features;
    let full = layout.is_full();
    for &row in rows {
        let row = row as usize;
        let lanes = data.lanes[row];
        let bins = &data.bins[row * p..(row + 1) * p];
        if full {
            for (&bin, &offset) in bins.iter().zip(&layout.offsets) {
                add(&mut histogram[(offset + u32::from(bin)) as usize], &lanes);
            }
        } else {
            for ((&bin, &offset), &shift) in bins.iter().zip(&layout.offsets).zip(&layout.shifts) {
                let bin = coarse_bin(bin, shift);
                add(&mut histogram[(offset + u32::from(bin)) as usize], &lanes);
            }
        }
    }
}

/// Turns the parent's histogram into the sibling of `child`.
pub(crate) fn subtract<const L: usize>(parent: &mut [[f32; L]], child: &[[f32; L]]) {
    for (parent, child) in parent.iter_mut().zip(child) {
        for (parent, child) in parent.iter_mut().zip(child) {
            *parent -= child;
        }
    }
}

#[inline]
fn add<const L: usize>(sum: &mut [f32; L], lanes: &[f32; L]) {
    for (sum, lane) in sum.iter_mut().zip(lanes) {
        *sum += lane;
    }
}

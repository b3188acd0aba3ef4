//! The histogram kernel, held out to the benchmark; no part of the interface.

use yorisoi_data::BinnedRows;

use crate::{
    histogram::{Histogram, Layout, TreeRows, add_rows},
    recipe::Recipe,
};

/// Rows and the histogram they are added to.
pub struct Kernel {
    data: TreeRows<8>,
    layout: Layout,
    histogram: Histogram<8>,
}

impl Kernel {
    /// Copies `units` together, as a tree does.
    pub fn new<const D: usize>(
        features: &BinnedRows,
        recipe: &impl Recipe<8, D>,
        units: &[u32],
    ) -> Self {
        let layout = Layout::new(features.kinds(), usize::MAX);
        let histogram = vec![[0.0; 8]; layout.n_bins()];
        Self { data: TreeRows::gather(features, recipe, units), layout, histogram }
    }

    /// Adds the rows at `positions` to the histogram.
    pub fn add(&mut self, positions: &[u32]) {
        add_rows(&mut self.histogram, &self.layout, (&self.data.bins, &self.data.lanes), positions);
    }

    /// Returns the histogram.
    pub fn histogram(&self) -> &[[f32; 8]] {
        &self.histogram
    }
}

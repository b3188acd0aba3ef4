//! Pictures and pages: a study as one self-contained HTML file.
//!
//! [`render`] turns a [`Summary`] into the bytes of a page, for a manager first and a statistician
//! second, in English and Japanese. It reads nothing, writes nothing and loads nothing: the page has
//! its style and its pictures inside, and works with scripts switched off.
//!
//! Markup is built with `maud`, whose macro escapes every interpolated string; the words stand in
//! one folder as typed constants and functions, so that no sentence can exist in one language only.

#![expect(
    clippy::disallowed_methods,
    reason = "logarithms and powers choose digits and ticks; pictures promise no bits"
)]

mod chart;
mod japanese;
mod limits;
mod number;
mod page;
pub mod picture;
mod section;
mod settings;
mod study;
mod text;
mod words;

use yorisoi::summary::Summary;

/// The version of the summary's contract that this page understands.
const FORMAT: u32 = 1;

/// Why a page could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The summary was written by another version.
    #[error(
        "the summary has format `{actual}`, this report reads `{expected}`; run the study again"
    )]
    Format {
        /// Format of the summary.
        actual: u32,
        /// Format this crate reads.
        expected: u32,
    },
    /// A node of the policy tree leads to one that is missing, stands before it, or has two parents.
    #[error(
        "policy tree node `{node}` leads to node `{child}`, which cannot be its child; run the study again"
    )]
    PolicyTree {
        /// The wrong node.
        node: usize,
        /// Where it leads.
        child: usize,
    },
    /// The policy tree is empty or too large to read.
    #[error(
        "the policy tree has `{n_nodes}` nodes, expected 1 to `{limit}`; ask for a smaller tree"
    )]
    PolicyTreeSize {
        /// Nodes of the tree.
        n_nodes: usize,
        /// Most nodes that are drawn.
        limit: usize,
    },
    /// The page came out larger than promised.
    #[error(
        "the page has `{bytes}` bytes, more than the promised `{limit}`; study fewer arms at a time"
    )]
    TooLarge {
        /// Bytes of the page.
        bytes: usize,
        /// Most bytes promised.
        limit: usize,
    },
}

/// Returns a study as one HTML page.
///
/// The page is complete in itself and safe to pass on: no request leaves it, names from the data are
/// escaped and shortened, numbers that are not finite read "unknown". Sections the data cannot carry are
/// left out, and the page says which and why.
///
/// # Errors
///
/// [`ReportError::Format`] for a summary of another version; [`ReportError::PolicyTree`] and
/// [`ReportError::PolicyTreeSize`] for a tree that is none; [`ReportError::TooLarge`] if the page
/// would exceed 2 MB, which the limits on everything listed should prevent.
///
/// # Example
///
/// ```no_run
/// # fn study() -> yorisoi::summary::Summary { unimplemented!() }
/// let page = yorisoi_report::render(&study())?;
/// assert!(page.starts_with("<!DOCTYPE html>"));
/// # Ok::<(), yorisoi_report::ReportError>(())
/// ```
pub fn render(summary: &Summary) -> Result<String, ReportError> {
    if summary.format != FORMAT {
        return Err(ReportError::Format { actual: summary.format, expected: FORMAT });
    }
    if let Some(tree) = &summary.policy_tree {
        section::check_tree(tree)?;
    }
    let page = page::page(&study::Study::new(summary));
    if page.len() > limits::PAGE_BYTES {
        return Err(ReportError::TooLarge { bytes: page.len(), limit: limits::PAGE_BYTES });
    }
    Ok(page)
}

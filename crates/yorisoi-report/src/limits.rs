//! How much is shown? The page stays small and readable whatever the data hold.
//!
//! Everything left out here stands in `summary.json`, and the page says so where it leaves out.

/// Bytes of the finished page.
pub(crate) const PAGE_BYTES: usize = 2_000_000;
/// Characters of a name in the text and in pictures.
pub(crate) const NAME_CHARS: usize = 40;
/// Characters of a name in the title of an axis.
pub(crate) const AXIS_CHARS: usize = 14;
/// Characters of a name in its tooltip.
pub(crate) const TITLE_CHARS: usize = 200;
/// Characters of a sentence that comes with the summary.
pub(crate) const SENTENCE_CHARS: usize = 600;
/// Arms with pictures of their own.
pub(crate) const ARMS: usize = 6;
/// Rows of a table or of a picture with one row a name.
pub(crate) const ROWS: usize = 20;
/// Rows of the table beside a picture of a curve.
pub(crate) const CURVE_ROWS: usize = 11;
/// Points drawn of one curve.
pub(crate) const POINTS: usize = 200;
/// Lines of a profile.
pub(crate) const PROFILE_ROWS: usize = 6;
/// Nodes of the policy tree.
pub(crate) const TREE_NODES: usize = 63;
/// Settings, notices and features listed.
pub(crate) const LISTED: usize = 100;

/// Returns at most `keep` entries at even distances, the first and the last among them.
pub(crate) fn thin<T>(all: &[T], keep: usize) -> Vec<&T> {
    if all.len() <= keep || keep < 2 {
        return all.iter().take(keep).collect();
    }
    (0..keep).map(|i| &all[i * (all.len() - 1) / (keep - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_both_ends() {
        let all: Vec<usize> = (0..200).collect();
        let kept = thin(&all, 20);
        assert_eq!(kept.len(), 20);
        assert_eq!((*kept[0], *kept[19]), (0, 199));
    }

    #[test]
    fn a_short_list_is_kept_whole() {
        assert_eq!(thin(&[1, 2, 3], 20), vec![&1, &2, &3]);
        assert!(thin::<u8>(&[], 20).is_empty());
    }
}

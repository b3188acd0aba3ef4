//! Who belongs together, and who counts how much? Clusters and weights.

use std::collections::HashMap;

use super::RoleError;
use super::outcome::not_numeric;
use crate::{Column, MISSING_CODE, Notice, Values};

/// Weights that sums of their squares can hold. Nobody counts a billion times as much as another.
const WEIGHTS: std::ops::RangeInclusive<f64> = 1e-9..=1e9;
/// With fewer clusters, standard errors over clusters mean little.
const FEW_CLUSTERS: usize = 30;

/// Returns dense cluster ids of `rows`, in order of first appearance.
///
/// A row without a cluster is a cluster of its own.
pub fn cluster_ids(column: &Column, rows: &[u32]) -> Vec<u32> {
    let mut known: HashMap<u64, u32> = HashMap::new();
    let mut n_clusters = 0;
    let id_of = |&row: &u32| {
        let next = n_clusters;
        let id = key(column, row as usize).map_or(next, |key| *known.entry(key).or_insert(next));
        n_clusters += u32::from(id == next);
        id
    };
    rows.iter().map(id_of).collect()
}

/// Returns what rows of one cluster have in common; nothing where the cluster is missing.
fn key(column: &Column, row: usize) -> Option<u64> {
    match &column.values {
        Values::Numeric(values) => (!values[row].is_nan()).then(|| (values[row] + 0.0).to_bits()),
        Values::Category { codes, .. } => {
            (codes[row] != MISSING_CODE).then(|| u64::from(codes[row]))
        }
    }
}

/// As [`cluster_ids`], with what the user should know about them.
pub(super) fn told_cluster_ids(
    column: &Column,
    rows: &[u32],
    notices: &mut Vec<Notice>,
) -> Vec<u32> {
    let ids = cluster_ids(column, rows);
    let n_clusters = ids.iter().max().map_or(0, |last| *last as usize + 1);
    let n_missing = rows.iter().filter(|row| key(column, **row as usize).is_none()).count();
    notices.extend(cluster_notice(&column.name, rows.len(), n_clusters, n_missing));
    ids
}

fn cluster_notice(name: &str, n_rows: usize, n_clusters: usize, n_missing: usize) -> Vec<Notice> {
    let mut notices = Vec::new();
    if n_missing > 0 {
        notices.push(Notice::new(
            "cluster.missing",
            Some(name),
            format!("{n_missing} rows have no `{name}`; each counts as a cluster of its own"),
            format!(
                "「{name}」のない行が {n_missing} 件あり、それぞれ単独のまとまりとして扱います。"
            ),
        ));
    }
    if n_clusters == n_rows {
        notices.push(Notice::new(
            "cluster.singletons",
            Some(name),
            format!("every `{name}` has one row only, so clusters change nothing"),
            format!("どの「{name}」も 1 行だけなので、まとまりの指定は結果に影響しません。"),
        ));
    } else if n_clusters < FEW_CLUSTERS {
        notices.push(Notice::new(
            "cluster.few",
            Some(name),
            format!("there are only {n_clusters} clusters in `{name}`; intervals will be rough"),
            format!("「{name}」のまとまりは {n_clusters} 個しかなく、区間推定は大まかになります。"),
        ));
    }
    notices
}

/// Returns the weights of the used rows.
pub(super) fn weights(column: &Column, rows: &[u32]) -> Result<Vec<f64>, RoleError> {
    let Values::Numeric(values) = &column.values else { return Err(not_numeric("weight", column)) };
    rows.iter()
        .map(|&row| {
            let value = values[row as usize];
            if WEIGHTS.contains(&value) {
                return Ok(value);
            }
            Err(RoleError::BadWeight { column: column.name.clone(), row: row as usize + 1, value })
        })
        .collect()
}

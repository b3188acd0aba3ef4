//! Who is helped and who is harmed? Groups, profiles and a rule small enough to remember.

use maud::html;

use super::{LeftOut, Outcome, Section, groups, profiles, tree};
use crate::study::Study;
use crate::words::people as words;

/// Returns the section.
pub(crate) fn section(study: &Study<'_>) -> Outcome {
    let summary = study.summary;
    let title = words::TITLE;
    if summary.groups.is_empty() && summary.profiles.is_empty() && summary.policy_tree.is_none() {
        return Err(LeftOut { title, why: words::MISSING });
    }
    let body = html! {
        p.lead { (words::LEAD) }
        @if !summary.groups.is_empty() { (groups::block(study)) }
        @if !summary.profiles.is_empty() { (profiles::block(study)) }
        @if let Some(tree) = &summary.policy_tree { (tree::block(study, tree)) }
    };
    Ok(Section { id: "people", title, body })
}

//! Which few questions decide? The policy tree, drawn as nested lists so that its words can wrap.

use maud::{Markup, html};
use yorisoi::summary::{PolicyNode, PolicyTree, Value};

use crate::chart::Tone;
use crate::number::{self, Format};
use crate::study::Study;
use crate::text::{Name, Text};
use crate::words::people as words;
use crate::{ReportError, limits};

/// Checks that a tree is one: every child exists, stands behind its parent, and has no other parent.
///
/// # Errors
///
/// [`ReportError::PolicyTree`] names the first node that is wrong.
pub(crate) fn check(tree: &PolicyTree) -> Result<(), ReportError> {
    let n_nodes = tree.nodes.len();
    if n_nodes == 0 || n_nodes > limits::TREE_NODES {
        return Err(ReportError::PolicyTreeSize { n_nodes, limit: limits::TREE_NODES });
    }
    let mut has_parent = vec![false; n_nodes];
    for (node, entry) in tree.nodes.iter().enumerate() {
        let PolicyNode::Split { yes, no, .. } = entry else { continue };
        for child in [*yes, *no] {
            if child <= node || child >= n_nodes || has_parent[child] {
                return Err(ReportError::PolicyTree { node, child });
            }
            has_parent[child] = true;
        }
    }
    Ok(())
}

/// Returns the tree with its value.
pub(crate) fn block(study: &Study<'_>, tree: &PolicyTree) -> Markup {
    let leaves = tree.nodes.iter().filter_map(|node| match node {
        PolicyNode::Leaf { effect, .. } => effect.as_ref(),
        PolicyNode::Split { .. } => None,
    });
    let format = study.format(leaves);
    let value = study.format([&tree.value]);
    let interval = value.interval(tree.value.low, tree.value.high);
    html! {
        h3 { (words::TREE) }
        p { (Text::sentences([words::TREE_NOTE, words::tree_value(&value.amount(tree.value.estimate), &interval)])) }
        div.tree { ul { li { (node(tree, 0, format)) } } }
    }
}

fn node(tree: &PolicyTree, i: usize, format: Format) -> Markup {
    html! {
        @match &tree.nodes[i] {
            PolicyNode::Split { question, yes, no } => {
                div.ask { (Text::from(question)) }
                ul {
                    li { span.branch { (words::YES) } (node(tree, *yes, format)) }
                    li { span.branch { (words::NO) } (node(tree, *no, format)) }
                }
            }
            PolicyNode::Leaf { action, share, effect } => (leaf(action, *share, (effect.as_ref(), format)))
        }
    }
}

fn leaf(action: &str, share: f64, (effect, format): (Option<&Value>, Format)) -> Markup {
    let tone = effect.map_or(Tone::Rest, |effect| Tone::of(effect.low, effect.high));
    html! {
        div class={ "leaf " (tone.class()) } {
            @if action == "hold" { strong { (words::HOLD) } }
            @else { strong { (words::OFFER) " " (Name::new(action)) } }
            span.under { (words::of_people(&number::percent(share))) }
            @if let Some(effect) = effect {
                span.under { (format.amount(effect.estimate)) " (" (format.bare_interval(effect.low, effect.high)) ")" }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use yorisoi::summary::Words;

    fn split(yes: usize, no: usize) -> PolicyNode {
        let question = Words { en: "age > 40".to_owned(), ja: "年齢が40超".to_owned() };
        PolicyNode::Split { question, yes, no }
    }

    fn leaf() -> PolicyNode {
        PolicyNode::Leaf { action: "hold".to_owned(), share: 0.5, effect: None }
    }

    fn tree(nodes: Vec<PolicyNode>) -> PolicyTree {
        let value = Value { estimate: 0.0, std_error: 1.0, low: -2.0, high: 2.0, n: 10 };
        PolicyTree { nodes, value }
    }

    #[test]
    fn a_tree_with_two_leaves_is_one() {
        assert!(check(&tree(vec![split(1, 2), leaf(), leaf()])).is_ok());
    }

    #[test]
    fn a_child_that_does_not_exist_is_named() {
        let error = check(&tree(vec![split(1, 9), leaf(), leaf()])).unwrap_err();
        assert_eq!(error, ReportError::PolicyTree { node: 0, child: 9 });
    }

    #[test]
    fn a_circle_and_a_shared_child_are_no_tree() {
        assert!(check(&tree(vec![split(0, 1), leaf()])).is_err());
        assert!(check(&tree(vec![split(1, 1), leaf()])).is_err());
    }

    #[test]
    fn an_empty_tree_is_no_tree() {
        let error = check(&tree(Vec::new())).unwrap_err();
        assert!(matches!(error, ReportError::PolicyTreeSize { n_nodes: 0, .. }));
    }
}

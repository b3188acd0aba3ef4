//! The little of Markdown that the checks need: lines outside code, headings, tables.

/// A line of text, with its number from 1.
pub(crate) type Line<'a> = (usize, &'a str);

/// Returns the lines that are not in a fenced code block.
pub(crate) fn prose(text: &str) -> Vec<Line<'_>> {
    let mut in_fence = false;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        } else if !in_fence {
            lines.push((number, line));
        }
    }
    lines
}

/// Returns the contents of the fenced code blocks in this language.
pub(crate) fn code_blocks<'a>(text: &'a str, language: &str) -> Vec<Vec<&'a str>> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(found) = line.trim_start().strip_prefix("```") else { continue };
        let block: Vec<&str> =
            lines.by_ref().take_while(|line| !line.trim_start().starts_with("```")).collect();
        if found.trim() == language {
            blocks.push(block);
        }
    }
    blocks
}

/// Returns the headings, without their marks.
pub(crate) fn headings(text: &str) -> Vec<&str> {
    let lines = prose(text).into_iter();
    lines
        .filter(|(_, line)| line.starts_with('#'))
        .map(|(_, line)| line.trim_start_matches('#').trim())
        .collect()
}

/// Returns the anchor that a heading gets: lower case, spaces to hyphens, punctuation gone.
pub(crate) fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).flat_map(char::to_lowercase).collect()
}

/// Returns the line without its `inline code`.
pub(crate) fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

/// Returns the pieces of `inline code` of a text.
pub(crate) fn inline_code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Returns the cells of each table row, the rows of dashes left out.
pub(crate) fn table_rows(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut rows = Vec::new();
    for (number, line) in prose(text) {
        let Some(inner) = line.trim().strip_prefix('|').and_then(|rest| rest.strip_suffix('|'))
        else {
            continue;
        };
        let is_rule = inner.chars().all(|c| matches!(c, '-' | ':' | '|' | ' '));
        if !is_rule {
            rows.push((number, inner.split('|').map(|cell| cell.trim().to_owned()).collect()));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_those_of_a_code_host() {
        assert_eq!(anchor("What comes out, and how"), "what-comes-out-and-how");
        assert_eq!(anchor("寄り添い: to walk"), "寄り添い-to-walk");
    }

    #[test]
    fn fenced_code_is_not_prose() {
        let text = "# a\n```sh\n# no heading\n```\nb `c` d `e`";
        assert_eq!(headings(text), ["a"]);
        assert_eq!(code_blocks(text, "sh"), [["# no heading"]]);
        assert_eq!(without_code("b `c` d `e`"), "b  d ");
        assert_eq!(inline_code("b `c` d `e`").collect::<Vec<_>>(), ["c", "e"]);
    }

    #[test]
    fn tables_lose_their_rules() {
        let rows = table_rows("| a | b |\n|---|:-:|\n| 1 | 2 |");
        assert_eq!(rows[1], (3, vec!["1".to_owned(), "2".to_owned()]));
        assert_eq!(rows.len(), 2);
    }
}

//! How are numbers and names spelt, and which name did the user mean?

/// Returns the one spelling of a number: the shortest decimal that reads back as the same `f64`.
///
/// Every place that turns a number into a name (an arm called `1`, a category column with stray numbers)
/// uses this spelling, so `1`, `1.0` and `1e0` are one level.
pub fn spell_number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.is_finite() && !PLAIN.contains(&value.abs()) {
        return format!("{value:e}");
    }
    format!("{value}")
}

/// Magnitudes that are written without an exponent; others would fill a line with zeros.
const PLAIN: std::ops::Range<f64> = 1e-7..1e21;

/// Returns up to three of `names` that look like `wanted`, the most alike first.
pub(crate) fn nearest_names<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let wanted_lower = wanted.to_lowercase();
    let limit = (wanted.chars().count() / 2).max(2);
    let mut ranked: Vec<(usize, &str)> = names
        .take(MAX_NAMES_COMPARED)
        .map(|name| (distance(&wanted_lower, &name.to_lowercase()), name))
        .filter(|(edits, _)| *edits <= limit)
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

/// More names than a table may have columns are never compared.
const MAX_NAMES_COMPARED: usize = 10_000;

/// Edit distance of the first 100 characters, with a name that contains the other counting as near.
fn distance(a: &str, b: &str) -> usize {
    if !a.is_empty() && !b.is_empty() && (a.contains(b) || b.contains(a)) {
        return usize::from(a != b);
    }
    let a: Vec<char> = a.chars().take(100).collect();
    let b: Vec<char> = b.chars().take(100).collect();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let replace = above[j] + usize::from(from != to);
            row.push(replace.min(above[j + 1] + 1).min(row[j] + 1));
        }
        above = row;
    }
    above[b.len()]
}

/// Joins names for a message: "`a`, `b` and 3 more".
pub(crate) fn list_names<S: AsRef<str>>(names: &[S]) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<String> =
        names.iter().take(SHOWN).map(|name| format!("`{}`", shorten(name.as_ref()))).collect();
    let rest = names.len().saturating_sub(SHOWN);
    let tail = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{tail}", shown.join(", "))
}

/// Cuts a text from a file to a length that fits into a message.
pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        for (value, text) in [
            (1.0, "1"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (2e3, "2000"),
            (-1.5, "-1.5"),
            (-1e300, "-1e300"),
            (2.5e-9, "2.5e-9"),
        ] {
            assert_eq!(spell_number(value), text);
        }
    }

    #[test]
    fn a_misspelt_name_finds_its_neighbours() {
        let names = ["visit", "spend", "segment", "history_segment"];
        assert_eq!(nearest_names("Vist", names.into_iter()), ["visit"]);
        assert_eq!(nearest_names("segmnt", names.into_iter()), ["segment"]);
        assert!(nearest_names("zzzzzz", names.into_iter()).is_empty());
    }

    #[test]
    fn long_lists_are_cut_with_a_count() {
        let names: Vec<String> = (0..20).map(|i| format!("c{i}")).collect();
        assert!(list_names(&names).ends_with("`c11` and 8 more"));
    }
}

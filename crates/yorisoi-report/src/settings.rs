//! Which settings are there, one name and one value a line?

use serde_json::Value;

/// Flattens nested settings into dotted names with their values, in the order in which they stand.
pub(crate) fn flatten(settings: &Value) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    walk("", settings, &mut lines);
    lines
}

fn walk(path: &str, value: &Value, lines: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                walk(&path, inner, lines);
            }
        }
        Value::String(text) => lines.push((path.to_owned(), text.clone())),
        Value::Null if path.is_empty() => {}
        // A list is read as a whole: its entries have no names of their own.
        other => lines.push((path.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_settings_get_dotted_names() {
        let settings =
            serde_json::json!({"seed": 1, "forest": {"trees": 500, "leaf": null}, "costs": [1, 2]});
        let lines = flatten(&settings);
        let written: Vec<String> =
            lines.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(written, ["costs=[1,2]", "forest.leaf=null", "forest.trees=500", "seed=1"]);
    }

    #[test]
    fn no_settings_are_no_lines() {
        assert!(flatten(&Value::Null).is_empty());
    }
}

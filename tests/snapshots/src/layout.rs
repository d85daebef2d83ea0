use std::collections::BTreeMap;

use serde_json::Value;

/// Returns JSON with the members of objects in the order of their names, and with lists of plain
/// values on one line. The first line is not indented.
pub(crate) fn write_value(value: &Value, depth: usize) -> String {
    match value {
        Value::Object(members) if !members.is_empty() => {
            // The order in a `Map` depends on the features of `serde_json`.
            let members: BTreeMap<_, _> = members.iter().collect();
            let lines =
                members.iter().map(|(name, value)| format!("{name:?}: {}", write_value(value, depth + 1)));
            enclose('{', lines, '}', depth)
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            enclose('[', items.iter().map(|item| write_value(item, depth + 1)), ']', depth)
        }
        plain => plain.to_string(),
    }
}

fn enclose(open: char, lines: impl Iterator<Item = String>, close: char, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    let lines: Vec<String> = lines.map(|line| format!("\n{indent}  {line}")).collect();
    format!("{open}{}\n{indent}{close}", lines.join(","))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_are_sorted_and_lists_of_numbers_are_short() {
        let value = json!({ "b": [1, 2], "a": [{ "c": null }], "d": {} });
        let expected = "{\n    \"a\": [\n      {\n        \"c\": null\n      }\n    ],\n    \"b\": [1,2],\n    \"d\": {}\n  }";
        assert_eq!(write_value(&value, 1), expected);
        assert_eq!(serde_json::from_str::<Value>(&write_value(&value, 0)).ok(), Some(value));
    }
}

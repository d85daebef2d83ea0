//! The list of known circles.

use std::collections::BTreeSet;

use crate::circles::Circle;

/// Returns a message for each circle that is not in the list and for each line of the list that
/// matches no circle. Empty lines and lines that begin with `#` are skipped.
pub(crate) fn differences(found: &[Circle], list: &str) -> Vec<String> {
    let lines = list.lines().map(str::trim);
    let known: BTreeSet<_> = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let names: Vec<String> = found.iter().map(|circle| circle.files.join(" ")).collect();
    let new = found.iter().zip(&names).filter(|(_, name)| !known.contains(name.as_str()));
    let removed = known.iter().filter(|line| !names.iter().any(|name| name == *line));
    new.map(|(circle, _)| format!("new import circle:\n{circle}"))
        .chain(
            removed.map(|line| {
                format!("this import circle no longer exists; remove it from the list:\n  {line}")
            }),
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circle(files: &[&str]) -> Circle {
        Circle { files: files.iter().map(|&file| file.to_owned()).collect(), arrows: Vec::new() }
    }

    #[test]
    fn a_known_circle_is_accepted() {
        let list = "# known\n\nc.rs d.rs\na.rs b.rs\n";
        let found = [circle(&["a.rs", "b.rs"]), circle(&["c.rs", "d.rs"])];
        assert_eq!(differences(&found, list), Vec::<String>::new());
    }

    #[test]
    fn a_new_circle_is_a_difference() {
        let messages = differences(&[circle(&["a.rs", "b.rs"])], "");
        assert!(matches!(messages.as_slice(), [message] if message.starts_with("new")), "{messages:?}");
    }

    #[test]
    fn a_circle_that_was_mended_must_leave_the_list() {
        let messages = differences(&[], "a.rs b.rs\n");
        let expected = "remove it from the list:\n  a.rs b.rs";
        assert!(matches!(messages.as_slice(), [message] if message.ends_with(expected)), "{messages:?}");
    }

    #[test]
    fn a_circle_that_changed_is_new_and_leaves_its_old_line() {
        assert_eq!(differences(&[circle(&["a.rs", "b.rs"])], "a.rs b.rs c.rs\n").len(), 2);
    }
}

//! Finds the line that a path is written in.
//!
//! The parser knows lines only with a feature of `proc-macro2` that would slow down every build of
//! the workspace, so the text is searched instead.

/// Returns the number of the line in which a path is written, counted from 1. A path from a group
/// is found by its last name within the statement that begins with its first.
pub(crate) fn of(text: &str, segments: &[String]) -> usize {
    let code: Vec<&str> = text.lines().map(without_comment).collect();
    let (Some(first), Some(last)) = (segments.first(), segments.last()) else { return 1 };
    let written = segments.join("::");
    let exact = code.iter().position(|line| has_word(line, &written));
    let start = format!("{first}::");
    let in_group = || {
        let mut starts = code.iter().enumerate().filter(|(_, line)| has_word(line, &start));
        starts.find_map(|(number, _)| {
            let statement = code.get(number..)?;
            let end = statement.iter().position(|line| line.contains(';'))?;
            let found = statement.get(..=end)?.iter().position(|line| has_word(line, last))?;
            Some(number + found)
        })
    };
    exact.or_else(in_group).map_or(1, |index| index + 1)
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") { "" } else { line }
}

/// Returns whether a word (or a path) is in a line and is not a part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(joins) && (word.ends_with(':') || !after.is_some_and(joins))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, path: &str) -> usize {
        of(text, &path.split("::").map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_path_is_found_as_it_is_written() {
        let text = "// super::a\nuse super::ab;\nuse super::a;\n";
        assert_eq!(line(text, "super::a"), 3);
        assert_eq!(line(text, "super::ab"), 2);
    }

    #[test]
    fn a_path_from_a_group_is_found_by_its_last_name() {
        let text = "use crate::{\n    b::Other,\n    c::{Name as Short, Next},\n};\nuse crate::d::{E, F};\n";
        assert_eq!(line(text, "crate::c::Name"), 3);
        assert_eq!(line(text, "crate::b::Other"), 2);
        assert_eq!(line(text, "crate::d::F"), 5);
    }

    #[test]
    fn a_path_that_is_not_found_is_in_the_first_line() {
        assert_eq!(line("fn f() {}\n", "crate::a"), 1);
    }
}

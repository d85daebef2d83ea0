//! The table of attacks names tests that exist and that carry its numbers.

use crate::{
    failure::{Failure, Outcome},
    files,
    workspace::Workspace,
};

const TABLE: &str = "tests/ATTACKS.md";

/// Checks every row of the table against the file that it names.
pub(super) fn check(workspace: &Workspace) -> Outcome {
    let table = files::read_text(&workspace.path(TABLE))?;
    let rows: Vec<_> = table.lines().filter_map(Row::read).collect();
    if rows.is_empty() {
        return Err(Failure::new(format!("{TABLE} has no row")));
    }
    let mut violations = Vec::new();
    for row in rows {
        let text = files::read_text(&workspace.path(row.file))?;
        violations.extend(row.faults(&text));
    }
    if violations.is_empty() { Ok(()) } else { Err(Failure::new(violations.join("\n"))) }
}

/// A row that names a test: the number of the attack, the test, and its file.
struct Row<'a> {
    number: &'a str,
    test: &'a str,
    file: &'a str,
}

impl<'a> Row<'a> {
    /// Reads a line `| T10 | ... | test | file | ...`, with test and file in backticks.
    fn read(line: &'a str) -> Option<Self> {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let number = cells.next().filter(|cell| is_number(cell))?;
        let mut names = cells.filter_map(|cell| cell.strip_prefix('`')?.strip_suffix('`'));
        Some(Self { number, test: names.next()?, file: names.next()? })
    }

    fn faults(&self, text: &str) -> Vec<String> {
        let Self { number, test, file } = self;
        let mut faults = Vec::new();
        if !text.contains(test) {
            faults.push(format!("{TABLE} names {test}, which is not in {file}"));
        }
        // Another character after the number makes it another word.
        let has_number = text
            .match_indices(number)
            .any(|(at, found)| !text[at + found.len()..].starts_with(|next: char| next.is_alphanumeric()));
        if !has_number {
            faults.push(format!("{TABLE} says that {file} tests {number}, and {file} does not mention it"));
        }
        faults
    }
}

fn is_number(cell: &str) -> bool {
    cell.strip_prefix('T').is_some_and(|digits| digits.len() == 2 && digits.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_a_test_that_carries_its_number() {
        let row =
            Row::read("| T10 | two records swapped | `a_test` | `tests/a.rs` | opens |").expect("a row");
        assert_eq!(row.faults("/// T10.\nfn a_test() {}"), Vec::<String>::new());
        assert_eq!(row.faults("/// T100.\nfn a_test() {}").len(), 1);
        assert_eq!(row.faults("/// T10.\nfn another() {}").len(), 1);
        for line in
            ["| --- | --- |", "| number | attack |", "T10", "| T10 | no test |", "| Tab | `a` | `b` |"]
        {
            assert!(Row::read(line).is_none(), "{line}");
        }
    }
}

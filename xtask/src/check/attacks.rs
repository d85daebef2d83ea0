//! The table of attacks names tests that exist and that carry its numbers.

use crate::{
    failure::{Failure, Outcome},
    files,
    workspace::Workspace,
};

const TABLE: &str = "tests/ATTACKS.md";
/// Where tests are that carry numbers.
const FOLDERS: [&str; 3] = ["crypto-wasm", "server", "tests"];

/// Checks every row of the table against the file that it names, and every test that names a number
/// against the table.
pub(super) fn check(workspace: &Workspace) -> Outcome {
    let table = files::read_text(&workspace.path(TABLE))?;
    let rows: Vec<_> = table.lines().filter_map(Row::read).collect();
    if rows.is_empty() {
        return Err(Failure::new(format!("{TABLE} has no row")));
    }
    let mut violations = Vec::new();
    for row in &rows {
        let text = files::read_text(&workspace.path(row.file))?;
        violations.extend(row.faults(&text));
    }
    for folder in FOLDERS {
        for path in files::source_files(&workspace.path(folder))? {
            if path.extension().is_some_and(|extension| extension == "rs") {
                let file = path.strip_prefix(&workspace.root).unwrap_or(&path).to_string_lossy().into_owned();
                violations.extend(missing_rows(&rows, &file, &files::read_text(&path)?));
            }
        }
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
        let is_there = text.contains(&format!("fn {test}(")) || text.contains(&format!("\"{test}\""));
        if !is_there {
            faults.push(format!("{TABLE} names {test}, which is not in {file}"));
        }
        let has_number = text.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == *number);
        if !has_number {
            faults.push(format!("{TABLE} says that {file} tests {number}, and {file} does not mention it"));
        }
        faults
    }
}

/// Returns what the table lacks of the tests of a file, above which their numbers are.
fn missing_rows(rows: &[Row<'_>], file: &str, text: &str) -> Vec<String> {
    let mut missing = Vec::new();
    let mut numbers: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("///") {
            let words = line.split(|letter: char| !letter.is_alphanumeric());
            numbers.extend(words.filter(|word| is_number(word)));
        }
        let Some((_, name)) = line.split_once("fn ").filter(|_| !line.starts_with("//")) else { continue };
        let name = name.split('(').next().unwrap_or(name);
        for number in numbers.drain(..) {
            let is_row = |row: &Row<'_>| (row.number, row.test, row.file) == (number, name, file);
            if !rows.iter().any(is_row) {
                missing.push(format!("{file} says that {name} tests {number}, which is not in {TABLE}"));
            }
        }
    }
    missing
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
        assert_eq!(row.faults("/// T10.\nfn a_test_of_more() {}").len(), 1);
        for line in
            ["| --- | --- |", "| number | attack |", "T10", "| T10 | no test |", "| Tab | `a` | `b` |"]
        {
            assert!(Row::read(line).is_none(), "{line}");
        }
    }

    #[test]
    fn a_test_that_carries_a_number_has_a_row() {
        let line = "| T10 | two records swapped | `a_test` | `tests/a.rs` | opens |";
        let rows = [Row::read(line).expect("a row")];
        let text = |numbers: &str, test: &str| {
            format!("/// Attacks {numbers} of `{TABLE}`.\n#[test]\nasync fn {test}() {{}}\nfn other() {{}}")
        };
        assert_eq!(missing_rows(&rows, "tests/a.rs", &text("T10", "a_test")), Vec::<String>::new());
        for (file, numbers, test) in [
            ("tests/b.rs", "T10", "a_test"),
            ("tests/a.rs", "T10, T11", "a_test"),
            ("tests/a.rs", "T10", "b"),
        ] {
            assert_eq!(missing_rows(&rows, file, &text(numbers, test)).len(), 1, "{file} {numbers} {test}");
        }
    }
}

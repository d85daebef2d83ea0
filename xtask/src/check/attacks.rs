//! The table of attacks names tests that exist and that carry its numbers.

use crate::{
    attack::{
        security,
        table::{self, Table, Test, is_number},
    },
    failure::{Failure, Outcome},
    files, switches,
    workspace::Workspace,
};

const TABLE: &str = table::FILE;
/// Where tests are that carry numbers.
const FOLDERS: [&str; 3] = ["crypto-wasm", "server", "tests"];

/// Checks that every attack has tests or a reason, every test against the file that it is in, every
/// test that names a number against the table, and what `SECURITY.md` says of all this.
pub(super) fn check(workspace: &Workspace) -> Outcome {
    let text = files::read_text(&workspace.path(TABLE))?;
    let table = Table::read(&text)?;
    let rows = &table.tests;
    let mut violations = Vec::new();
    for row in rows {
        let text = files::read_text(&workspace.path(row.file))?;
        violations.extend(faults(row, &text));
    }
    for folder in FOLDERS {
        for path in files::source_files(&workspace.path(folder))? {
            if path.extension().is_some_and(|extension| extension == "rs") {
                let file = path.strip_prefix(&workspace.root).unwrap_or(&path).to_string_lossy().into_owned();
                violations.extend(missing_rows(rows, &file, &files::read_text(&path)?));
            }
        }
    }
    violations.extend(faults_of_switches(rows, &switches::names(workspace)?));
    if let Err(Failure(violation)) = security::check(workspace, &table) {
        violations.push(violation);
    }
    if violations.is_empty() { Ok(()) } else { Err(Failure::new(violations.join("\n"))) }
}

/// Returns what is wrong with a row, given the text of the file that it names.
fn faults(row: &Test<'_>, text: &str) -> Vec<String> {
    let Test { number, name, file, .. } = row;
    let mut faults = Vec::new();
    let spellings = [format!("fn {name}("), format!("\"{name}\""), format!("`{name}`")];
    if !spellings.iter().any(|spelling| text.contains(spelling)) {
        faults.push(format!("{TABLE} names {name}, which is not in {file}"));
    }
    let has_number = text.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == *number);
    if !has_number {
        faults.push(format!("{TABLE} says that {file} tests {number}, and {file} does not mention it"));
    }
    faults
}

/// Returns what is wrong with the defences that the table names, given those that there are.
fn faults_of_switches(rows: &[Test<'_>], names: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    for row in rows {
        let Test { number, name, without, .. } = row;
        let defences = without.defences();
        for unknown in defences.iter().filter(|defence| !names.iter().any(|name| name == *defence)) {
            faults.push(format!("{TABLE} names {unknown}, which is no defence in {}", switches::FILE));
        }
        if !defences.is_empty() && row.is_in_browser() {
            faults.push(format!("{TABLE}: no defence can be off in a browser: {number} {name}"));
        } else if !defences.is_empty() && !without.is_seen() {
            let run = format!("cargo xtask attack --without-defences {number}");
            faults.push(format!("{TABLE}: nobody has seen {name} fail. Run: {run}"));
        }
    }
    let is_used = |name: &&String| rows.iter().any(|row| row.without.defences().contains(&name.as_str()));
    let unused = names.iter().filter(|name| !is_used(name));
    faults.extend(unused.map(|name| format!("{TABLE} has no test that fails without {name}")));
    faults
}

/// Returns what the table lacks of the tests of a file, above which their numbers are.
fn missing_rows(rows: &[Test<'_>], file: &str, text: &str) -> Vec<String> {
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
            let is_row = |row: &Test<'_>| (row.number, row.name, row.file) == (number, name, file);
            if !rows.iter().any(is_row) {
                missing.push(format!("{file} says that {name} tests {number}, which is not in {TABLE}"));
            }
        }
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_a_test_that_carries_its_number() {
        let row = Test::read("| T10 | `a_test` | `tests/a.rs` | — | opens |").expect("a row");
        assert_eq!(faults(&row, "/// T10.\nfn a_test() {}"), Vec::<String>::new());
        assert_eq!(faults(&row, "/// T100.\nfn a_test() {}").len(), 1);
        assert_eq!(faults(&row, "/// T10.\nfn another() {}").len(), 1);
        assert_eq!(faults(&row, "/// T10.\nfn a_test_of_more() {}").len(), 1);
    }

    #[test]
    fn defences_are_known_used_and_were_seen() {
        let names = ["signed-tree".to_owned()];
        for (file, cell, faults) in [
            ("tests/a.rs", "`signed-tree`: fails", 0),
            ("tests/a.rs", "`signed-tree`", 1),
            ("tests/a.spec.ts", "`signed-tree`: fails", 1),
            ("tests/a.rs", "`signed-tree` and `head-parent`: fails", 1),
            ("tests/a.rs", "—", 1),
        ] {
            let line = format!("| T10 | `a_test` | `{file}` | {cell} | opens |");
            let rows = [Test::read(&line).expect("a row")];
            assert_eq!(faults_of_switches(&rows, &names).len(), faults, "{line}");
        }
    }

    #[test]
    fn a_test_that_carries_a_number_has_a_row() {
        let line = "| T10 | `a_test` | `tests/a.rs` | — | opens |";
        let rows = [Test::read(line).expect("a row")];
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

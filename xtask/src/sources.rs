//! Rules about our own files that no compiler knows.

use std::path::Path;

use crate::{
    failure::{Failure, Outcome},
    files, say,
    workspace::Workspace,
};

/// A file above this must be split.
const MOST_LINES: usize = 600;
/// A file above this should be.
const MANY_LINES: usize = 400;
/// Where every label of the formats stands: those of clients, and the few that the server verifies by, which must not depend on the clients' code.
const LABELS: [&str; 2] = ["crypto-wasm/src/labels.rs", "server/src/labels.rs"];
/// How a label begins; written in two so that this file holds none.
const LABEL: &str = concat!("crystallum", "/1/");
/// Crates that state for themselves, too, that they hold no unsafe code.
const SAFE: [&str; 1] = ["crypto-wasm/src/lib.rs"];

/// Checks every source file of the clone.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let mut breaches = Vec::new();
    for path in files::sources(&workspace.root)? {
        let name = path.strip_prefix(&workspace.root).unwrap_or(&path);
        if is_source(name) {
            let text = files::read_text(&path)?;
            breaches.extend(breaches_of(&name.to_string_lossy(), &text));
            warn_of_length(name, &text);
        }
    }
    for name in SAFE {
        if !files::read_text(&workspace.path(name))?.contains("#![forbid(unsafe_code)]") {
            breaches.push(format!("{name} does not forbid unsafe code"));
        }
    }
    if breaches.is_empty() { Ok(()) } else { Err(Failure::new(breaches.join("\n"))) }
}

fn is_source(name: &Path) -> bool {
    name.extension().is_some_and(|kind| ["rs", "ts", "js", "mjs", "css"].iter().any(|known| kind == *known))
}

fn breaches_of(name: &str, text: &str) -> Vec<String> {
    let mut breaches = Vec::new();
    let lines = text.lines().count();
    if lines > MOST_LINES {
        breaches.push(format!("{name} has {lines} lines; at most {MOST_LINES} are allowed"));
    }
    if !LABELS.contains(&name) && !is_test(name) && text.contains(LABEL) {
        breaches.push(format!("{name} spells a label that belongs into {}", LABELS.join(" or ")));
    }
    breaches
}

/// Tests may spell out the bytes that they expect.
fn is_test(name: &str) -> bool {
    Path::new(name).with_extension("").components().any(|part| part.as_os_str() == "tests")
}

fn warn_of_length(name: &Path, text: &str) {
    let lines = text.lines().count();
    if lines > MANY_LINES {
        say::line(format_args!("note: {} has {lines} lines; split it soon", name.display()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_are_breaches() {
        assert_eq!(breaches_of("a.rs", &"x\n".repeat(MOST_LINES)), Vec::<String>::new());
        assert_eq!(breaches_of("a.rs", &"x\n".repeat(MOST_LINES + 1)).len(), 1);
    }

    #[test]
    fn labels_stand_in_one_file() {
        let text = format!("const A: &str = \"{LABEL}items\";");
        for file in LABELS {
            assert_eq!(breaches_of(file, &text), Vec::<String>::new());
        }
        assert_eq!(breaches_of("server/src/main.rs", &text).len(), 1);
        assert_eq!(breaches_of("crypto-wasm/src/contests.rs", &text).len(), 1);
        assert_eq!(breaches_of("crypto-wasm/src/seal/tests.rs", &text), Vec::<String>::new());
    }

    #[test]
    fn only_code_is_a_source() {
        assert!(is_source(Path::new("a b/c.rs")) && is_source(Path::new("x.css")));
        assert!(!is_source(Path::new("FORMAT.md")) && !is_source(Path::new("Cargo.lock")));
    }
}

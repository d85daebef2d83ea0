//! Rules about our own files that no compiler checks.

use std::path::Path;

use crate::{
    failure::{Failure, Outcome},
    files, say,
    workspace::Workspace,
};

/// The most lines that a file may have.
const MAX_LINES: usize = 600;
/// A warning is printed for files with more lines than this.
const WARN_LINES: usize = 400;
/// The only file that may contain labels of the formats.
const LABEL_FILE: &str = "crypto-wasm/format/src/labels.rs";
/// How a label begins; split so that this file contains none.
const LABEL_PREFIX: &str = concat!("crystallum", "/1/");
/// Crates that must forbid unsafe code in their own source, too.
const FORBID_UNSAFE: [&str; 2] = ["crypto-wasm/format/src/lib.rs", "crypto-wasm/src/lib.rs"];

/// Checks every source file of the clone.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let mut violations = Vec::new();
    for path in files::source_files(&workspace.root)? {
        let name = path.strip_prefix(&workspace.root).unwrap_or(&path);
        if is_source(name) {
            let text = files::read_text(&path)?;
            violations.extend(violations_in(&name.to_string_lossy(), &text));
            warn_of_length(name, &text);
        }
    }
    for name in FORBID_UNSAFE {
        if !files::read_text(&workspace.path(name))?.contains("#![forbid(unsafe_code)]") {
            violations.push(format!("{name} does not forbid unsafe code"));
        }
    }
    if violations.is_empty() { Ok(()) } else { Err(Failure::new(violations.join("\n"))) }
}

fn is_source(name: &Path) -> bool {
    name.extension().is_some_and(|kind| ["rs", "ts", "js", "mjs", "css"].iter().any(|known| kind == *known))
}

fn violations_in(name: &str, text: &str) -> Vec<String> {
    let mut violations = Vec::new();
    let lines = text.lines().count();
    if lines > MAX_LINES {
        violations.push(format!("{name} has {lines} lines; at most {MAX_LINES} are allowed"));
    }
    if name != LABEL_FILE && !is_test(name) && text.contains(LABEL_PREFIX) {
        violations.push(format!("{name} spells a label that belongs into {LABEL_FILE}"));
    }
    violations
}

/// Whether a file belongs to tests, which may spell out the bytes that they expect.
fn is_test(name: &str) -> bool {
    Path::new(name).with_extension("").components().any(|part| part.as_os_str() == "tests")
}

fn warn_of_length(name: &Path, text: &str) {
    let lines = text.lines().count();
    if lines > WARN_LINES {
        say::line(format_args!("note: {} has {lines} lines; split it soon", name.display()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_are_breaches() {
        assert_eq!(violations_in("a.rs", &"x\n".repeat(MAX_LINES)), Vec::<String>::new());
        assert_eq!(violations_in("a.rs", &"x\n".repeat(MAX_LINES + 1)).len(), 1);
    }

    #[test]
    fn labels_stand_in_one_file() {
        let text = format!("const A: &str = \"{LABEL_PREFIX}items\";");
        assert_eq!(violations_in(LABEL_FILE, &text), Vec::<String>::new());
        assert_eq!(violations_in("server/src/labels.rs", &text).len(), 1);
        assert_eq!(violations_in("server/src/main.rs", &text).len(), 1);
        assert_eq!(violations_in("crypto-wasm/src/contests.rs", &text).len(), 1);
        assert_eq!(violations_in("crypto-wasm/src/seal/tests.rs", &text), Vec::<String>::new());
    }

    #[test]
    fn only_code_is_a_source() {
        assert!(is_source(Path::new("a b/c.rs")) && is_source(Path::new("x.css")));
        assert!(!is_source(Path::new("FORMAT.md")) && !is_source(Path::new("Cargo.lock")));
    }
}

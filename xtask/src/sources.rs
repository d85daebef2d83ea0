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
/// The most characters in a line that is only a comment. An address may be longer.
const MAX_COMMENT: usize = 100;
/// The only file that may contain labels of the formats.
const LABEL_FILE: &str = "crypto-wasm/format/src/labels.rs";
/// How a label begins; split so that this file contains none.
const LABEL_PREFIX: &str = concat!("crystallum", "/1/");
/// Where the tests' own implementation of the format is. It must not repeat the mistakes of the
/// crate that it checks.
const TEST_SUPPORT: &str = "tests/support/src/";
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
    let borrowed = text.replace("crystallum_format::entropy", "").contains("crystallum_format");
    if name.starts_with(TEST_SUPPORT) && borrowed {
        violations.push(format!("{name} uses more of crystallum-format than its randomness"));
    }
    let long = long_comments(text).into_iter();
    violations
        .extend(long.map(|line| format!("{name}:{line} is a comment longer than {MAX_COMMENT} characters")));
    violations
}

/// Returns the numbers, from 1, of the lines that hold nothing but a comment that is too long.
/// Tables, addresses and the code of examples cannot be wrapped.
fn long_comments(text: &str) -> Vec<usize> {
    let mut in_example = false;
    let mut long = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some(comment) = comment_of(line) else { continue };
        in_example ^= comment.starts_with("```");
        let is_prose = !in_example && !comment.starts_with('|') && !comment.contains("://");
        if is_prose && line.chars().count() > MAX_COMMENT {
            long.push(index + 1);
        }
    }
    long
}

/// Returns the text of a line that contains only a comment.
fn comment_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let starts = ["///", "//!", "//", "/*", "* "];
    starts.iter().find_map(|start| line.strip_prefix(start)).map(str::trim_start)
}

/// Returns whether a file belongs to tests, which may spell out the bytes that they expect.
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
    fn the_test_support_has_the_format_by_hand() {
        let name = "tests/support/src/format.rs";
        assert_eq!(violations_in(name, "use crystallum_format::entropy::Entropy;\n"), Vec::<String>::new());
        assert_eq!(violations_in(name, "use crystallum_format::head::HeadBody;\n").len(), 1);
        assert_eq!(violations_in(name, "use crystallum_format::{entropy, head};\n").len(), 1);
    }

    #[test]
    fn long_comments_are_breaches() {
        let long = "long ".repeat(MAX_COMMENT / 5);
        let prose = format!("// {long}\n/// {long}\n//! {long}\n * {long}\n/* {long}*/\n");
        assert_eq!(long_comments(&prose), [1, 2, 3, 4, 5]);
        let other =
            format!("let a = \"{long}\"; // b\n/// | {long}\n/// ```\n/// {long}\n/// ```\n// a://{long}\n");
        assert_eq!(long_comments(&other), [0; 0]);
        assert_eq!(long_comments(&format!("{other}// {long}")), [7]);
    }

    #[test]
    fn only_code_is_a_source() {
        assert!(is_source(Path::new("a b/c.rs")) && is_source(Path::new("x.css")));
        assert!(!is_source(Path::new("FORMAT.md")) && !is_source(Path::new("Cargo.lock")));
    }
}

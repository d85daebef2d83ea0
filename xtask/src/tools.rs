//! The tools that building and testing need, each in one exact version.
//!
//! A tool on PATH is used when it has the wanted version. Otherwise it is installed once into the
//! user's cache, outside the clone, and never replaces the user's own. Each tool has a file.

pub(crate) mod binaryen;
pub(crate) mod cargo_deny;
pub(crate) mod chromium;
pub(crate) mod firefox;
pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod strace;
pub(crate) mod trunk;
pub(crate) mod wasm_bindgen;
pub(crate) mod webkit;

mod browser;
mod cache;
mod crates;

use std::{path::Path, process::Command};

use crate::run;

/// Returns the first word of a text that looks like a version: a digit first, and two dots or more.
fn version_in(text: &str) -> Option<&str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ','))
        .map(|word| word.strip_prefix('v').unwrap_or(word))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.split('.').count() >= 3)
}

/// Returns whether a program reports this version.
fn has_version(program: &Path, version: &str) -> bool {
    run::capture(Command::new(program).arg("--version"), "version")
        .is_ok_and(|answer| version_in(&answer) == Some(version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_tools_print() {
        assert_eq!(version_in("trunk 0.21.14\n"), Some("0.21.14"));
        assert_eq!(version_in("wasm-bindgen 0.2.130 (abc)"), Some("0.2.130"));
        assert_eq!(version_in("v20.20.2"), Some("20.20.2"));
        assert_eq!(version_in("Chromium 156.0.1.2 built on Debian"), Some("156.0.1.2"));
        assert_eq!(version_in("trunk 0.22.0-beta.1"), Some("0.22.0-beta.1"));
    }

    #[test]
    fn what_is_no_version_is_not_one() {
        assert_eq!(version_in("wasm-opt version 132 (version_132)"), None);
        assert_eq!(version_in("command not found"), None);
        assert_eq!(version_in(""), None);
    }
}

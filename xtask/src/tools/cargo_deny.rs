//! cargo-deny, which checks licences, sources and banned crates.

use std::path::{Path, PathBuf};

use super::crates::Crate;
use crate::failure::Outcome;

/// The wanted version.
const VERSION: &str = "0.20.2";

/// Returns the path of the program, after installing it if necessary.
pub(crate) fn find(root: &Path) -> Outcome<PathBuf> {
    let options = ["--locked", "--no-default-features"];
    Crate { name: "cargo-deny", program: "cargo-deny", version: VERSION, options: &options }.find(root)
}

//! Trunk, which bundles the app and its worker. Without its TLS: it downloads nothing for us.

use std::path::{Path, PathBuf};

use super::crates::Crate;
use crate::failure::Outcome;

/// The version; later ones need a newer compiler.
const VERSION: &str = "0.21.14";

/// The program.
pub(crate) fn find(root: &Path) -> Outcome<PathBuf> {
    let options = ["--locked", "--no-default-features"];
    Crate { name: "trunk", program: "trunk", version: VERSION, options: &options }.find(root)
}

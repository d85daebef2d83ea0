//! Trunk, which bundles the app and its worker. It is built without TLS, since it downloads nothing
//! here.

use std::path::{Path, PathBuf};

use super::crates::Crate;
use crate::failure::Outcome;

/// The wanted version; later ones need a newer compiler.
const VERSION: &str = "0.21.14";

/// Returns the path of the program, after installing it if necessary.
pub(crate) fn find(root: &Path) -> Outcome<PathBuf> {
    let options = ["--locked", "--no-default-features"];
    Crate { name: "trunk", program: "trunk", version: VERSION, options: &options }.find(root)
}

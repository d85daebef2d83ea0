//! The program that makes the JavaScript side of the Wasm files. It must have the version of the crate.

use std::path::PathBuf;

use super::crates::Crate;
use crate::{failure::Outcome, workspace::Workspace};

/// The program in the version that the lock file names. Without `--locked`: the lock file inside the published
/// crate may name what is no longer there.
pub(crate) fn find(workspace: &Workspace) -> Outcome<PathBuf> {
    let version = workspace.locked("wasm-bindgen")?;
    let program =
        Crate { name: "wasm-bindgen-cli", program: "wasm-bindgen", version: &version, options: &[] };
    program.find(&workspace.root)
}

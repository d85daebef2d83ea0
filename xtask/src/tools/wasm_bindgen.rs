//! The command that writes the JavaScript side of the Wasm files, in the version of the crate in
//! `Cargo.lock`.

use std::{fs, path::PathBuf};

use super::has_version;
use crate::{
    failure::{Failure, Outcome},
    files, run,
    workspace::Workspace,
};

/// Returns the path of the program: the user's own if it has that version, otherwise ours, which is
/// built when it changed and copied to the name that Trunk looks for.
pub(crate) fn find(workspace: &Workspace) -> Outcome<PathBuf> {
    let version = workspace.locked_version("wasm-bindgen")?;
    if let Some(path) = run::find_on_path("wasm-bindgen").filter(|path| has_version(path, &version)) {
        return Ok(path);
    }
    let mut cargo = run::cargo(&workspace.root);
    // It shares packages with the server, so it is built in the same profile.
    cargo.args(["build", "--locked", "--profile", "server", "-p", "crystallum-bindgen"]);
    run::run_quietly(&mut cargo, "building wasm-bindgen")?;
    let folder = workspace.target.join("server");
    let (built, found) = (folder.join("crystallum-bindgen"), folder.join("bindgen").join("wasm-bindgen"));
    files::make_dir(&folder.join("bindgen"))?;
    fs::copy(&built, &found).map_err(|cause| Failure::file("copy", &built, &cause))?;
    Ok(found)
}

//! The command that splits the app's Wasm and writes the JavaScript side of the Wasm files, in the
//! version of the crate in `Cargo.lock`.

use std::{fs, path::PathBuf};

use crate::{
    failure::{Failure, Outcome},
    files, run,
    workspace::Workspace,
};

/// Returns the path of the program, which is built when it changed and copied to the name that
/// Trunk looks for. A `wasm-bindgen` of the user is not used, since it splits nothing.
pub(crate) fn find(workspace: &Workspace) -> Outcome<PathBuf> {
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

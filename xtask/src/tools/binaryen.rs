//! wasm-opt, from the npm package of Binaryen: a script that Node runs.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::{cache, node};
use crate::{failure::Outcome, run};

/// The version of the npm package.
const VERSION: &str = "132.0.0";
/// What `wasm-opt --version` prints in this version.
const VERSION_OUTPUT: &str = "version 132 ";

/// Returns the folder of the program `wasm-opt`, after installing it if necessary.
pub(crate) fn find() -> Outcome<PathBuf> {
    node::node()?;
    if let Some(path) = run::find_on_path("wasm-opt").filter(|path| has_wanted_version(path)) {
        return Ok(folder_of(&path));
    }
    let bin = Path::new("node_modules").join(".bin");
    let cached = cache::folder("binaryen", VERSION)?.join(&bin);
    if has_wanted_version(&cached.join("wasm-opt")) {
        return Ok(cached);
    }
    let folder = cache::install("binaryen", VERSION, |fresh| {
        let mut install = node::npm(fresh)?;
        install.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]).arg(fresh);
        install.arg(format!("binaryen@{VERSION}"));
        run::run_quietly(&mut install, "npm install binaryen")
    })?;
    Ok(folder.join(bin))
}

fn has_wanted_version(program: &Path) -> bool {
    run::capture(Command::new(program).arg("--version"), "wasm-opt")
        .is_ok_and(|answer| format!("{} ", answer.trim()).contains(VERSION_OUTPUT))
}

fn folder_of(program: &Path) -> PathBuf {
    program.parent().unwrap_or(program).to_path_buf()
}

//! `build`: the app in release form, into `dist/`.

use std::process::Command;

use crate::{
    failure::{Failure, Outcome},
    files, finish, inputs, run, say,
    tools::{binaryen, trunk, wasm_bindgen},
    workspace::Workspace,
};

/// Builds the app, unless `dist/` already holds what these sources make.
pub(crate) fn app(workspace: &Workspace) -> Outcome {
    // Two builds would share dist/, whichever target folders they use.
    let waiting = || say::line("waiting for another build of the app");
    let _lock = files::lock(&workspace.path("target/dist.lock"), waiting)?;
    let inputs = inputs::hash(workspace)?;
    if finish::is_whole(&workspace.dist(), &inputs) {
        say::line("the app in dist/ is up to date");
        return Ok(());
    }
    let trunk = trunk::find(&workspace.root)?;
    let bindgen = wasm_bindgen::find(workspace)?;
    let folders = [parent(&trunk), parent(&bindgen), binaryen::find()?];

    // With every crate on disk and every tool on PATH, Trunk has no reason to reach the network, and may not.
    run::run(run::cargo(&workspace.root).args(["fetch", "--locked"]), "cargo fetch")?;
    let mut build = Command::new(trunk);
    build.arg("build").current_dir(&workspace.root);
    build.env("PATH", run::path_with(&folders)?);
    build.env("TRUNK_OFFLINE", "true");
    build.env("NO_COLOR", "true");
    build.env(finish::INPUTS, &inputs);
    if let Some(flags) = remapping(workspace) {
        build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
    }
    run::run(&mut build, "building the app")?;
    if finish::is_whole(&workspace.dist(), &inputs) {
        Ok(())
    } else {
        Err(Failure::new("Trunk ended well, but dist/ is not what was asked for; see its output"))
    }
}

fn parent(program: &std::path::Path) -> std::path::PathBuf {
    program.parent().unwrap_or(program).to_path_buf()
}

/// Flags that keep this machine's folders out of the Wasm, so that it is the same wherever it is built. Cargo
/// splits them at spaces: with one in a path they are left out.
fn remapping(workspace: &Workspace) -> Option<String> {
    let root = workspace.root.to_str()?;
    let cargo =
        std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| home + "/.cargo")).ok()?;
    if root.contains(char::is_whitespace) || cargo.contains(char::is_whitespace) {
        return None;
    }
    Some(format!("--remap-path-prefix={root}=/crystallum --remap-path-prefix={cargo}=/cargo"))
}

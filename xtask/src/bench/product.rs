//! Builds the server as it ships and runs the benchmarks in Chromium.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Outcome},
    run,
    tools::{chromium, node},
    workspace::Workspace,
};

/// The profile that the server ships in.
const PROFILE: &str = "server";

/// Builds the server and returns the path of its program.
pub(super) fn build_server(workspace: &Workspace) -> Outcome<PathBuf> {
    let mut cargo = run::cargo(&workspace.root);
    cargo.args(["build", "--locked", "--profile", PROFILE, "-p", "crystallum-server"]);
    run::run(&mut cargo, "building the server")?;
    let path = workspace.target.join(PROFILE).join("crystallum-server");
    if path.is_file() { Ok(path) } else { Err(Failure::new(format!("{} was not built", path.display()))) }
}

/// Runs one of the benchmarks in `tests/peers/chromium`, which adds its lines to `figures`.
pub(super) fn run_in_chromium(
    workspace: &Workspace,
    name: &str,
    server: &Path,
    wasm: &Path,
    figures: &Path,
) -> Outcome {
    let browser = workspace.path("tests/browser");
    node::packages(&workspace.path("tests/peers"))?;
    node::packages(&browser)?;
    let mut playwright = Command::new(browser.join("node_modules").join(".bin").join("playwright"));
    playwright.current_dir(&browser).arg("test");
    playwright
        .arg("--config")
        .arg(workspace.path("tests/peers/chromium/playwright.config.ts"))
        .arg(format!("/{name}.bench.ts"));
    playwright.env("CHROMIUM", chromium::find()?);
    playwright.env("CRYSTALLUM_SERVER", server).env("CRYSTALLUM_DIST", workspace.dist());
    playwright.env("CRYSTALLUM_PEERS", wasm).env("CRYSTALLUM_FIGURES", figures);
    run::run(&mut playwright, "playwright")
}

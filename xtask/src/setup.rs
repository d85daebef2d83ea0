//! `setup`: installs all tools at once, so that later commands need no network.

use crate::{
    failure::Outcome,
    run,
    steps::Steps,
    tools::{binaryen, cargo_deny, chromium, firefox, node, python, strace, trunk, wasm_bindgen},
    workspace::Workspace,
};

/// Runs the command.
pub(crate) fn setup(workspace: &Workspace) -> Outcome {
    let root = &workspace.root;
    let mut steps = Steps::new(11);
    steps.run("Rust packages", || run::run(run::cargo(root).args(["fetch", "--locked"]), "cargo fetch"));
    steps.run("cargo-deny", || cargo_deny::find(root));
    steps.run("wasm-bindgen", || wasm_bindgen::find(workspace));
    steps.run("Trunk", || trunk::find(root));
    steps.run("wasm-opt", binaryen::find);
    steps.run("Python", python::find);
    steps.run("strace", strace::find);
    steps.run("Chromium", chromium::find);
    steps.run("Firefox", firefox::find);
    steps.run("packages of the browser tests", || node::packages(&workspace.path("tests/browser")));
    steps.run("packages beside which we are held", || node::packages(&workspace.path("tests/peers")));
    steps.finish()
}

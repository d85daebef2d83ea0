//! `check`: everything that needs no run of the product.

use crate::{
    container,
    failure::{Failure, Outcome},
    graph::{Graph, rules},
    run, sources,
    steps::Steps,
    tools::cargo_deny,
    workspace::Workspace,
};

/// How many steps `add` adds.
pub(crate) const STEPS: usize = 8;

/// The command.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let mut steps = Steps::new(STEPS);
    add(&mut steps, workspace);
    steps.finish()
}

/// Runs the steps of the check as part of a longer run.
pub(crate) fn add(steps: &mut Steps, workspace: &Workspace) {
    steps.run("format", || cargo(workspace, "cargo fmt", &["fmt", "--all", "--check"]));
    steps.run("what cargo xtask starts", || bootstrap(workspace));
    steps.run("rules about our files", || sources::check(workspace));
    steps.run("rules about dependencies", || dependencies(workspace));
    steps.run("the container file", || container::check(workspace));
    steps.run("licences, sources and bans", || deny(workspace));
    steps.run("lints, native", || {
        let arguments = ["clippy", "--locked", "--workspace", "--exclude", "crystallum-app"];
        let further = ["--exclude", "crystallum-worker", "--all-targets", "--", "-D", "warnings"];
        cargo(workspace, "clippy", &[arguments.as_slice(), &further].concat())
    });
    steps.run("lints, Wasm", || {
        let packages = ["-p", "crystallum-app", "-p", "crystallum-worker", "-p", "crystallum-peers"];
        let further = ["--target", "wasm32-unknown-unknown", "--", "-D", "warnings"];
        cargo(workspace, "clippy for Wasm", &[&["clippy", "--locked"], &packages[..], &further].concat())
    });
}

fn cargo(workspace: &Workspace, what: &str, arguments: &[&str]) -> Outcome {
    run::run(run::cargo(&workspace.root).args(arguments), what)
}

/// The crate outside the workspace: format, lints and tests.
fn bootstrap(workspace: &Workspace) -> Outcome {
    let place = ["--manifest-path", "xtask/bootstrap/Cargo.toml"];
    let target = ["--locked", "--target-dir", "target/bootstrap"];
    let all = |words: &[&[&'static str]]| words.concat();
    cargo(workspace, "cargo fmt", &all(&[&["fmt", "--check"], &place]))?;
    cargo(
        workspace,
        "clippy",
        &all(&[&["clippy", "--all-targets"], &place, &target, &["--", "-D", "warnings"]]),
    )?;
    cargo(workspace, "cargo test", &all(&[&["test", "--quiet"], &place, &target]))
}

fn dependencies(workspace: &Workspace) -> Outcome {
    let breaches = rules::breaches(&Graph::read(workspace)?, rules::RULES);
    if breaches.is_empty() { Ok(()) } else { Err(Failure::new(breaches.join("\n"))) }
}

fn deny(workspace: &Workspace) -> Outcome {
    let mut deny = std::process::Command::new(cargo_deny::find(&workspace.root)?);
    deny.current_dir(&workspace.root);
    deny.args(["--locked", "--offline", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]);
    run::run(&mut deny, "cargo-deny")
}

//! `check`: everything that can be checked without running the product.

mod attacks;
mod commits;
mod imports;

use crate::{
    container,
    failure::{Failure, Outcome},
    graph::{Graph, alone, rules},
    run, sources,
    steps::Steps,
    tools::cargo_deny,
    workspace::Workspace,
};

/// The number of steps that `add_steps` adds.
pub(crate) const STEPS: usize = 12;
/// The crates whose documentation must build without a warning.
const DOCUMENTED: [&str; 8] = [
    "crystallum-exchanges",
    "crystallum-format",
    "crystallum-core",
    "crystallum-engine",
    "crystallum-messages",
    "crystallum-api",
    "crystallum-share-store",
    "crystallum-server",
];

/// The crates whose documentation has examples that run.
const WITH_EXAMPLES: [&str; 4] =
    ["crystallum-format", "crystallum-core", "crystallum-engine", "crystallum-api"];

/// Runs the command.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let mut steps = Steps::new(STEPS);
    add_steps(&mut steps, workspace);
    steps.finish()
}

/// Runs the steps of the check as part of a longer run.
pub(crate) fn add_steps(steps: &mut Steps, workspace: &Workspace) {
    steps.run("format", || cargo(workspace, "cargo fmt", &["fmt", "--all", "--check"]));
    steps.run("what cargo xtask starts", || bootstrap(workspace));
    steps.run("rules about our files", || sources::check(workspace));
    steps.run("rules about dependencies", || dependencies(workspace));
    steps.run("the table of attacks", || attacks::check(workspace));
    steps.run("import circles", || imports::check(workspace));
    steps.run("commit subjects", || commits::check(workspace));
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
    steps.run("documentation", || documentation(workspace));
}

fn cargo(workspace: &Workspace, what: &str, arguments: &[&str]) -> Outcome {
    run::run(run::cargo(&workspace.root).args(arguments), what)
}

/// Checks the crate that is outside the workspace: format, lints and tests.
fn bootstrap(workspace: &Workspace) -> Outcome {
    let manifest = ["--manifest-path", "xtask/bootstrap/Cargo.toml"];
    let target = ["--locked", "--target-dir", "target/bootstrap"];
    let all = |parts: &[&[&'static str]]| parts.concat();
    cargo(workspace, "cargo fmt", &all(&[&["fmt", "--check"], &manifest]))?;
    cargo(
        workspace,
        "clippy",
        &all(&[&["clippy", "--all-targets"], &manifest, &target, &["--", "-D", "warnings"]]),
    )?;
    cargo(workspace, "cargo test", &all(&[&["test", "--quiet"], &manifest, &target]))
}

/// Checks the rules about which package may depend on which.
fn dependencies(workspace: &Workspace) -> Outcome {
    let mut violations = rules::find_violations(&Graph::read(workspace)?, rules::RULES);
    violations.extend(rules::find_secret_crates(&alone::packages_of(workspace, rules::KEYLESS)?));
    for package in rules::SHIPPED {
        violations.extend(rules::find_test_features(package, &alone::features_in(workspace, package)?));
    }
    if violations.is_empty() { Ok(()) } else { Err(Failure::new(violations.join("\n"))) }
}

/// Builds the documentation; a link that leads nowhere fails. Then runs its examples.
fn documentation(workspace: &Workspace) -> Outcome {
    let mut doc = run::cargo(&workspace.root);
    doc.args(["doc", "--quiet", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-D warnings");
    for package in DOCUMENTED {
        doc.args(["-p", package]);
    }
    run::run(&mut doc, "cargo doc")?;
    let mut examples = run::cargo(&workspace.root);
    examples.args(["test", "--quiet", "--locked", "--doc"]);
    for package in WITH_EXAMPLES {
        examples.args(["-p", package]);
    }
    run::run(&mut examples, "the examples in the documentation")
}

/// Runs cargo-deny without a network.
fn deny(workspace: &Workspace) -> Outcome {
    let mut deny = std::process::Command::new(cargo_deny::find(&workspace.root)?);
    deny.current_dir(&workspace.root);
    deny.args(["--locked", "--offline", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"]);
    run::run(&mut deny, "cargo-deny")
}

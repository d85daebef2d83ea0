//! What tests are given when they are started: the server, the seed, the browser.

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

/// The seed of every ordinary run.
pub(crate) const SEED: u64 = 1;

/// The values from which the environment variables of the tests are set.
pub(crate) struct Environment<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) deep: bool,
    pub(crate) seed: u64,
}

/// Builds the server that the tests start. The command covers all default members, so that the
/// server is built once, with the same features as in `cargo test`.
pub(crate) fn build_server(workspace: &Workspace) -> Outcome<PathBuf> {
    let mut cargo = run::cargo(&workspace.root);
    run::run(cargo.args(["build", "--locked", "--bin", "crystallum-server"]), "building the server")?;
    let path = workspace.target.join("debug").join("crystallum-server");
    if path.is_file() { Ok(path) } else { Err(Failure::new(format!("{} was not built", path.display()))) }
}

impl<'a> Environment<'a> {
    /// Returns the environment of an ordinary run.
    pub(crate) const fn usual(workspace: &'a Workspace) -> Self {
        Self { workspace, deep: false, seed: SEED }
    }

    /// Sets what all tests need.
    pub(crate) fn apply(&self, command: &mut Command, server: &Path) {
        command.env("CRYSTALLUM_SEED", self.seed.to_string());
        command.env("CRYSTALLUM_SERVER", server).env("CRYSTALLUM_DIST", self.workspace.dist());
        if self.deep {
            command.env("CRYSTALLUM_DEEP", "1");
        }
    }

    /// Returns the command that runs tests in Chromium.
    pub(crate) fn chromium(&self, server: &Path) -> Outcome<Command> {
        let mut playwright = self.playwright(server)?;
        playwright.env("CHROMIUM", chromium::find()?);
        Ok(playwright)
    }

    /// Returns the command of Playwright's test runner with all settings but the browser.
    pub(crate) fn playwright(&self, server: &Path) -> Outcome<Command> {
        let folder = self.workspace.path("tests/browser");
        node::packages(&folder)?;
        let mut playwright = Command::new(folder.join("node_modules").join(".bin").join("playwright"));
        playwright.arg("test").current_dir(&folder);
        self.apply(&mut playwright, server);
        Ok(playwright)
    }
}

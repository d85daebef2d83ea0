//! `test`: the check, then everything that runs.

pub(crate) mod fresh_machine;

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{
    build, check,
    failure::{Failure, Outcome},
    run, say, sizes,
    steps::Steps,
    tools::{chromium, firefox, node, python, strace},
    workspace::Workspace,
};

/// The seed of every ordinary run.
const SEED: u64 = 1;

/// What the user may choose.
pub(crate) struct Options {
    /// Longer runs, with a seed of the day unless one is named.
    pub(crate) deep: bool,
    /// The one part of the longer runs to do, by its name in `PARTS`.
    pub(crate) part: Option<String>,
    /// The seed of everything random.
    pub(crate) seed: Option<u64>,
}

/// A part of `test --deep` that can be run alone.
type Part = (&'static str, fn(&Workspace) -> Outcome);

/// Every such part.
const PARTS: [Part; 1] = [(fresh_machine::NAME, fresh_machine::test)];

/// What the tests find in their environment.
struct Environment<'a> {
    workspace: &'a Workspace,
    deep: bool,
    seed: u64,
}

/// The command.
pub(crate) fn test(workspace: &Workspace, options: &Options) -> Outcome {
    if let Some(part) = &options.part {
        return run_part(workspace, part);
    }
    let seed = options.seed.unwrap_or_else(|| if options.deep { seed_of_now() } else { SEED });
    let deep = if options.deep { " --deep" } else { "" };
    say::line(format_args!("seed {seed}; the same run again: cargo xtask test{deep} --seed {seed}"));
    let environment = Environment { workspace, deep: options.deep, seed };

    let parts: &[Part] = if options.deep { &PARTS } else { &[] };
    let mut steps = Steps::new(check::STEPS + 8 + parts.len());
    check::add(&mut steps, workspace);
    let server = steps.run("the server for the tests", || server(workspace));
    let python = steps.run("Python for the tests", python::find);
    let native = server.as_ref().zip(python.as_ref());
    steps.run_with("tests", native, |(server, python)| environment.native(server, python));
    steps.run("tests of the screens' code", || environment.screens());
    let app = steps.run("the app", || build::app(workspace));
    steps.run_with("sizes", app, |()| sizes::check(workspace));
    let browser = app.and(server.as_ref().zip(python.as_ref()));
    steps.run_with("the browser", browser, |(server, python)| environment.browser(server, python));
    steps.run_with("Firefox", app.and(server.as_ref()), |server| environment.firefox(server));
    for (name, part) in parts {
        steps.run(name, || part(workspace));
    }
    say::line(format_args!("\nseed {seed}"));
    steps.finish()
}

fn run_part(workspace: &Workspace, wanted: &str) -> Outcome {
    let Some((name, part)) = PARTS.iter().find(|(name, _)| *name == wanted) else {
        let names: Vec<_> = PARTS.iter().map(|(name, _)| *name).collect();
        return Err(Failure::new(format!("--deep has no part {wanted}. It has: {}", names.join(", "))));
    };
    let mut steps = Steps::new(1);
    steps.run(name, || part(workspace));
    steps.finish()
}

fn seed_of_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(SEED, |since| since.as_secs())
}

/// Builds the server as the tests start it. It is chosen from among all default members, so that it is built with
/// the same features as for the tests, once.
fn server(workspace: &Workspace) -> Outcome<PathBuf> {
    let mut cargo = run::cargo(&workspace.root);
    run::run(cargo.args(["build", "--locked", "--bin", "crystallum-server"]), "building the server")?;
    let path = workspace.target.join("debug").join("crystallum-server");
    if path.is_file() { Ok(path) } else { Err(Failure::new(format!("{} was not built", path.display()))) }
}

impl Environment<'_> {
    fn apply(&self, command: &mut Command, server: &Path) {
        command.env("CRYSTALLUM_SEED", self.seed.to_string());
        command.env("CRYSTALLUM_SERVER", server).env("CRYSTALLUM_DIST", self.workspace.dist());
        if self.deep {
            command.env("CRYSTALLUM_DEEP", "1");
        }
    }

    fn native(&self, server: &Path, python: &Path) -> Outcome {
        let mut cargo = run::cargo(&self.workspace.root);
        cargo.args(["test", "--locked", "--no-fail-fast"]);
        node::packages(&self.workspace.path("tests/peers"))?;
        self.apply(&mut cargo, server);
        cargo.env("CRYSTALLUM_PYTHON", python);
        if let Some(strace) = strace::find()? {
            cargo.env("CRYSTALLUM_STRACE", strace);
        }
        run::run(&mut cargo, "cargo test")
    }

    /// What of the screens is plain code, its words first of all, runs natively.
    fn screens(&self) -> Outcome {
        let mut cargo = run::cargo(&self.workspace.root);
        run::run(cargo.args(["test", "--locked", "-p", "crystallum-app"]), "cargo test")
    }

    fn browser(&self, server: &Path, python: &Path) -> Outcome {
        let mut playwright = self.playwright(server)?;
        playwright.env("CHROMIUM", chromium::find()?).env("CRYSTALLUM_PYTHON", python);
        run::run(&mut playwright, "playwright")
    }

    /// The main journey in the other engine that people use.
    fn firefox(&self, server: &Path) -> Outcome {
        let mut playwright = self.playwright(server)?;
        playwright.args(["--config", "firefox"]).env("FIREFOX", firefox::find()?);
        run::run(&mut playwright, "playwright in Firefox")
    }

    /// Playwright's test runner with all that its tests need but a browser.
    fn playwright(&self, server: &Path) -> Outcome<Command> {
        let folder = self.workspace.path("tests/browser");
        node::packages(&folder)?;
        let mut playwright = Command::new(folder.join("node_modules").join(".bin").join("playwright"));
        playwright.arg("test").current_dir(&folder);
        self.apply(&mut playwright, server);
        Ok(playwright)
    }
}

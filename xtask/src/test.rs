//! `test`: runs the check, then all tests.

pub(crate) mod fresh_machine;

use std::{
    env,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{
    attack::without,
    build, check,
    environment::{Environment, SEED, build_server},
    failure::{Failure, Outcome},
    run, say, sizes,
    steps::Steps,
    switches,
    tools::{firefox, node, python, strace, webkit},
    workspace::Workspace,
};

/// How long the soak goes on beginning new rounds, unless this variable says otherwise.
const SOAK: (&str, &str) = ("CRYSTALLUM_SOAK_SECONDS", "600");

/// How often the test of a killed browser kills it, in the ordinary and in the longer run.
const KILLS: (&str, [&str; 2]) = ("CRYSTALLUM_KILLS", ["5", "50"]);

/// The options of the command.
pub(crate) struct Options {
    /// Run longer, with a new seed unless one is given.
    pub(crate) deep: bool,
    /// The only part of the longer run to do, by its name in `PARTS`.
    pub(crate) part: Option<String>,
    /// The seed of all randomness in the tests.
    pub(crate) seed: Option<u64>,
}

/// A part of `test --deep` that can be run alone.
type Part = (&'static str, fn(&Environment<'_>) -> Outcome);

/// All parts that can be run alone.
const PARTS: [Part; 6] = [
    (fresh_machine::NAME, |environment| fresh_machine::test(environment.workspace)),
    ("memory", |environment| environment.run_memory()),
    ("proxies", |environment| environment.run_proxies()),
    ("soak", |environment| environment.run_soak()),
    ("webkit", |environment| environment.run_webkit()),
    ("without-defences", |environment| environment.run_without_defences()),
];

/// Parts that the whole run has among its tests.
const CONTAINED: [Part; 1] = [("server", |environment| environment.run_server())];

/// Runs the command.
pub(crate) fn test(workspace: &Workspace, options: &Options) -> Outcome {
    let seed = options.seed.unwrap_or_else(|| if options.deep { seed_from_clock() } else { SEED });
    let environment = Environment { workspace, deep: options.deep, seed };
    if let Some(part) = &options.part {
        return run_part(&environment, part);
    }
    let deep = if options.deep { " --deep" } else { "" };
    say::line(format_args!("seed {seed}; the same run again: cargo xtask test{deep} --seed {seed}"));

    let parts: &[Part] = if options.deep { &PARTS } else { &[] };
    let mut steps = Steps::new(check::STEPS + 11 + parts.len());
    check::add_steps(&mut steps, workspace);
    let server = steps.run("the server for the tests", || build_server(workspace));
    let python = steps.run("Python for the tests", python::find);
    let native = server.as_ref().zip(python.as_ref());
    steps.run_with("tests", native, |(server, python)| environment.run_native(server, python));
    steps.run_with("the API as its document describes it", native, |(server, python)| {
        environment.run_schemathesis(server, python)
    });
    steps.run_with("attacks without defences", server.as_ref(), |server| {
        without::check(workspace, &without::QUICK, &environment, server)
    });
    steps.run("tests of the screens' code", || environment.run_app());
    let app = steps.run("the app", || build::build_app(workspace));
    steps.run_with("sizes", app, |()| sizes::check(workspace));
    steps.run_with("no switch in the app", app, |()| switches::check_app(workspace));
    let browser = app.and(server.as_ref().zip(python.as_ref()));
    steps.run_with("the browser", browser, |(server, python)| environment.run_chromium(server, python));
    steps.run_with("Firefox", app.and(server.as_ref()), |server| environment.run_firefox(server));
    for (name, part) in parts {
        steps.run(name, || part(&environment));
    }
    say::line(format_args!("\nseed {seed}"));
    steps.finish()
}

fn run_part(environment: &Environment<'_>, wanted: &str) -> Outcome {
    let parts = || PARTS.iter().chain(&CONTAINED);
    let Some((name, part)) = parts().find(|(name, _)| *name == wanted) else {
        let names: Vec<_> = parts().map(|(name, _)| *name).collect();
        return Err(Failure::new(format!("--deep has no part {wanted}. It has: {}", names.join(", "))));
    };
    let mut steps = Steps::new(1);
    steps.run(name, || part(environment));
    steps.finish()
}

fn seed_from_clock() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(SEED, |since| since.as_secs())
}

impl Environment<'_> {
    fn run_native(&self, server: &Path, python: &Path) -> Outcome {
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

    /// Runs the test that needs schemathesis. The command covers all default members, so that
    /// nothing is built again with other features.
    fn run_schemathesis(&self, server: &Path, python: &Path) -> Outcome {
        let mut cargo = run::cargo(&self.workspace.root);
        cargo.args(["test", "--locked", "--test", "openapi"]);
        self.apply(&mut cargo, server);
        cargo.env("CRYSTALLUM_SCHEMATHESIS", python);
        run::run(cargo.args(["--", "--include-ignored"]), "cargo test")
    }

    /// Runs the operator's page's examples for Caddy and nginx in front of the server. They are
    /// never installed here.
    fn run_proxies(&self) -> Outcome {
        // Debian has nginx in a folder that is not on everybody's path.
        let nginx = run::find_on_path("nginx").or_else(|| Some(PathBuf::from("/usr/sbin/nginx")));
        let nginx = nginx.filter(|program| program.is_file());
        let found = [("CRYSTALLUM_CADDY", run::find_on_path("caddy")), ("CRYSTALLUM_NGINX", nginx)];
        let tools = ["curl", "openssl"].iter().all(|tool| run::find_on_path(tool).is_some());
        if !tools || found.iter().all(|(_, program)| program.is_none()) {
            say::line(
                "skipped: neither Caddy nor nginx is installed (Debian: caddy, nginx), or curl or openssl is missing",
            );
            return Ok(());
        }
        let mut cargo = run::cargo(&self.workspace.root);
        cargo.args(["test", "--locked", "--test", "proxies"]);
        for (variable, program) in found {
            if let Some(program) = program {
                cargo.env(variable, program);
            }
        }
        run::run(&mut cargo, "cargo test")
    }

    /// Runs the soak in its long form. The command covers all default members, as above.
    fn run_soak(&self) -> Outcome {
        let mut cargo = run::cargo(&self.workspace.root);
        cargo.args(["test", "--locked", "--test", "soak", "--", "--nocapture"]);
        cargo.env("CRYSTALLUM_SEED", self.seed.to_string());
        let (variable, seconds) = SOAK;
        cargo.env(variable, env::var(variable).unwrap_or_else(|_| seconds.to_owned()));
        run::run(&mut cargo, "cargo test")
    }

    /// Measures the server's memory under all floods at once, and prints how it develops. The
    /// command covers all default members, so that nothing is built again with other features.
    fn run_memory(&self) -> Outcome {
        let mut cargo = run::cargo(&self.workspace.root);
        cargo.args(["test", "--locked", "--test", "floods", "--", "sustained", "--ignored", "--nocapture"]);
        cargo.env("CRYSTALLUM_SEED", self.seed.to_string());
        run::run(&mut cargo, "cargo test")
    }

    /// Runs the long forms of the server's own tests.
    fn run_server(&self) -> Outcome {
        let server = build_server(self.workspace)?;
        let mut cargo = run::cargo(&self.workspace.root);
        let tests = ["--test", "durability", "--test", "floods", "--test", "server"];
        self.apply(cargo.args(["test", "--locked", "--no-fail-fast"]).args(tests), &server);
        if let Some(strace) = strace::find()? {
            cargo.env("CRYSTALLUM_STRACE", strace);
        }
        run::run(&mut cargo, "cargo test")
    }

    /// Runs the tests of all attacks with defences switched off, and looks for the switches where
    /// they are.
    fn run_without_defences(&self) -> Outcome {
        let server = build_server(self.workspace)?;
        without::check(self.workspace, &[], &Self::usual(self.workspace), &server)?;
        switches::check_worker(self.workspace)
    }

    /// Runs the native tests of the app, most of which are about its texts.
    fn run_app(&self) -> Outcome {
        let mut cargo = run::cargo(&self.workspace.root);
        run::run(cargo.args(["test", "--locked", "-p", "crystallum-app"]), "cargo test")
    }

    fn run_chromium(&self, server: &Path, python: &Path) -> Outcome {
        let mut playwright = self.chromium(server)?;
        playwright.env("CRYSTALLUM_PYTHON", python);
        let (variable, numbers) = KILLS;
        playwright.env(variable, numbers[usize::from(self.deep)]);
        run::run(&mut playwright, "playwright")
    }

    /// Runs the main journey in Firefox, a second browser engine.
    fn run_firefox(&self, server: &Path) -> Outcome {
        let mut playwright = self.playwright(server)?;
        playwright.args(["--config", "firefox"]).env("FIREFOX", firefox::find()?);
        run::run(&mut playwright, "playwright in Firefox")
    }

    /// Runs entry and the clipboard in WebKitGTK, a third browser engine. It is never installed
    /// here.
    fn run_webkit(&self) -> Outcome {
        let Some(webkit) = webkit::find() else {
            say::line(
                "skipped: WebKitGTK, its driver or Xvfb is not installed (Debian: webkit2gtk-driver, xvfb)",
            );
            return Ok(());
        };
        let server = build_server(self.workspace)?;
        build::build_app(self.workspace)?;
        let mut playwright = self.playwright(&server)?;
        playwright.args(["--config", "webkit"]);
        playwright.env("WEBKIT_DRIVER", webkit.driver).env("WEBKIT_BROWSER", webkit.browser);
        run::run(&mut playwright, "playwright in WebKitGTK")
    }
}

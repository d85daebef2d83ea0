//! `build`: builds the app in release form into `dist/`, and the server.

use std::{fs::File, path::PathBuf, process::Command, sync::OnceLock};

use crate::{
    failure::{Failure, Outcome},
    files, finish, inputs,
    plan::{self, Step},
    run, say,
    tools::{binaryen, trunk, wasm_bindgen},
    workspace::Workspace,
};

/// Names of steps.
const SCREENS: &str = "compiling the screens to Wasm";
const ENGINE: &str = "compiling the engine to Wasm";
const SERVER: &str = "compiling the server";
const TOOLS: &str = "installing wasm-bindgen, wasm-opt";

/// Builds the app, unless `dist/` already holds the result of these sources.
pub(crate) fn build_app(workspace: &Workspace) -> Outcome {
    let app = App::new(workspace)?;
    if app.is_built() { Ok(()) } else { plan::run_lanes(app.lanes()) }
}

/// Builds what changed of the app and the server, as they ship.
pub(crate) fn build_product(workspace: &Workspace) -> Outcome {
    let app = App::new(workspace)?;
    if app.is_built() {
        say::line(SERVER);
        return build_server(workspace);
    }
    let [bundle, mut tools] = app.lanes().try_into().map_err(|_| Failure::new("the app has two lanes"))?;
    tools.push(Step::new(SERVER, "2 minutes", || build_server(workspace)));
    plan::run_lanes(vec![bundle, tools])
}

/// Builds the server as it ships.
fn build_server(workspace: &Workspace) -> Outcome {
    let mut cargo = run::cargo(&workspace.root);
    cargo.args(["build", "--locked", "--profile", "server", "-p", "crystallum-server"]);
    run::run_quietly(&mut cargo, SERVER)
}

/// One build of the app.
struct App<'a> {
    workspace: &'a Workspace,
    /// The hash of the files that it is built from.
    inputs: String,
    /// Trunk, and the folders of the tools that it looks for, set once all of them are installed.
    tools: OnceLock<(PathBuf, Vec<PathBuf>)>,
    /// Builds exclude each other, since all of them write to `dist/`.
    _lock: File,
}

impl<'a> App<'a> {
    fn new(workspace: &'a Workspace) -> Outcome<Self> {
        let waiting = || say::line("waiting for another build of the app");
        let lock = files::lock(&workspace.path("target/dist.lock"), waiting)?;
        Ok(Self { workspace, inputs: inputs::hash_inputs(workspace)?, tools: OnceLock::new(), _lock: lock })
    }

    fn is_built(&self) -> bool {
        let built = finish::is_complete(&self.workspace.dist(), &self.inputs);
        if built {
            say::line("the app in dist/ is up to date");
        }
        built
    }

    /// Returns two lanes: one compiles the app, the other builds the tools.
    fn lanes(&self) -> Vec<Vec<Step<'_>>> {
        vec![
            vec![
                Step::new(SCREENS, "2 minutes", || self.compile("app", SCREENS)),
                Step::new(ENGINE, "1 minute", || self.compile("crypto-wasm/worker", ENGINE)),
                Step::new("bundling the app", "half a minute", || self.bundle()).after(TOOLS),
            ],
            vec![
                Step::new("installing Trunk", "3 minutes", || trunk::find(&self.workspace.root).map(drop)),
                Step::new(TOOLS, "1 minute", || self.find_tools()),
            ],
        ]
    }

    /// Compiles one crate exactly as Trunk does, so that Trunk finds it already built.
    fn compile(&self, folder: &str, what: &str) -> Outcome {
        let mut cargo = run::cargo(&self.workspace.root);
        cargo.args([
            "build",
            "--locked",
            "--release",
            "--target",
            "wasm32-unknown-unknown",
            "--manifest-path",
        ]);
        cargo.arg(self.workspace.path(folder).join("Cargo.toml"));
        self.set_flags(&mut cargo);
        run::run_quietly(&mut cargo, what)
    }

    fn find_tools(&self) -> Outcome {
        let trunk = trunk::find(&self.workspace.root)?;
        let bindgen = wasm_bindgen::find(self.workspace)?;
        let folders = bindgen.parent().map(PathBuf::from).into_iter().chain([binaryen::find()?]);
        // A tool of the user is the first of its name on PATH. Its folder may hold others in wrong
        // versions, so only folders of ours come in front.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let is_ours = |folder: &PathBuf| !std::env::split_paths(&path).any(|other| other == *folder);
        let _ = self.tools.set((trunk, folders.filter(is_ours).collect()));
        Ok(())
    }

    /// Runs Trunk. Every crate is on disk and every tool on PATH, so it needs no network and is
    /// given none.
    fn bundle(&self) -> Outcome {
        let (trunk, folders) =
            self.tools.get().ok_or_else(|| Failure::new("the tools of the bundle are not there"))?;
        let mut trunk = Command::new(trunk);
        trunk.arg("build").current_dir(&self.workspace.root);
        trunk.env("PATH", run::path_with(folders)?);
        trunk.env("TRUNK_OFFLINE", "true");
        trunk.env("NO_COLOR", "true");
        trunk.env(finish::INPUTS_VARIABLE, &self.inputs);
        self.set_flags(&mut trunk);
        run::run_quietly(&mut trunk, "bundling the app")?;
        if finish::is_complete(&self.workspace.dist(), &self.inputs) {
            Ok(())
        } else {
            Err(Failure::new("Trunk ended well, but dist/ is not what was asked for"))
        }
    }

    /// Keeps this machine's folders and its user's flags out of the Wasm, so that it is the same
    /// wherever it is built. Cargo splits the flags at spaces, so they are left out when a path has
    /// one.
    fn set_flags(&self, command: &mut Command) {
        // Either would replace the flags in .cargo/config.toml.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        let home =
            std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| home + "/.cargo"));
        let (Some(root), Ok(cargo)) = (self.workspace.root.to_str(), home) else { return };
        if !root.contains(char::is_whitespace) && !cargo.contains(char::is_whitespace) {
            let flags = format!("--remap-path-prefix={root}=/crystallum --remap-path-prefix={cargo}=/cargo");
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
        }
    }
}

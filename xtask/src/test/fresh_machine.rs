//! A part of `test --deep`: the set-up on a machine that has only rustup, Node and a C compiler.
//!
//! The simulated machine has no cargo packages and none of our tools, and a toolchain of its own
//! without the Wasm target. The clone is in a folder with a space in its name.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Outcome},
    files, run, say,
    workspace::Workspace,
};

/// The name of this part on the command line.
pub(crate) const NAME: &str = "fresh-machine";

const TARGET: &str = "wasm32-unknown-unknown";

/// Runs the set-up twice: without a network, where it must fail with a one-line explanation, and
/// with one, after which a build must need no network.
pub(crate) fn test(workspace: &Workspace) -> Outcome {
    if run::find_on_path("rustup").is_none() {
        say::line("skipped: this Rust was not installed by rustup");
        return Ok(());
    }
    let machine = Machine::new(workspace)?;
    if let Err(failure) = machine.install_rust() {
        say::line(format_args!("skipped: a toolchain could not be fetched ({failure})"));
        return Ok(());
    }
    if machine.has_target()? {
        return Err(Failure::new(
            "the new toolchain has the Wasm target already, so its absence was not tested",
        ));
    }
    machine.refuses_without_network()?;
    run::run(&mut machine.xtask("setup"), "cargo xtask setup")?;
    if !machine.has_target()? {
        return Err(Failure::new("the set-up succeeded without adding the Wasm target"));
    }
    let mut build = machine.xtask("build");
    if can_unshare() {
        build = without_network(&build);
    }
    run::run(&mut build, "cargo xtask build without a network")?;
    if machine.clone.join("dist/build.json").is_file() {
        Ok(())
    } else {
        Err(Failure::new("no app was built"))
    }
}

/// The folders of a simulated new machine, removed when dropped.
struct Machine {
    folder: PathBuf,
    clone: PathBuf,
    toolchain: String,
}

impl Machine {
    fn new(workspace: &Workspace) -> Outcome<Self> {
        let folder = workspace.target.join("fresh machine");
        files::remove_dir(&folder)?;
        let clone = folder.join("a clone");
        for file in files::source_files(&workspace.root)? {
            let to = clone.join(file.strip_prefix(&workspace.root).unwrap_or(&file));
            files::make_dir(to.parent().unwrap_or(&clone))?;
            fs::copy(&file, &to).map_err(|cause| Failure::file("copy", &file, &cause))?;
        }
        let wanted = files::read_text(&clone.join("rust-toolchain.toml"))?;
        let channel = wanted.lines().find_map(|line| line.strip_prefix("channel = \"")?.strip_suffix('"'));
        let toolchain =
            channel.ok_or_else(|| Failure::new("rust-toolchain.toml names no channel"))?.to_owned();
        Ok(Self { folder, clone, toolchain })
    }

    /// Returns a command as this machine would run it: without our folders and our toolchain.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO") || name.starts_with("RUST") {
                command.env_remove(&*name);
            }
        }
        command.current_dir(&self.clone);
        command.env("RUSTUP_HOME", self.folder.join("rustup")).env("RUSTUP_AUTO_INSTALL", "0");
        command.env("CARGO_HOME", self.folder.join("cargo")).env("XDG_CACHE_HOME", self.folder.join("cache"));
        command
    }

    fn xtask(&self, task: &str) -> Command {
        let mut cargo = self.command("cargo");
        cargo.args(["xtask", task]);
        cargo
    }

    fn install_rust(&self) -> Outcome {
        let mut rustup = self.command("rustup");
        rustup.args(["toolchain", "install", &self.toolchain, "--profile", "minimal", "--no-self-update"]);
        // In the clone, rust-toolchain.toml would add the target that must be missing.
        run::run_quietly(rustup.current_dir(&self.folder), "rustup toolchain install")
    }

    fn has_target(&self) -> Outcome<bool> {
        let mut rustc = self.command("rustc");
        let sysroot = run::capture(rustc.args(["--print", "sysroot"]), "rustc")?;
        Ok(Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir())
    }

    fn refuses_without_network(&self) -> Outcome {
        if !can_unshare() {
            say::line("not tried without a network: only root on Linux can take it away");
            return Ok(());
        }
        let serve = self.xtask("serve");
        let output = without_network(&serve)
            .output()
            .map_err(|cause| Failure::new(format!("cannot start unshare: {cause}")))?;
        let errors = String::from_utf8_lossy(&output.stderr);
        let last = errors.lines().last().unwrap_or_default();
        let plain = last.starts_with("error: the Rust packages in Cargo.lock could not be fetched")
            && errors.lines().filter(|line| line.starts_with("error")).count() == 1
            && !errors.contains("stack backtrace");
        if output.status.code() == Some(1) && plain {
            return Ok(());
        }
        Err(Failure::new(format!(
            "without a network the first start ended with {} and said:\n{errors}",
            output.status
        )))
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        // The next run removes what cannot be removed now.
        drop(files::remove_dir(&self.folder));
    }
}

/// Returns whether programs can be run without a network, in a namespace of their own.
fn can_unshare() -> bool {
    run::is_root() && run::capture(Command::new("unshare").args(["--net", "true"]), "unshare").is_ok()
}

/// Returns the same command in a network namespace that has only a loopback device that is down.
fn without_network(command: &Command) -> Command {
    let mut unshare = Command::new("unshare");
    unshare.arg("--net").arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => unshare.env(name, value),
            None => unshare.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        unshare.current_dir(folder);
    }
    unshare
}

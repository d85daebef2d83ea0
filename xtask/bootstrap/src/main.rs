//! What `cargo xtask` starts: makes sure that this machine can build Crystallum, then hands over to
//! the crate `xtask`.
//!
//! Everything that can be missing is looked for here, before anything long starts. This program
//! adds what it can: Rust's Wasm target and components, by rustup, and the packages in
//! `Cargo.lock`, by cargo. For the rest it prints one line that says what to do, and exits with 1.

#![forbid(unsafe_code)]

mod compiler;
mod needs;
mod node;
mod packages;
mod process;
mod rust;
mod toolchain_file;

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use needs::Needs;

/// One line for the user who typed the command: what is missing and what to do about it.
type Outcome<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let root = root();
    let needs = Needs::of(&arguments);
    if cfg!(windows) {
        eprintln!("error: Crystallum is built on Linux or macOS. On Windows, use a Linux of WSL");
        return ExitCode::FAILURE;
    }
    if let Err(line) = prepare(&root, &needs) {
        eprintln!("error: {line}");
        return ExitCode::FAILURE;
    }
    if !needs.is_nothing() && !root.join("target/debug/xtask").is_file() {
        eprintln!("compiling the build commands (half a minute, once)");
    }
    let mut xtask = process::cargo(&root);
    xtask.args(["run", "--quiet", "--locked", "--package", "xtask", "--"]).args(arguments);
    // Failures are plain sentences; a backtrace would hide them.
    xtask.env("RUST_BACKTRACE", "0");
    // Programs are looked for where cargo puts those of this machine.
    xtask.env_remove("CARGO_BUILD_TARGET");
    hand_over(xtask)
}

/// Returns the folder of the repository; this crate is in `xtask/bootstrap`.
fn root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR");
    let own = own.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.ancestors().nth(2).map_or_else(|| own.clone(), Path::to_path_buf)
}

fn prepare(root: &Path, needs: &Needs) -> Outcome {
    let Needs { wasm, components, node, .. } = *needs;
    if wasm || components {
        let wanted = toolchain_file::read(root)?;
        let rust = rust::Rust::find(root, &wanted.channel)?;
        compiler::check()?;
        if node {
            node::check()?;
        }
        // This comes first of all that needs the network, since it fails fastest when there is
        // none.
        packages::fetch(root)?;
        if wasm {
            rust.ensure_targets(&wanted.targets)?;
        }
        if components {
            rust.ensure_components(&wanted.components)?;
        }
    }
    Ok(())
}

/// Replaces this process by the command, so that signals reach it directly and its exit code is
/// ours.
#[cfg(unix)]
fn hand_over(mut command: Command) -> ExitCode {
    use std::os::unix::process::CommandExt;
    let cause = command.exec();
    eprintln!("error: cannot start cargo: {cause}");
    ExitCode::FAILURE
}

/// Runs the command to its end and exits with its exit code.
#[cfg(not(unix))]
fn hand_over(mut command: Command) -> ExitCode {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(cause) => {
            eprintln!("error: cannot start cargo: {cause}");
            ExitCode::FAILURE
        }
    }
}

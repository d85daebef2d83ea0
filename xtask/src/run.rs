//! Runs other programs. Arguments are passed as they are, never through a shell.

mod quiet;
mod status;

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::failure::{Failure, Outcome};

pub(crate) use quiet::run_quietly;
pub(crate) use status::{allow_start, print_above_status, stop_all};

/// Returns the command of the cargo that runs this program, so that one toolchain is used
/// throughout.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Runs a program to its end with its output visible. `what` names it in the failure.
pub(crate) fn run(command: &mut Command, what: &str) -> Outcome {
    let status = command.status().map_err(|cause| Failure::not_started(command, &cause))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{what} failed ({status})"))) }
}

/// Runs a program without showing its output and returns its standard output.
pub(crate) fn capture(command: &mut Command, what: &str) -> Outcome<String> {
    let output =
        command.stdin(Stdio::null()).output().map_err(|cause| Failure::not_started(command, &cause))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("{what} failed ({}): {}", output.status, errors.trim())));
    }
    String::from_utf8(output.stdout).map_err(|_| Failure::new(format!("{what} did not answer in text")))
}

/// Returns the path of a program that is on PATH.
pub(crate) fn find_on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|candidate| is_program(candidate))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Returns PATH with these folders in front, for a child process.
pub(crate) fn path_with<P: AsRef<OsStr>>(folders: &[P]) -> Outcome<std::ffi::OsString> {
    let old = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().map(PathBuf::from).chain(std::env::split_paths(&old));
    std::env::join_paths(all).map_err(|cause| Failure::new(format!("cannot set PATH: {cause}")))
}

/// Returns whether this process runs as root and so may install system packages.
pub(crate) fn is_root() -> bool {
    capture(Command::new("id").arg("-u"), "id").is_ok_and(|answer| answer.trim() == "0")
}

/// Installs a system package with apt; requires root.
pub(crate) fn apt_install(package: &str) -> Outcome {
    run(Command::new("apt-get").args(["update", "-q"]), "apt-get update")?;
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    install.args(["install", "-y", "-q", "--no-install-recommends", package]);
    run(&mut install, "apt-get install")
}

/// Replaces this process by the program, so that signals reach it directly and its exit code is
/// ours. Returns only when it cannot be started.
#[cfg(unix)]
pub(crate) fn exec(command: &mut Command) -> Failure {
    use std::os::unix::process::CommandExt;
    let cause = command.exec();
    Failure::not_started(command, &cause)
}

/// Runs the program to its end and exits with its exit code. Returns only when it cannot be
/// started.
#[cfg(not(unix))]
pub(crate) fn exec(command: &mut Command) -> Failure {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(cause) => Failure::not_started(command, &cause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_keep_their_spaces() {
        let answer = capture(Command::new("printf").args(["%s", "a  b"]), "printf").unwrap();
        assert_eq!(answer, "a  b");
    }

    #[test]
    fn a_failing_program_is_named() {
        let failure = run(&mut Command::new("false"), "the thing").unwrap_err();
        assert!(failure.0.starts_with("the thing failed"), "{failure}");
        let failure = run(&mut Command::new("no-such-program-here"), "it").unwrap_err();
        assert!(failure.0.starts_with("cannot start no-such-program-here"), "{failure}");
    }

    #[test]
    fn programs_are_found_on_path_only() {
        assert!(find_on_path("sh").is_some());
        assert_eq!(find_on_path("no-such-program-here"), None);
    }
}

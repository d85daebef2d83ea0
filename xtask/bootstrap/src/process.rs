//! Starts other programs.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Returns the command of the cargo that runs this program, so that one toolchain is used
/// throughout.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Runs a program. Returns its standard output when it succeeds, otherwise the last line of its
/// standard error.
pub(crate) fn answer(command: &mut Command) -> Result<String, String> {
    // A backtrace would be the last thing that it writes.
    command.env("RUST_BACKTRACE", "0").stdin(Stdio::null());
    let output = command.output().map_err(|cause| cause.to_string())?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = errors.lines().rev().map(str::trim).find(|line| !line.is_empty());
    Err(last.map_or_else(|| output.status.to_string(), str::to_owned))
}

/// Returns the path of a program that is on PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let program = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|folder| folder.join(&program)).find(|path| path.is_file())
}

/// Reads the first two numbers of a version such as `rustc 1.95.0 (f2d3ce0bd 2026-03-21)` or
/// `v20.20.2`.
pub(crate) fn version(text: &str) -> Option<(u32, u32)> {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let word = text.split_whitespace().map(|word| word.trim_start_matches('v'));
    let number = |word: &str| {
        let mut parts = word.split(|c| !is_number(c)).next()?.split('.');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    word.filter_map(number).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_programs_print() {
        assert_eq!(version("rustc 1.95.0 (f2d3ce0bd 2026-03-21)"), Some((1, 95)));
        assert_eq!(version("rustc 1.97.0-nightly"), Some((1, 97)));
        assert_eq!(version("v20.20.2\n"), Some((20, 20)));
        assert_eq!(version("1.95"), Some((1, 95)));
        assert_eq!(version("command not found"), None);
    }

    #[test]
    fn a_failure_is_its_last_line() {
        let mut failing = Command::new("sh");
        failing.args(["-c", "echo out; echo first >&2; echo last >&2; echo >&2; exit 3"]);
        assert_eq!(answer(&mut failing), Err("last".to_owned()));
        assert_eq!(answer(Command::new("printf").arg("a  b")), Ok("a  b".to_owned()));
        assert!(answer(&mut Command::new("no-such-program-here")).is_err());
    }

    #[test]
    fn programs_are_found_on_path_only() {
        assert!(on_path("sh").is_some());
        assert_eq!(on_path("no-such-program-here"), None);
    }
}

//! Node and npm, which run wasm-opt, Brotli and the browser tests. They must be on PATH and are
//! never installed.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::version_in;
use crate::{
    failure::{Failure, Outcome},
    files, hash, run, say,
};

/// The oldest major version that the packages of the tests support.
const MIN_MAJOR: u32 = 20;

/// Returns the path of Node.
pub(crate) fn node() -> Outcome<PathBuf> {
    let advice =
        || Failure::new(format!("Node {MIN_MAJOR} or later is needed on PATH; install it, then repeat"));
    let path = run::find_on_path("node").ok_or_else(advice)?;
    let answer = run::capture(Command::new(&path).arg("--version"), "node --version")?;
    if major(&answer).is_some_and(|major| major >= MIN_MAJOR) { Ok(path) } else { Err(advice()) }
}

fn major(answer: &str) -> Option<u32> {
    version_in(answer)?.split('.').next()?.parse().ok()
}

/// Returns the command npm, to be run in a folder. It downloads no browser for Playwright.
pub(super) fn npm(folder: &Path) -> Outcome<Command> {
    node()?;
    let path = run::find_on_path("npm").ok_or_else(|| Failure::new("npm is needed on PATH, beside Node"))?;
    let mut command = Command::new(path);
    command.current_dir(folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    Ok(command)
}

/// Installs exactly the packages of a folder's lock file, unless it did so since the file changed.
/// No package may run a script.
pub(crate) fn packages(folder: &Path) -> Outcome {
    let wanted = hash::hash_parts([files::read(&folder.join("package-lock.json"))?.as_slice()]);
    let stamp = folder.join("node_modules").join(".lock-hash");
    if files::read_text(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    say::line(format_args!("installing the packages of {}", folder.display()));
    let mut install = npm(folder)?;
    install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run::run(&mut install, "npm ci")?;
    files::write(&stamp, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_major_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("node"), None);
    }
}

//! Node and npm: from the user's PATH, never installed. They run wasm-opt, brotli and the browser tests.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::version_in;
use crate::{
    failure::{Failure, Outcome},
    files, hash, run, say,
};

/// The oldest major version that the tests' packages support.
const OLDEST: u32 = 20;

/// Node itself.
pub(crate) fn node() -> Outcome<PathBuf> {
    let advice =
        || Failure::new(format!("Node {OLDEST} or later is needed on PATH; install it, then repeat"));
    let path = run::on_path("node").ok_or_else(advice)?;
    let answer = run::capture(Command::new(&path).arg("--version"), "node --version")?;
    if major(&answer).is_some_and(|major| major >= OLDEST) { Ok(path) } else { Err(advice()) }
}

fn major(answer: &str) -> Option<u32> {
    version_in(answer)?.split('.').next()?.parse().ok()
}

/// npm, quiet about what does not matter here.
pub(super) fn npm(folder: &Path) -> Outcome<Command> {
    node()?;
    let path = run::on_path("npm").ok_or_else(|| Failure::new("npm is needed on PATH, beside Node"))?;
    let mut command = Command::new(path);
    command.current_dir(folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    Ok(command)
}

/// Installs exactly what the lock file of a folder names, again only when that changed. No package runs a script.
pub(crate) fn packages(folder: &Path) -> Outcome {
    let wanted = hash::parts([files::read(&folder.join("package-lock.json"))?.as_slice()]);
    let mark = folder.join("node_modules").join(".lock-hash");
    if files::read_text(&mark).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    say::line(format_args!("installing the packages of {}", folder.display()));
    let mut install = npm(folder)?;
    install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run::run(&mut install, "npm ci")?;
    files::write(&mark, wanted)
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

//! Chromium for the browser tests: the user's, or the system's package.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::version_in;
use crate::{
    failure::{Failure, Outcome},
    run, say,
};

/// Where systems put it.
const KNOWN: [&str; 8] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/lib/chromium/chromium",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/// The program.
pub(crate) fn find() -> Outcome<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        let named = PathBuf::from(named);
        let words = format!("CHROMIUM names {}, which does not answer --version", named.display());
        return if answers(&named) { Ok(named) } else { Err(Failure::new(words)) };
    }
    if let Some(path) = known() {
        return Ok(path);
    }
    let advice = "Chromium is needed for the browser tests: install it (Debian: sudo apt-get install chromium), \
                  or set CHROMIUM to its path";
    if run::on_path("apt-get").is_none() || !run::is_root() {
        return Err(Failure::new(advice));
    }
    say::line("installing Chromium with apt-get");
    run::apt_install("chromium")?;
    known().ok_or_else(|| Failure::new(advice))
}

fn known() -> Option<PathBuf> {
    KNOWN.iter().map(PathBuf::from).find(|path| answers(path))
}

fn answers(path: &Path) -> bool {
    run::capture(Command::new(path).arg("--version"), "chromium")
        .is_ok_and(|answer| version_in(&answer).is_some())
}

//! Finds a browser for the tests: the user's own, or the system's package.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{
    failure::{Failure, Outcome},
    run, say,
};

/// How to find and install a browser.
pub(super) struct Browser {
    /// The name for messages.
    pub(super) name: &'static str,
    /// The environment variable that overrides the path of its program.
    pub(super) variable: &'static str,
    /// The name of Debian's package.
    pub(super) package: &'static str,
    /// The paths at which systems install it.
    pub(super) locations: &'static [&'static str],
}

impl Browser {
    /// Returns the path of the program, after installing it if it is missing and we are root.
    pub(super) fn find(&self) -> Outcome<PathBuf> {
        let Self { name, variable, package, .. } = self;
        if let Some(named) = std::env::var_os(variable) {
            let named = PathBuf::from(named);
            let message = format!("{variable} names {}, which does not answer --version", named.display());
            return if prints_version(&named) { Ok(named) } else { Err(Failure::new(message)) };
        }
        if let Some(path) = self.installed() {
            return Ok(path);
        }
        let advice = || {
            Failure::new(format!(
                "{name} is needed for the browser tests: install it (Debian: sudo apt-get install {package}), \
                 or set {variable} to its path"
            ))
        };
        if run::find_on_path("apt-get").is_none() || !run::is_root() {
            return Err(advice());
        }
        say::line(format_args!("installing {name} with apt-get"));
        run::apt_install(package)?;
        self.installed().ok_or_else(advice)
    }

    fn installed(&self) -> Option<PathBuf> {
        self.locations.iter().map(PathBuf::from).find(|path| prints_version(path))
    }
}

fn prints_version(path: &Path) -> bool {
    run::capture(Command::new(path).arg("--version"), "browser").is_ok_and(|answer| contains_version(&answer))
}

/// Returns whether a text contains a version. Some versions of Firefox have only two numbers.
fn contains_version(answer: &str) -> bool {
    answer.split_whitespace().any(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_answer_tells_a_version() {
        assert!(contains_version("Chromium 156.0.1.2 built on Debian\n"));
        assert!(contains_version("Mozilla Firefox 140.4.0esr\n"));
        assert!(contains_version("Mozilla Firefox 145.0\n"));
        assert!(!contains_version("this needs the snap of 1 browser to be installed"));
        assert!(!contains_version(""));
    }
}

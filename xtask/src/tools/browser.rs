//! A browser for the tests: the user's, or the system's package.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{
    failure::{Failure, Outcome},
    run, say,
};

/// How one browser is found.
pub(super) struct Browser {
    /// Its name in what is said.
    pub(super) name: &'static str,
    /// The variable that names its program when it is set.
    pub(super) variable: &'static str,
    /// Debian's package.
    pub(super) package: &'static str,
    /// Where systems put it.
    pub(super) known: &'static [&'static str],
}

impl Browser {
    /// The program, installed first when it is missing and we may.
    pub(super) fn find(&self) -> Outcome<PathBuf> {
        let Self { name, variable, package, .. } = self;
        if let Some(named) = std::env::var_os(variable) {
            let named = PathBuf::from(named);
            let words = format!("{variable} names {}, which does not answer --version", named.display());
            return if answers(&named) { Ok(named) } else { Err(Failure::new(words)) };
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
        if run::on_path("apt-get").is_none() || !run::is_root() {
            return Err(advice());
        }
        say::line(format_args!("installing {name} with apt-get"));
        run::apt_install(package)?;
        self.installed().ok_or_else(advice)
    }

    fn installed(&self) -> Option<PathBuf> {
        self.known.iter().map(PathBuf::from).find(|path| answers(path))
    }
}

fn answers(path: &Path) -> bool {
    run::capture(Command::new(path).arg("--version"), "browser").is_ok_and(|answer| tells_version(&answer))
}

/// Whether a text has a word like a version in it. Firefox has releases with two numbers only.
fn tells_version(answer: &str) -> bool {
    answer.split_whitespace().any(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_answer_tells_a_version() {
        assert!(tells_version("Chromium 156.0.1.2 built on Debian\n"));
        assert!(tells_version("Mozilla Firefox 140.4.0esr\n"));
        assert!(tells_version("Mozilla Firefox 145.0\n"));
        assert!(!tells_version("this needs the snap of 1 browser to be installed"));
        assert!(!tells_version(""));
    }
}

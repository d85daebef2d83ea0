//! A Python environment with two packages: one for the test that reads our formats with an
//! independent implementation, and one for the test that calls the API as its description says.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::cache;
use crate::{
    failure::{Failure, Outcome},
    files, run, say,
};

/// The wanted packages. The constraints have their versions, and those of all that they need.
const PACKAGES: [&str; 2] = ["cryptography", "schemathesis"];
/// The versions, as `pip freeze` lists them.
const CONSTRAINTS: &str = include_str!("python-constraints.txt");

/// Returns the path of the program, after creating the environment if necessary.
pub(crate) fn find() -> Outcome<PathBuf> {
    let program = Path::new("bin").join("python3");
    let versions = PACKAGES.map(version_of).join("-");
    let cached = cache::folder("python", &versions)?.join(&program);
    if has_packages(&cached) {
        return Ok(cached);
    }
    let base = run::find_on_path("python3");
    let advice = "Python 3 is needed on PATH (Debian: sudo apt-get install python3-venv), then repeat";
    if base.is_none() && !can_install() {
        return Err(Failure::new(advice));
    }
    let folder = cache::install("python", &versions, |fresh| {
        make_environment(fresh)?;
        let constraints = fresh.join("constraints.txt");
        files::write(&constraints, CONSTRAINTS)?;
        let mut pip = Command::new(fresh.join(&program));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip.args(["--only-binary", ":all:", "--constraint"]).arg(constraints);
        run::run(pip.args(PACKAGES), "pip install")
    })?;
    Ok(folder.join(program))
}

/// Returns the wanted version of a package.
fn version_of(package: &str) -> &str {
    let lines = CONSTRAINTS.lines().filter_map(|line| line.split_once("=="));
    lines.filter(|(name, _)| *name == package).map(|(_, version)| version).next().unwrap_or_default()
}

fn has_packages(python: &Path) -> bool {
    PACKAGES.iter().all(|package| {
        let script = format!("from importlib.metadata import version; print(version('{package}'))");
        run::capture(Command::new(python).args(["-c", &script]), "python")
            .is_ok_and(|answer| answer.trim() == version_of(package))
    })
}

fn can_install() -> bool {
    run::find_on_path("apt-get").is_some() && run::is_root()
}

/// Creates a virtual environment. Debian has the module for that in a separate package.
fn make_environment(fresh: &Path) -> Outcome {
    let make = || {
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--clear"]).arg(fresh);
        run::capture(&mut venv, "python3 -m venv").map(|_| ())
    };
    let Err(cause) = make() else { return Ok(()) };
    if !can_install() {
        let advice = "install Python's venv module (Debian: sudo apt-get install python3-venv), then repeat";
        return Err(Failure::new(format!("{cause}\n{advice}")));
    }
    say::line("installing python3-venv with apt-get");
    run::apt_install("python3-venv")?;
    make()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_has_a_version() {
        assert!(PACKAGES.iter().all(|package| !version_of(package).is_empty()));
        assert_eq!(version_of("another"), "");
    }
}

//! A Python environment with one package, for the test that reads our formats with an independent
//! implementation.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::cache;
use crate::{
    failure::{Failure, Outcome},
    run, say,
};

/// The wanted version of the package `cryptography`.
const VERSION: &str = "50.0.2";

/// Returns the path of the program, after creating the environment if necessary.
pub(crate) fn find() -> Outcome<PathBuf> {
    let program = Path::new("bin").join("python3");
    let cached = cache::folder("python", VERSION)?.join(&program);
    if has_package(&cached) {
        return Ok(cached);
    }
    let base = run::find_on_path("python3");
    let advice = "Python 3 is needed on PATH (Debian: sudo apt-get install python3-venv), then repeat";
    if base.is_none() && !can_install() {
        return Err(Failure::new(advice));
    }
    let folder = cache::install("python", VERSION, |fresh| {
        make_environment(fresh)?;
        let mut pip = Command::new(fresh.join(&program));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary",
            ":all:",
        ]);
        pip.arg(format!("cryptography=={VERSION}"));
        run::run(&mut pip, "pip install cryptography")
    })?;
    Ok(folder.join(program))
}

fn has_package(python: &Path) -> bool {
    let script = "import cryptography; print(cryptography.__version__)";
    run::capture(Command::new(python).args(["-c", script]), "python")
        .is_ok_and(|answer| answer.trim() == VERSION)
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

//! Tools that `cargo install` installs from crates.io.

use std::path::{Path, PathBuf};

use super::{cache, has_version};
use crate::{failure::Outcome, run};

/// A tool that is published as a crate.
pub(super) struct Crate<'a> {
    /// The crate's name on crates.io.
    pub(super) name: &'a str,
    /// The program's name.
    pub(super) program: &'a str,
    /// The exact version.
    pub(super) version: &'a str,
    /// Further arguments for `cargo install`.
    pub(super) options: &'a [&'a str],
}

impl Crate<'_> {
    /// Returns the path of the program: on PATH, in the cache, or installed now.
    pub(super) fn find(&self, root: &Path) -> Outcome<PathBuf> {
        if let Some(path) = run::find_on_path(self.program).filter(|path| has_version(path, self.version)) {
            return Ok(path);
        }
        let program = Path::new("bin").join(self.program);
        let cached = cache::folder(self.name, self.version)?.join(&program);
        if has_version(&cached, self.version) {
            return Ok(cached);
        }
        let folder = cache::install(self.name, self.version, |fresh| self.build(root, fresh))?;
        Ok(folder.join(program))
    }

    fn build(&self, root: &Path, fresh: &Path) -> Outcome {
        let target = fresh.join("target");
        let mut install = run::cargo(root);
        install.args(["install", self.name, "--version", self.version]);
        install.args(self.options).arg("--root").arg(fresh);
        install.env("CARGO_TARGET_DIR", &target);
        // These tools mostly wait for compilers and disks, so a quick build saves more time than a
        // fast program.
        install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
        install.env("CARGO_PROFILE_RELEASE_LTO", "off");
        install.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1");
        install.env("CARGO_PROFILE_RELEASE_DEBUG", "false");
        install.env("CARGO_PROFILE_RELEASE_STRIP", "true");
        run::run_quietly(&mut install, &format!("installing {}", self.name))?;
        crate::files::remove_dir(&target)
    }
}

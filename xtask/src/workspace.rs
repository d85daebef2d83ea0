//! The clone: its folders and the versions in its lock file.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{
    failure::{Failure, Outcome},
    files, run,
};

/// The clone that these commands work on.
pub(crate) struct Workspace {
    /// The folder of the root manifest.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, which its settings may move.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Finds the clone from the folder of this crate: the one that cargo names when it runs the
    /// program, otherwise the one it was built in.
    pub(crate) fn find() -> Outcome<Self> {
        let own = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let own = own.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf());
        let root = own.parent().expect("this crate is in the clone").to_path_buf();
        let mut metadata = run::cargo(&root);
        metadata.args(["metadata", "--format-version", "1", "--no-deps"]);
        let answer = parse_json(&run::capture(&mut metadata, "cargo metadata")?)?;
        let target = answer.get("target_directory").and_then(Value::as_str);
        let target = target.ok_or_else(|| Failure::new("cargo metadata names no target folder"))?;
        Ok(Self { root, target: target.into() })
    }

    /// Returns a path inside the clone.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// Returns the folder of the built app.
    pub(crate) fn dist(&self) -> PathBuf {
        self.path("dist")
    }

    /// Returns the version of a crate in the lock file.
    pub(crate) fn locked_version(&self, name: &str) -> Outcome<String> {
        let lock = files::read_text(&self.path("Cargo.lock"))?;
        find_locked_version(&lock, name)
            .ok_or_else(|| Failure::new(format!("Cargo.lock has no single version of {name}")))
    }
}

/// Parses JSON that a program printed.
pub(crate) fn parse_json(text: &str) -> Outcome<Value> {
    serde_json::from_str(text).map_err(|cause| Failure::new(format!("unreadable JSON: {cause}")))
}

/// Returns the version of a crate in the text of a lock file, if there is exactly one.
fn find_locked_version(lock: &str, name: &str) -> Option<String> {
    let wanted = format!("name = \"{name}\"");
    let mut lines = lock.lines();
    let mut found = None;
    while lines.by_ref().any(|line| line == wanted) {
        let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
        if found.replace(version.to_owned()).is_some() {
            return None;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n\n\
                        [[package]]\nname = \"b\"\nversion = \"1.0.0\"\n\n\
                        [[package]]\nname = \"b\"\nversion = \"2.0.0\"\n";

    #[test]
    fn one_locked_version_is_read() {
        assert_eq!(find_locked_version(LOCK, "a").as_deref(), Some("1.2.3"));
    }

    #[test]
    fn none_or_two_locked_versions_are_refused() {
        assert_eq!(find_locked_version(LOCK, "b"), None);
        assert_eq!(find_locked_version(LOCK, "c"), None);
        assert_eq!(find_locked_version("name = \"a\"\n", "a"), None);
    }
}

//! The clone and its folders.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{
    failure::{Failure, Outcome},
    run,
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
}

/// Parses JSON that a program printed.
pub(crate) fn parse_json(text: &str) -> Outcome<Value> {
    serde_json::from_str(text).map_err(|cause| Failure::new(format!("unreadable JSON: {cause}")))
}

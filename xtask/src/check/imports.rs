//! The step that finds import circles. `crystallum-imports` does the work and documents the rule;
//! it is a crate of its own so that building xtask does not have to build a parser of Rust.

use std::path::PathBuf;

use serde_json::Value;

use crate::{
    failure::{Failure, Outcome},
    run,
    workspace::{self, Workspace},
};

const PACKAGE: &str = "crystallum-imports";
/// Targets whose files are not production code.
const NOT_PRODUCTION: [&str; 4] = ["bench", "custom-build", "example", "test"];

/// Tests the program that finds circles, then runs it on every crate of the workspace.
pub(super) fn check(workspace: &Workspace) -> Outcome {
    let mut test = run::cargo(&workspace.root);
    run::run(test.args(["test", "--quiet", "--locked", "-p", PACKAGE]), "cargo test")?;
    let mut metadata = run::cargo(&workspace.root);
    metadata.args(["metadata", "--format-version", "1", "--no-deps", "--locked"]);
    let metadata = workspace::parse_json(&run::capture(&mut metadata, "cargo metadata")?)?;
    let entries =
        entries(&metadata).ok_or_else(|| Failure::new("cargo metadata has another shape than expected"))?;
    let mut find = run::cargo(&workspace.root);
    find.args(["run", "--quiet", "--locked", "-p", PACKAGE, "--"]);
    find.arg(&workspace.root).args(entries);
    run::run(&mut find, "the search for import circles")
}

/// Returns the entry file of every library and program of the workspace.
fn entries(metadata: &Value) -> Option<Vec<PathBuf>> {
    let mut entries = Vec::new();
    for package in metadata.get("packages")?.as_array()? {
        for target in package.get("targets")?.as_array()? {
            let kinds = target.get("kind")?.as_array()?;
            if !kinds.iter().any(|kind| NOT_PRODUCTION.iter().any(|other| kind == other)) {
                entries.push(target.get("src_path")?.as_str()?.into());
            }
        }
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_and_programs_are_entries() {
        let metadata = serde_json::json!({"packages": [
            {"targets": [
                {"kind": ["lib"], "src_path": "/a/src/lib.rs"},
                {"kind": ["test"], "src_path": "/a/tests/t.rs"},
                {"kind": ["custom-build"], "src_path": "/a/build.rs"}]},
            {"targets": [
                {"kind": ["cdylib", "rlib"], "src_path": "/b/src/lib.rs"},
                {"kind": ["bin"], "src_path": "/b/src/main.rs"}]}]});
        let expected = ["/a/src/lib.rs", "/b/src/lib.rs", "/b/src/main.rs"].map(PathBuf::from);
        assert_eq!(entries(&metadata).unwrap(), expected);
        assert_eq!(entries(&serde_json::json!({})), None);
    }
}

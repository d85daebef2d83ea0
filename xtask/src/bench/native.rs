//! The benchmarks of the crates, which cargo runs.

use std::process::Command;

use serde_json::Value;

use crate::{
    failure::{Failure, Outcome},
    run, workspace,
    workspace::Workspace,
};

/// Returns package and name of every benchmark of the default members.
pub(super) fn find_benches(workspace: &Workspace) -> Outcome<Vec<(String, String)>> {
    let mut metadata = run::cargo(&workspace.root);
    metadata.args(["metadata", "--format-version", "1", "--no-deps"]);
    parse_benches(&workspace::parse_json(&run::capture(&mut metadata, "cargo metadata")?)?)
        .ok_or_else(|| Failure::new("cargo metadata has another shape than expected"))
}

/// Returns the command that runs one benchmark.
pub(super) fn bench_command(workspace: &Workspace, package: &str, bench: &str) -> Command {
    let mut cargo = run::cargo(&workspace.root);
    cargo.args(["bench", "--locked", "-p", package, "--bench", bench]);
    cargo
}

fn parse_benches(metadata: &Value) -> Option<Vec<(String, String)>> {
    let members = metadata.get("workspace_default_members")?.as_array()?;
    let mut found = Vec::new();
    for package in metadata.get("packages")?.as_array()? {
        if !members.contains(package.get("id")?) {
            continue;
        }
        for target in package.get("targets")?.as_array()? {
            let kinds = target.get("kind")?.as_array()?;
            if kinds.iter().any(|kind| kind.as_str() == Some("bench")) {
                let text = |value: &Value| value.get("name")?.as_str().map(str::to_owned);
                found.push((text(package)?, text(target)?));
            }
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benchmarks_of_default_members_are_found() {
        let metadata = serde_json::json!({
            "workspace_default_members": ["1"],
            "packages": [
                {"id": "1", "name": "core", "targets": [
                    {"name": "core", "kind": ["lib"]}, {"name": "seal", "kind": ["bench"]}]},
                {"id": "2", "name": "app", "targets": [{"name": "paint", "kind": ["bench"]}]}]});
        assert_eq!(parse_benches(&metadata).unwrap(), [("core".to_owned(), "seal".to_owned())]);
        assert_eq!(parse_benches(&serde_json::json!({})), None);
    }
}

//! The packages that one package is built from, by `cargo tree`.
//!
//! The graph of `cargo metadata` resolves the features of all packages together, so it has edges
//! that only other packages switch on: `p256` reaches `hkdf` there because a test of the server
//! wants ECDH. `cargo tree` resolves the features of one package alone.

use std::collections::BTreeSet;

use crate::{failure::Outcome, run, workspace::Workspace};

/// Returns the names of all packages that a package is built from, itself included: all its
/// features, all targets, without what only its tests need.
pub(crate) fn packages_of(workspace: &Workspace, package: &str) -> Outcome<BTreeSet<String>> {
    let mut tree = run::cargo(&workspace.root);
    tree.args(["tree", "--locked", "-p", package, "--edges", "no-dev", "--all-features"]);
    tree.args(["--target", "all", "--prefix", "none", "--format", "{p}"]);
    Ok(names(&run::capture(&mut tree, "cargo tree")?))
}

/// Returns a line for each package that a package is built from: its name, version, and features.
pub(crate) fn features_in(workspace: &Workspace, package: &str) -> Outcome<String> {
    let mut tree = run::cargo(&workspace.root);
    tree.args(["tree", "--locked", "-p", package, "--edges", "no-dev"]);
    tree.args(["--target", "all", "--prefix", "none", "--format", "{p} {f}"]);
    run::capture(&mut tree, "cargo tree")
}

/// Returns the first word of each line: `sha2 v0.11.0`, `name v0.1.0 (/a/folder)`.
fn names(text: &str) -> BTreeSet<String> {
    text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_first_word() {
        let text = "a v0.1.0 (/folder of/a)\nsha2 v0.11.0\nsha2 v0.11.0 (*)\n\n";
        assert_eq!(names(text).into_iter().collect::<Vec<_>>(), ["a", "sha2"]);
    }
}

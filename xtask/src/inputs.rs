//! Hashes everything that the app is built from: it is built again only when the hash changes.

use std::path::Path;

use crate::{failure::Outcome, files, hash, workspace::Workspace};

/// Files and folders that the built app depends on.
pub(crate) const INPUTS: [&str; 21] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "app",
    "crypto-wasm/Cargo.toml",
    "crypto-wasm/engine",
    "crypto-wasm/exchanges",
    "crypto-wasm/format",
    "crypto-wasm/messages",
    "crypto-wasm/src",
    "crypto-wasm/worker",
    "public",
    "rust-toolchain.toml",
    "server/api",
    "xtask/bindgen",
    "xtask/src/build.rs",
    "xtask/src/finish",
    "xtask/src/finish.rs",
    "xtask/src/hash.rs",
    "xtask/src/tools",
];

/// Hashes the names and contents of all inputs of the app.
pub(crate) fn hash_inputs(workspace: &Workspace) -> Outcome<String> {
    hash_of(&workspace.root, &INPUTS)
}

fn hash_of(root: &Path, inputs: &[&str]) -> Outcome<String> {
    let mut parts = Vec::new();
    for input in inputs {
        for path in files::source_files(&root.join(input))? {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            parts.push(name.into_bytes());
            parts.push(files::read(&path)?);
        }
    }
    Ok(hash::hash_parts(parts.iter().map(Vec::as_slice)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::scratch::Scratch;

    #[test]
    fn every_input_exists() {
        let workspace = Workspace::find().unwrap();
        for input in INPUTS {
            assert!(workspace.path(input).exists(), "{input}");
        }
    }

    #[test]
    fn every_package_of_the_app_is_an_input() {
        let workspace = Workspace::find().unwrap();
        for package in ["crystallum-app", "crystallum-worker"] {
            let mut tree = crate::run::cargo(&workspace.root);
            tree.args(["tree", "--offline", "--package", package, "--target", "wasm32-unknown-unknown"]);
            tree.args(["--edges", "normal,build", "--prefix", "none", "--no-dedupe"]);
            let answer = crate::run::capture(&mut tree, "cargo tree").unwrap();
            let root = workspace.root.to_string_lossy();
            let mut seen = 0;
            for line in answer.lines() {
                let Some((_, path)) = line.split_once(&format!("({root}/")) else { continue };
                let folder = path.split(')').next().unwrap();
                let covered = INPUTS
                    .iter()
                    .any(|input| *input == folder || input.strip_suffix("/Cargo.toml") == Some(folder));
                assert!(covered, "{package} is built from {folder}");
                seen += 1;
            }
            assert!(seen > 1, "{package} has packages of ours below it: {answer}");
        }
    }

    #[test]
    fn any_change_of_name_or_content_changes_the_hash() {
        let scratch = Scratch::new();
        let hash = || hash_of(scratch.path(), &["app", "Cargo.lock"]).unwrap();
        scratch.file("app/main.rs", "fn main() {}");
        scratch.file("Cargo.lock", "1");
        let first = hash();
        assert_eq!(hash(), first);

        scratch.file("app/main.rs", "fn main() { }");
        let edited = hash();
        assert_ne!(edited, first);

        scratch.file("app/main.rs", "fn main() {}");
        assert_eq!(hash(), first, "the same content is the same build, whenever it was written");

        std::fs::rename(scratch.path().join("app/main.rs"), scratch.path().join("app/lib.rs")).unwrap();
        assert_ne!(hash(), first);
    }

    #[test]
    fn what_is_not_an_input_does_not_count() {
        let scratch = Scratch::new();
        scratch.file("app/main.rs", "");
        let before = hash_of(scratch.path(), &["app"]).unwrap();
        scratch.file("server/main.rs", "");
        scratch.file("app/target/debug.rs", "");
        assert_eq!(hash_of(scratch.path(), &["app"]).unwrap(), before);
    }
}

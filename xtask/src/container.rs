//! Checks as much of the container file as is possible without a container: what it copies must be
//! a complete workspace.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    failure::{Failure, Outcome},
    files,
    inputs::INPUTS,
    run,
    workspace::Workspace,
};

/// The file, relative to the workspace.
const CONTAINER_FILE: &str = "server/deploy/Containerfile";

/// Copies the same files into an empty folder and lets cargo read the workspace there.
pub(crate) fn check(workspace: &Workspace) -> Outcome {
    let text = files::read_text(&workspace.path(CONTAINER_FILE))?;
    let folder = workspace.target.join("container");
    files::remove_dir(&folder)?;
    let outcome = check_in(&workspace.root, &text, &folder).and_then(|()| has_inputs(&folder));
    files::remove_dir(&folder)?;
    outcome
}

fn check_in(root: &Path, text: &str, folder: &Path) -> Outcome {
    let copies = parse_copies(text);
    if copies.is_empty() {
        return Err(Failure::new(format!("{CONTAINER_FILE} copies nothing from the repository")));
    }
    for CopyLine { sources, target } in copies {
        for source in &sources {
            copy(root, source, &destination(folder, source, &target, sources.len()))?;
        }
    }
    let mut metadata = run::cargo(folder);
    metadata.args(["metadata", "--offline", "--no-deps", "--format-version", "1"]);
    // Named, since cargo would otherwise look for a manifest in the folders above as well.
    metadata.arg("--manifest-path").arg(folder.join("Cargo.toml"));
    run::capture(&mut metadata, "cargo metadata on what the container file copies").map(drop)
}

/// Checks that everything is there which the app is built from.
fn has_inputs(folder: &Path) -> Outcome {
    let missing: Vec<_> = INPUTS.iter().filter(|input| !folder.join(input).exists()).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("{CONTAINER_FILE} does not copy {}", missing.join(", "))))
}

/// A line that copies from the repository.
#[derive(Debug, PartialEq, Eq)]
struct CopyLine {
    sources: Vec<String>,
    target: String,
}

/// Returns the lines `COPY source... target` of the first stage. Lines with `--from` are left out,
/// since they copy from other images.
fn parse_copies(text: &str) -> Vec<CopyLine> {
    let stage = text.lines().skip_while(|line| !line.starts_with("FROM ")).skip(1);
    let first = stage.take_while(|line| !line.starts_with("FROM "));
    first
        .filter_map(|line| {
            let words: Vec<_> = line.strip_prefix("COPY ")?.split_whitespace().map(str::to_owned).collect();
            let (target, sources) = words.split_last()?;
            let here = !sources.is_empty() && !sources.iter().any(|word| word.starts_with("--"));
            here.then(|| CopyLine { sources: sources.to_vec(), target: target.clone() })
        })
        .collect()
}

/// Returns where a file or folder is copied to: into the target when that is a folder, otherwise to
/// the target itself. The contents of a folder go into the target, as container tools do it.
fn destination(folder: &Path, source: &str, target: &str, sources: usize) -> PathBuf {
    let into = folder.join(target);
    if sources > 1 || target.ends_with('/') { into.join(source) } else { into }
}

fn copy(root: &Path, source: &str, target: &Path) -> Outcome {
    let from = root.join(source);
    if !from.exists() {
        return Err(Failure::new(format!(
            "{CONTAINER_FILE} copies {source}, which is not in the repository"
        )));
    }
    for file in files::source_files(&from)? {
        let inside = file.strip_prefix(&from).unwrap_or(Path::new(""));
        let to = if inside.as_os_str().is_empty() { target.to_owned() } else { target.join(inside) };
        if let Some(parent) = to.parent() {
            files::make_dir(parent)?;
        }
        fs::copy(&file, &to).map_err(|cause| Failure::file("copy", &file, &cause))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::scratch::Scratch;

    #[test]
    fn only_what_the_first_stage_copies_from_here_counts() {
        let text = "# COPY nothing here\nFROM rust AS build\nCOPY --from=node /bin/node /bin/node\nCOPY a b ./\n\
                    COPY c c\nRUN make\nFROM scratch\nCOPY d d\n";
        let copy = |sources: &[&str], target: &str| CopyLine {
            sources: sources.iter().map(|&source| source.to_owned()).collect(),
            target: target.to_owned(),
        };
        assert_eq!(parse_copies(text), [copy(&["a", "b"], "./"), copy(&["c"], "c")]);
    }

    #[test]
    fn a_forgotten_member_of_the_workspace_is_told() {
        let scratch = Scratch::new();
        let root = scratch.path().join("repository");
        scratch.file(
            "repository/Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"one\", \"tests/two\"]\n",
        );
        for member in ["one", "tests/two"] {
            let name = member.replace('/', "-");
            let manifest = format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n");
            scratch.file(&format!("repository/{member}/Cargo.toml"), &manifest);
            scratch.file(&format!("repository/{member}/src/lib.rs"), "");
        }
        let check = |name: &str, text: &str| check_in(&root, text, &scratch.path().join(name));
        assert_eq!(
            check("whole", "FROM rust\nCOPY Cargo.toml ./\nCOPY one one\nCOPY tests/two tests/two\n"),
            Ok(())
        );
        let failure = check("part", "FROM rust\nCOPY Cargo.toml ./\nCOPY one one\n").unwrap_err();
        assert!(failure.0.contains("tests/two"), "{failure}");
        let failure = check("absent", "FROM rust\nCOPY three three\n").unwrap_err();
        assert!(failure.0.contains("three"), "{failure}");
    }

    #[test]
    fn forgotten_manifests_and_inputs_are_told() {
        let workspace = Workspace::find().unwrap();
        let text = files::read_text(&workspace.path(CONTAINER_FILE)).unwrap();
        let scratch = Scratch::new();
        for (at, word) in ["Cargo.toml", "Cargo.lock", "public"].into_iter().enumerate() {
            let without: Vec<_> = text
                .lines()
                .map(|line| line.split(' ').filter(|part| *part != word).collect::<Vec<_>>().join(" "))
                .collect();
            let folder = scratch.path().join(at.to_string());
            let whole =
                check_in(&workspace.root, &without.join("\n"), &folder).and_then(|()| has_inputs(&folder));
            assert!(whole.is_err(), "{word}");
        }
    }

    #[test]
    fn our_own_file_copies_a_whole_workspace() {
        assert_eq!(check(&Workspace::find().unwrap()), Ok(()));
    }
}

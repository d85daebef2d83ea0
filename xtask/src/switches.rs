//! The switches of defences, which tests have and the built app must not have.

use std::path::Path;

use crate::{
    attack::native,
    failure::{Failure, Outcome},
    files, run, say,
    workspace::Workspace,
};

/// The environment variable that names the defences that are off.
pub(crate) const VARIABLE: &str = "CRYSTALLUM_DEFENCE_OFF";
/// The file that lists them, from the top of the clone.
pub(crate) const FILE: &str = "crypto-wasm/format/src/defence.rs";
/// A test program that has them all.
const TEST: &str = "tests/system/tests/hostile.rs";
const WASM: &str = "wasm32-unknown-unknown";
/// How labels begin in the Wasm where the defences are: a search that finds one there finds texts.
/// Split so that this file contains none.
const LABEL: &str = concat!("crystallum", "/1/");

/// Reads the names of the defences from the file.
pub(crate) fn names(workspace: &Workspace) -> Outcome<Vec<String>> {
    let names = parse(&files::read_text(&workspace.path(FILE))?);
    if names.is_empty() { Err(Failure::new(format!("{FILE} lists no defences"))) } else { Ok(names) }
}

/// Reads lines `(Defence::SignedTree, "signed-tree"),`.
fn parse(text: &str) -> Vec<String> {
    let name = |line: &str| {
        let (_, rest) = line.trim().strip_prefix("(Defence::")?.split_once(", \"")?;
        Some(rest.strip_suffix("\"),")?.to_owned())
    };
    text.lines().filter_map(name).collect()
}

/// Checks that no file of the built app has the variable or a name of a defence. The same search
/// must find all of them in a test program.
pub(crate) fn check_app(workspace: &Workspace) -> Outcome {
    let mut wanted = names(workspace)?;
    wanted.push(VARIABLE.to_owned());
    let program = native::program_of(workspace, TEST)?;
    let missing = missing_in(&program, &wanted)?;
    if !missing.is_empty() {
        return Err(Failure::new(format!(
            "{} does not have {}, so a search for it shows nothing",
            program.display(),
            missing.join(", ")
        )));
    }
    let files = files::source_files(&workspace.dist())?;
    let (mut violations, mut labelled) = (Vec::new(), 0);
    for file in &files {
        let text = text_of(file)?;
        let found = wanted.iter().filter(|name| text.contains(name.as_str()));
        violations.extend(found.map(|name| format!("{} has {name}", file.display())));
        let is_wasm = file.extension().is_some_and(|extension| extension == "wasm");
        labelled += usize::from(is_wasm && text.contains(LABEL));
    }
    if labelled == 0 {
        violations.push(format!("no Wasm has {LABEL}, so a search in it shows nothing"));
    }
    if !violations.is_empty() {
        return Err(Failure::new(violations.join("\n")));
    }
    say::line(format_args!(
        "none of {} names in {} files; all of them in {}",
        wanted.len(),
        files.len(),
        program.display()
    ));
    Ok(())
}

/// Checks that the same search finds all of them in the worker's Wasm if that is built with the
/// feature.
pub(crate) fn check_worker(workspace: &Workspace) -> Outcome {
    let mut wanted = names(workspace)?;
    wanted.push(VARIABLE.to_owned());
    let target = workspace.target.join("switches");
    let mut cargo = run::cargo(&workspace.root);
    cargo.args(["build", "--locked", "-p", "crystallum-worker", "--target", WASM]);
    cargo.args(["--features", "crystallum-engine/testing", "--target-dir"]).arg(&target);
    run::run(&mut cargo, "building a worker with switches")?;
    let file = target.join(WASM).join("debug").join("crystallum-worker.wasm");
    let missing = missing_in(&file, &wanted)?;
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("a worker with switches does not have {}", missing.join(", "))))
}

/// Returns which names a file does not have.
fn missing_in<'n>(file: &Path, names: &'n [String]) -> Outcome<Vec<&'n str>> {
    let text = text_of(file)?;
    Ok(names.iter().map(String::as_str).filter(|name| !text.contains(name)).collect())
}

/// Returns the bytes of a file as text. Names are ASCII, which stays as it is whatever is around
/// it.
fn text_of(file: &Path) -> Outcome<String> {
    Ok(String::from_utf8_lossy(&files::read(file)?).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::scratch::Scratch;

    #[test]
    fn names_stand_in_lines_of_their_own() {
        let text =
            "/// (Defence::One, \"no\"),\n    (Defence::SignedTree, \"signed-tree\"),\n Defence::Two,\n";
        assert_eq!(parse(text), ["signed-tree"]);
    }

    #[test]
    fn names_are_found_between_bytes() {
        let scratch = Scratch::new();
        let file = scratch.file("a.wasm", "");
        std::fs::write(&file, b"\xff\x00\xc3signed-tree\xc3\x28head-parent").expect("a file of this test");
        let names = ["signed-tree", "head-parent", "head-front"].map(str::to_owned);
        assert_eq!(missing_in(&file, &names).expect("a file"), ["head-front"]);
    }
}

//! Builds the Wasm that is compared with npm packages, with the options of the worker.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Outcome},
    files, run,
    tools::{binaryen, wasm_bindgen},
    workspace::Workspace,
};

/// The crate that compares the product with npm packages that do the same.
pub(super) const PACKAGE: &str = "crystallum-peers";

const TARGET: &str = "wasm32-unknown-unknown";
const LIBRARY: &str = "crystallum_peers";

/// Builds the Wasm and its bindings and returns their folder.
pub(super) fn build_wasm(workspace: &Workspace) -> Outcome<PathBuf> {
    let mut cargo = run::cargo(&workspace.root);
    cargo.args(["build", "--locked", "--release", "--target", TARGET, "-p", PACKAGE, "--lib"]);
    run::run(&mut cargo, "building the Wasm for the peers")?;
    let folder = workspace.target.join("bench").join("peers");
    files::remove_dir(&folder)?;
    files::make_dir(&folder)?;
    let built = workspace.target.join(TARGET).join("release").join(format!("{LIBRARY}.wasm"));
    let mut bindgen = Command::new(wasm_bindgen::find(workspace)?);
    bindgen.args(["--target", "web", "--no-typescript", "--out-dir"]).arg(&folder).arg(built);
    run::run(&mut bindgen, "wasm-bindgen")?;
    // Node, too, must load the script as a module.
    files::write(&folder.join("package.json"), "{ \"type\": \"module\" }\n")?;
    optimise(workspace, &folder.join(format!("{LIBRARY}_bg.wasm")))?;
    Ok(folder)
}

fn optimise(workspace: &Workspace, wasm: &Path) -> Outcome {
    let page = files::read_text(&workspace.path("app/index.html"))?;
    let options = worker_options(&page)
        .ok_or_else(|| Failure::new("app/index.html does not say how the worker is optimised"))?;
    let mut optimise = Command::new(binaryen::find()?.join("wasm-opt"));
    optimise.args(options).arg(wasm).arg("--output").arg(wasm);
    run::run(&mut optimise, "wasm-opt")
}

/// Reads the options that Trunk gives to wasm-opt for the worker.
fn worker_options(page: &str) -> Option<Vec<String>> {
    let link = page.lines().find(|line| line.contains("data-type=\"worker\""))?;
    let attribute = |name: &str| Some(link.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0);
    let mut options = vec![format!("-O{}", attribute("data-wasm-opt")?)];
    options.extend(attribute("data-wasm-opt-params")?.split_whitespace().map(str::to_owned));
    Some(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peers_are_optimised_as_the_worker_is() {
        let page = "<link rel=\"rust\" data-wasm-opt=\"3\">\n\
                    <link data-type=\"worker\" data-wasm-opt=\"z\" data-wasm-opt-params=\"--one --two\">";
        assert_eq!(worker_options(page).unwrap(), ["-Oz", "--one", "--two"]);
        assert_eq!(worker_options("<link data-type=\"worker\">"), None);
        let workspace = Workspace::find().unwrap();
        let page = files::read_text(&workspace.path("app/index.html")).unwrap();
        assert!(worker_options(&page).is_some(), "the page says it");
    }
}

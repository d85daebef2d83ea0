//! The part of the app's Wasm that only an open vault needs. `xtask/bindgen` splits it off; Trunk
//! does not know it, so it is optimised here, in the way that `index.html` says for the first part.

use std::{path::Path, process::Command};

use crate::{
    failure::{Failure, Outcome},
    files, run,
    tools::binaryen,
    workspace::Workspace,
};

/// Where the bindings of Wasm files are written, in the folder of builds. `xtask/bindgen` puts the
/// part beside those of the app.
const SPLIT_OFF: &str = "wasm-bindgen/release/crystallum-app_vault.wasm";
/// The attribute of `index.html` with the options of the optimiser.
const OPTIONS: &str = "data-wasm-opt-params=\"";

/// Writes the optimised part.
pub(super) fn optimise(workspace: &Workspace, part: &Path) -> Outcome {
    let page = files::read_text(&workspace.path("app/index.html"))?;
    let mut optimiser = Command::new(binaryen::find()?.join("wasm-opt"));
    optimiser.arg("-Oz").args(options(&page)?);
    let split_off = workspace.target.join(SPLIT_OFF);
    optimiser.arg(&split_off).arg("-o").arg(part);
    run::run(&mut optimiser, "optimising the second part of the app")?;
    // The next build must not find it, should it split nothing.
    files::remove(&split_off)
}

/// Returns the options that the page gives for the first part.
fn options(page: &str) -> Outcome<std::str::SplitWhitespace<'_>> {
    page.split_once(OPTIONS)
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(options, _)| options.split_whitespace())
        .ok_or_else(|| Failure::new("app/index.html does not say how the app is optimised"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_are_those_of_the_first_part() {
        let page = r#"<link data-wasm-opt="z" data-wasm-opt-params="--enable-simd -Oz"><link data-wasm-opt-params="-O">"#;
        assert_eq!(options(page).unwrap().collect::<Vec<_>>(), ["--enable-simd", "-Oz"]);
        assert!(options("<link>").is_err());
        let workspace = Workspace::find().unwrap();
        let page = files::read_text(&workspace.path("app/index.html")).unwrap();
        assert!(options(&page).unwrap().any(|option| option == "--enable-simd"));
    }
}

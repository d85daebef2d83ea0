//! The two places of `index.html` that the build fills in.

use super::{Named, Started};
use crate::failure::{Failure, Outcome};

/// How Trunk hands over the names of the app's files (`pattern_script` in `Trunk.toml`).
const BEFORE: &str = "<meta name=\"trunk-app\" content=\"";
const AFTER: &str = "\">";

/// The app's bindings and Wasm file, as Trunk named them.
pub(super) fn named_by_trunk(page: &str) -> Outcome<(&str, &str)> {
    element(page).and_then(|(_, content, _)| content.split_once(' ')).ok_or_else(|| {
        Failure::new("index.html does not name the app's files; see pattern_script in Trunk.toml")
    })
}

/// The page with the hashes of what it starts.
pub(super) fn finished(page: &str, started: &Started) -> Outcome<String> {
    let (before, _, after) =
        element(page).ok_or_else(|| Failure::new("index.html does not name the app's files"))?;
    let Started { boot, app_wasm, worker, worker_wasm } = started;
    let lines = [
        meta("crystallum-app-wasm", app_wasm),
        meta("crystallum-worker", worker),
        meta("crystallum-worker-wasm", worker_wasm),
        format!(
            "<link rel=\"preload\" href=\"/{}\" as=\"fetch\" type=\"application/wasm\" crossorigin integrity=\"{}\">",
            app_wasm.name, app_wasm.integrity
        ),
        format!(
            "<script type=\"module\" blocking=\"render\" src=\"/{}\" crossorigin integrity=\"{}\"></script>",
            boot.name, boot.integrity
        ),
    ];
    Ok(format!("{before}{}{after}", lines.join("\n  ")))
}

fn element(page: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = page.split_once(BEFORE)?;
    let (content, after) = rest.split_once(AFTER)?;
    Some((before, content, after))
}

fn meta(name: &str, file: &Named) -> String {
    format!("<meta name=\"{name}\" content=\"/{} {}\">", file.name, file.integrity)
}

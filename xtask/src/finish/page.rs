//! Reads and fills in the element of `index.html` through which Trunk hands over file names.

use crate::failure::{Failure, Outcome};

/// The element with the names of the app's files (`pattern_script` in `Trunk.toml`).
const BEFORE: &str = "<meta name=\"trunk-app\" content=\"";
const AFTER: &str = "\">";

/// The files that the page loads first, under their final names.
pub(super) struct EntryFiles {
    pub(super) boot: HashedFile,
    pub(super) app_wasm: HashedFile,
    pub(super) worker: HashedFile,
    pub(super) worker_wasm: HashedFile,
}

/// A file name with the hash of the file.
pub(super) struct HashedFile {
    pub(super) name: String,
    pub(super) integrity: String,
}

/// Returns the names that Trunk gave to the app's bindings and its Wasm file.
pub(super) fn trunk_files(page: &str) -> Outcome<(&str, &str)> {
    element(page).and_then(|(_, content, _)| content.split_once(' ')).ok_or_else(|| {
        Failure::new("index.html does not name the app's files; see pattern_script in Trunk.toml")
    })
}

/// Returns the page with the names and hashes of its entry files.
pub(super) fn fill_in(page: &str, entry_files: &EntryFiles) -> Outcome<String> {
    let (before, _, after) =
        element(page).ok_or_else(|| Failure::new("index.html does not name the app's files"))?;
    let EntryFiles { boot, app_wasm, worker, worker_wasm } = entry_files;
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

/// Returns what is before the element, its content, and what is after it.
fn element(page: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = page.split_once(BEFORE)?;
    let (content, after) = rest.split_once(AFTER)?;
    Some((before, content, after))
}

fn meta(name: &str, file: &HashedFile) -> String {
    format!("<meta name=\"{name}\" content=\"/{} {}\">", file.name, file.integrity)
}

//! The last step of a build, which Trunk calls on its staging folder. It joins scripts with their
//! bindings, names files by their content, writes their hashes into `index.html`, compresses them
//! and lists everything in `build.json`.
//!
//! After it, `index.html` alone decides what runs:
//!
//! - `boot-*.js` (the app's bindings and `public/boot.js`) is checked by the `integrity` attribute
//!   of its script element.
//! - `app-*.wasm`, `vault-*.wasm` (the part of the app that only an open vault needs),
//!   `worker-*.js` (the worker's bindings and `public/worker.js`) and `worker-*.wasm` are checked
//!   by the `integrity` of the requests of `boot.js`, which it takes from `meta` elements.
//! - The style sheets of an open vault, which `boot.js` loads once the page works, are named with
//!   their hashes in `meta` elements, too.
//!
//! The bindings are joined with the scripts because an `import` cannot carry a hash.

mod compress;
pub(crate) mod page;
mod vault_part;

use std::path::{Path, PathBuf};

use page::{EntryFiles, HashedFile};
use serde_json::{Map, Value, json};

use crate::{
    failure::{Failure, Outcome},
    files, hash,
    workspace::Workspace,
};

/// The file that lists the results of a build.
pub(crate) const MANIFEST: &str = "build.json";
/// The environment variable with the hash of the inputs, set by `cargo xtask build`.
pub(crate) const INPUTS_VARIABLE: &str = "CRYSTALLUM_INPUTS";

/// The second part of the app's Wasm, before it is named by its content.
const VAULT_PART: &str = "crystallum-vault.wasm";

/// Runs the step on the folder that Trunk names in the environment.
pub(crate) fn finish(workspace: &Workspace) -> Outcome {
    let folder = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let folder =
        folder.ok_or_else(|| Failure::new("this step is called by Trunk; use: cargo xtask build"))?;
    let inputs = std::env::var(INPUTS_VARIABLE).ok();
    vault_part::optimise(workspace, &folder.join(VAULT_PART))?;
    finish_folder(&workspace.path("public"), &folder, inputs.as_deref())
}

fn finish_folder(public: &Path, folder: &Path, inputs: Option<&str>) -> Outcome {
    let index = folder.join("index.html");
    let page = files::read_text(&index)?;
    let (bindings, wasm) = page::trunk_files(&page)?;
    let entry_files = EntryFiles {
        boot: join_with_bindings(folder, bindings, &public.join("boot.js"), "boot")?,
        app_wasm: rename_by_hash(folder, wasm, "app")?,
        vault_wasm: rename_by_hash(folder, VAULT_PART, "vault")?,
        worker: join_with_bindings(folder, "crystallum-worker.js", &public.join("worker.js"), "worker")?,
        worker_wasm: rename_by_hash(folder, "crystallum-worker_bg.wasm", "worker")?,
    };
    let page = page::fill_in(&page, &entry_files)?;
    files::write(&index, page::defer_vault_styles(&page)?)?;
    let compressed = compress::compress_folder(folder)?;
    let mut listed = Map::new();
    for name in files::file_names(folder)?.into_iter().filter(|name| !name.ends_with(".br")) {
        let bytes = files::read(&folder.join(&name))?;
        let brotli = if compressed.contains(&name) {
            files::file_size(&folder.join(format!("{name}.br")))?
        } else {
            files::file_size(&folder.join(&name))?
        };
        listed.insert(
            name,
            json!({ "bytes": bytes.len(), "brotli": brotli, "integrity": hash::integrity(&bytes) }),
        );
    }
    let list = json!({ "version": env!("CARGO_PKG_VERSION"), "inputs": inputs, "files": listed });
    files::write(&folder.join(MANIFEST), format!("{list:#}\n"))
}

/// Writes bindings and the script that uses them into one file.
fn join_with_bindings(folder: &Path, bindings: &str, script: &Path, stem: &str) -> Outcome<HashedFile> {
    let bindings_path = folder.join(bindings);
    let bindings_text = files::read_text(&bindings_path)?;
    if bindings_text.lines().any(|line| line.starts_with("import ") || line.starts_with("export ")) {
        let message = format!("{bindings} is a module or imports one; its hash would not be checked");
        return Err(Failure::new(message));
    }
    let text = format!("{bindings_text}\n{}", files::read_text(script)?);
    files::remove(&bindings_path)?;
    let name = format!("{stem}-{}.js", hash::short_hash(text.as_bytes()));
    files::write(&folder.join(&name), &text)?;
    Ok(HashedFile { name, integrity: hash::integrity(text.as_bytes()) })
}

/// Renames a Wasm file after the hash of its content.
fn rename_by_hash(folder: &Path, old: &str, stem: &str) -> Outcome<HashedFile> {
    let bytes = files::read(&folder.join(old))?;
    let name = format!("{stem}-{}.wasm", hash::short_hash(&bytes));
    files::rename(&folder.join(old), &folder.join(&name))?;
    Ok(HashedFile { name, integrity: hash::integrity(&bytes) })
}

/// Returns whether a folder holds every file of a build from these inputs, unchanged.
pub(crate) fn is_complete(folder: &Path, inputs: &str) -> bool {
    let Ok(text) = files::read_text(&folder.join(MANIFEST)) else { return false };
    let Ok(list) = serde_json::from_str::<Value>(&text) else { return false };
    let Some(listed) = list.get("files").and_then(Value::as_object) else { return false };
    list.get("inputs").and_then(Value::as_str) == Some(inputs)
        && listed.contains_key("index.html")
        && listed.iter().all(|(name, facts)| {
            files::read(&folder.join(name)).is_ok_and(|bytes| {
                facts.get("integrity").and_then(Value::as_str) == Some(&hash::integrity(&bytes))
            })
        })
}

#[cfg(test)]
mod tests;

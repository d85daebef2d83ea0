//! The last step of a build, called by Trunk on its staging folder: joins scripts with their bindings, names files
//! by their content, writes their hashes into `index.html`, compresses, and lists it all in `build.json`.
//!
//! What runs is then decided by `index.html` alone:
//!
//! - `boot-*.js` (the app's bindings and `public/boot.js`): the `integrity` of its script element;
//! - `app-*.wasm`, `worker-*.js` (the worker's bindings and `public/worker.js`), `worker-*.wasm`: the `integrity` of
//!   the requests that `boot.js` makes, from `meta` elements.
//!
//! Bindings are joined in because an `import` cannot carry a hash.

mod compress;
mod page;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::{
    failure::{Failure, Outcome},
    files, hash,
    workspace::Workspace,
};

/// The list of what a build made.
pub(crate) const LIST: &str = "build.json";
/// Set by `cargo xtask build`: the hash of what the build was made from.
pub(crate) const INPUTS: &str = "CRYSTALLUM_INPUTS";

/// The files that the page starts, under their final names.
struct Started {
    boot: Named,
    app_wasm: Named,
    worker: Named,
    worker_wasm: Named,
}

/// A file with its hash.
struct Named {
    name: String,
    integrity: String,
}

/// Finishes the folder that Trunk names in the environment.
pub(crate) fn finish(workspace: &Workspace) -> Outcome {
    let folder = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from);
    let folder =
        folder.ok_or_else(|| Failure::new("this step is called by Trunk; use: cargo xtask build"))?;
    let inputs = std::env::var(INPUTS).ok();
    finish_folder(&workspace.path("public"), &folder, inputs.as_deref())
}

fn finish_folder(public: &Path, folder: &Path, inputs: Option<&str>) -> Outcome {
    let index = folder.join("index.html");
    let page = files::read_text(&index)?;
    let (glue, wasm) = page::named_by_trunk(&page)?;
    let started = Started {
        boot: join(folder, glue, &public.join("boot.js"), "boot")?,
        app_wasm: rename(folder, wasm, "app")?,
        worker: join(folder, "crystallum-worker.js", &public.join("worker.js"), "worker")?,
        worker_wasm: rename(folder, "crystallum-worker_bg.wasm", "worker")?,
    };
    files::write(&index, page::finished(&page, &started)?)?;
    let compressed = compress::all(folder)?;
    let mut listed = Map::new();
    for name in files::names(folder)?.into_iter().filter(|name| !name.ends_with(".br")) {
        let bytes = files::read(&folder.join(&name))?;
        let brotli = if compressed.contains(&name) {
            files::size(&folder.join(format!("{name}.br")))?
        } else {
            files::size(&folder.join(&name))?
        };
        listed.insert(
            name,
            json!({ "bytes": bytes.len(), "brotli": brotli, "integrity": hash::integrity(&bytes) }),
        );
    }
    let list = json!({ "version": env!("CARGO_PKG_VERSION"), "inputs": inputs, "files": listed });
    files::write(&folder.join(LIST), format!("{list:#}\n"))
}

/// Puts a script behind its bindings into one file.
fn join(folder: &Path, glue: &str, script: &Path, stem: &str) -> Outcome<Named> {
    let glue_path = folder.join(glue);
    let bindings = files::read_text(&glue_path)?;
    if bindings.lines().any(|line| line.starts_with("import ") || line.starts_with("export ")) {
        let words = format!("{glue} is a module or imports one; its hash would not be checked");
        return Err(Failure::new(words));
    }
    let text = format!("{bindings}\n{}", files::read_text(script)?);
    files::remove(&glue_path)?;
    let name = format!("{stem}-{}.js", hash::short(text.as_bytes()));
    files::write(&folder.join(&name), &text)?;
    Ok(Named { name, integrity: hash::integrity(text.as_bytes()) })
}

/// Names a Wasm file by its content.
fn rename(folder: &Path, old: &str, stem: &str) -> Outcome<Named> {
    let bytes = files::read(&folder.join(old))?;
    let name = format!("{stem}-{}.wasm", hash::short(&bytes));
    files::rename(&folder.join(old), &folder.join(&name))?;
    Ok(Named { name, integrity: hash::integrity(&bytes) })
}

/// Whether a finished folder was made from these inputs and is whole.
pub(crate) fn is_whole(folder: &Path, inputs: &str) -> bool {
    let Ok(text) = files::read_text(&folder.join(LIST)) else { return false };
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

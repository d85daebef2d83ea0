//! Splits the app's Wasm at the functions that `#[wasm_split]` marks.
//!
//! The library follows the relocations from function to function and to the data that they use.
//! What only the marked functions reach becomes the second part, which shares memory and the table
//! of functions with the first.

use std::{
    fs,
    path::{Path, PathBuf},
};

use wasm_split_cli_support::{Options, transform};

/// The import module that the macro gives to the loader of a part.
const PLACEHOLDER: &[u8] = b"__wasm_split_placeholder__";
/// What becomes of it in the first part.
const LOADER_MODULE: &str = "./parts";
/// How the bindings of target `no-modules` get a module that they do not know.
const REQUIRED: &str = "require(\"./parts\")";
/// The loader. `boot.js` loads the part before the app calls it, so it only reports success.
const LOADER: &str = "{ __wasm_split_load_vault: (callback, data) => \
    wasm.__indirect_function_table.get(callback)(data, true) }";

/// A split Wasm file.
pub(crate) struct Parts {
    /// The first part, which is still to get its bindings.
    pub(crate) first: PathBuf,
    /// The name of the bindings.
    pub(crate) name: String,
}

/// Splits a file that has a mark. The second part is written to `NAME_vault.wasm`.
pub(crate) fn split(input: &Path, out_dir: &Path, name: Option<&str>) -> Result<Option<Parts>, String> {
    let words = |error| format!("{}: {error}", input.display());
    let wasm = fs::read(input).map_err(words)?;
    if !wasm.windows(PLACEHOLDER.len()).any(|window| window == PLACEHOLDER) {
        return Ok(None);
    }
    let stem = || input.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = name.map(str::to_owned).or_else(stem).ok_or("the Wasm file has no name")?;
    let folder = out_dir.join(format!("{name}-parts"));
    let first = folder.join("first.wasm");
    fs::create_dir_all(&folder).map_err(words)?;
    let mut options = Options::new(&wasm);
    options.output_dir = &folder;
    options.main_out_path = &first;
    options.link_name = LOADER_MODULE;
    let done = transform(options).map_err(|error| format!("splitting {}: {error:#}", input.display()))?;
    let [second] = done.split_modules.as_slice() else {
        return Err(format!("{} has {} later parts, not one", input.display(), done.split_modules.len()));
    };
    fs::copy(second, out_dir.join(format!("{name}_vault.wasm"))).map_err(words)?;
    Ok(Some(Parts { first, name }))
}

impl Parts {
    /// Puts the loader into the bindings.
    pub(crate) fn bind_loader(&self, out_dir: &Path) -> Result<(), String> {
        let path = out_dir.join(format!("{}.js", self.name));
        let words = |error| format!("{}: {error}", path.display());
        let bindings = fs::read_to_string(&path).map_err(words)?;
        if bindings.matches(REQUIRED).count() != 1 {
            return Err(format!("{} does not ask for the loader once", path.display()));
        }
        fs::write(&path, bindings.replace(REQUIRED, LOADER)).map_err(words)
    }
}

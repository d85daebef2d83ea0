//! The modules of one crate and the files that they are written in.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::paths::{self, Child, Contents};

/// A parsed crate.
pub(crate) struct Crate {
    /// The files, the entry first.
    pub(crate) files: Vec<File>,
    /// The modules, the root of the crate first.
    pub(crate) modules: Vec<Module>,
}

/// A source file.
pub(crate) struct File {
    /// The path, relative to the workspace and with `/` between its parts.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// A module, inline or in a file of its own.
pub(crate) struct Module {
    /// The index of the file that it is written in.
    pub(crate) file: usize,
    /// The index of the parent module; `None` for the root.
    pub(crate) parent: Option<usize>,
    /// The child modules by name.
    pub(crate) children: BTreeMap<String, usize>,
    /// Everything else in it. The children were moved into `children`.
    pub(crate) contents: Contents,
}

impl Crate {
    /// Parses a crate from its entry file. `read` returns the text of a file, or `None` when there
    /// is no such file.
    pub(crate) fn load(entry: &Path, read: impl Fn(&Path) -> Option<String>) -> Result<Self, String> {
        let mut loader = Loader { files: Vec::new(), modules: Vec::new(), read };
        let text = (loader.read)(entry).ok_or_else(|| format!("cannot read {}", entry.display()))?;
        let folder = entry.parent().unwrap_or(Path::new(""));
        loader.add_file(None, entry, folder, text)?;
        Ok(Self { files: loader.files, modules: loader.modules })
    }
}

struct Loader<R> {
    files: Vec<File>,
    modules: Vec<Module>,
    read: R,
}

impl<R: Fn(&Path) -> Option<String>> Loader<R> {
    /// Adds the module that a file holds, with its children, and returns the module's index.
    /// `folder` is where the files of its children are.
    fn add_file(
        &mut self,
        parent: Option<usize>,
        path: &Path,
        folder: &Path,
        text: String,
    ) -> Result<usize, String> {
        let parsed =
            syn::parse_file(&text).map_err(|error| format!("cannot parse {}: {error}", path.display()))?;
        let items = if paths::is_test(&parsed.attrs) { Vec::new() } else { parsed.items };
        let file = self.files.len();
        self.files.push(File { path: path.to_string_lossy().replace('\\', "/"), text });
        self.add(file, parent, folder, Contents::of(&items))
    }

    fn add(
        &mut self,
        file: usize,
        parent: Option<usize>,
        folder: &Path,
        mut contents: Contents,
    ) -> Result<usize, String> {
        let index = self.modules.len();
        let declared = std::mem::take(&mut contents.children);
        self.modules.push(Module { file, parent, children: BTreeMap::new(), contents });
        for Child { name, inline, has_path } in declared {
            if has_path {
                let path = self.files.get(file).map_or("", |file| &file.path);
                return Err(format!("{path}: `#[path]` on `mod {name}` is not supported"));
            }
            let inside = folder.join(&name);
            let child = match inline {
                Some(contents) => self.add(file, Some(index), &inside, contents)?,
                None => {
                    let (path, text) = self.find(&inside)?;
                    self.add_file(Some(index), &path, &inside, text)?
                }
            };
            if let Some(module) = self.modules.get_mut(index) {
                module.children.insert(name, child);
            }
        }
        Ok(index)
    }

    /// Reads `name.rs` or `name/mod.rs`.
    fn find(&self, inside: &Path) -> Result<(PathBuf, String), String> {
        [inside.with_extension("rs"), inside.join("mod.rs")]
            .into_iter()
            .find_map(|path| (self.read)(&path).map(|text| (path, text)))
            .ok_or_else(|| format!("there is no file of the module {}", inside.display()))
    }
}

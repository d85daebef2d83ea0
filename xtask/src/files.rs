//! Reading, writing and walking files, with failures that name the path.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::failure::{Failure, Outcome};

/// Folders of build results and downloads, which hold no sources.
const EXCLUDED_FOLDERS: [&str; 6] = [".git", "data", "dist", "node_modules", "results", "target"];

/// Reads the bytes of a file.
pub(crate) fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|cause| Failure::file("read", path, &cause))
}

/// Reads the text of a file.
pub(crate) fn read_text(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|cause| Failure::file("read", path, &cause))
}

/// Writes a file, replacing what it held.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Outcome {
    fs::write(path, bytes).map_err(|cause| Failure::file("write", path, &cause))
}

/// Creates a folder and its parents.
pub(crate) fn make_dir(path: &Path) -> Outcome {
    fs::create_dir_all(path).map_err(|cause| Failure::file("make", path, &cause))
}

/// Removes a folder and its contents, if it exists.
pub(crate) fn remove_dir(path: &Path) -> Outcome {
    match fs::remove_dir_all(path) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::file("remove", path, &cause))
        }
        _ => Ok(()),
    }
}

/// Moves a file or folder.
pub(crate) fn rename(from: &Path, to: &Path) -> Outcome {
    fs::rename(from, to).map_err(|cause| Failure::file("move", from, &cause))
}

/// Removes a file.
pub(crate) fn remove(path: &Path) -> Outcome {
    fs::remove_file(path).map_err(|cause| Failure::file("remove", path, &cause))
}

/// Takes a lock and holds it until the returned file is dropped. When another process has it,
/// `waiting` is called before the wait.
pub(crate) fn lock(path: &Path, waiting: impl FnOnce()) -> Outcome<fs::File> {
    if let Some(folder) = path.parent() {
        make_dir(folder)?;
    }
    let file = fs::File::create(path).map_err(|cause| Failure::file("write", path, &cause))?;
    if file.try_lock().is_err() {
        waiting();
        file.lock().map_err(|cause| Failure::file("lock", path, &cause))?;
    }
    Ok(file)
}

/// Returns the files under a folder (or the file itself), sorted, without those in
/// `EXCLUDED_FOLDERS`.
pub(crate) fn source_files(start: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    walk(start, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(path: &Path, found: &mut Vec<PathBuf>) -> Outcome {
    if !path.is_dir() {
        if path.is_file() {
            found.push(path.to_path_buf());
        }
        return Ok(());
    }
    let entries = fs::read_dir(path).map_err(|cause| Failure::file("list", path, &cause))?;
    for entry in entries {
        let entry = entry.map_err(|cause| Failure::file("list", path, &cause))?;
        let kind = entry.file_type().map_err(|cause| Failure::file("look at", path, &cause))?;
        let skipped = kind.is_symlink()
            || (kind.is_dir() && EXCLUDED_FOLDERS.iter().any(|name| entry.file_name() == *name));
        if !skipped {
            walk(&entry.path(), found)?;
        }
    }
    Ok(())
}

/// Returns the names of the files directly in a folder, sorted.
pub(crate) fn file_names(folder: &Path) -> Outcome<Vec<String>> {
    let entries = fs::read_dir(folder).map_err(|cause| Failure::file("list", folder, &cause))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|cause| Failure::file("list", folder, &cause))?;
        if entry.path().is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Returns the folders directly in a folder.
pub(crate) fn subfolders(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|cause| Failure::file("list", folder, &cause))?;
    Ok(entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect())
}

/// Returns the size of a file in bytes.
pub(crate) fn file_size(path: &Path) -> Outcome<u64> {
    fs::metadata(path).map(|metadata| metadata.len()).map_err(|cause| Failure::file("look at", path, &cause))
}

#[cfg(test)]
pub(crate) mod scratch {
    //! Folders for tests, removed when dropped.

    use std::{
        path::{Path, PathBuf},
        sync::atomic::{AtomicU32, Ordering},
    };

    static NEXT: AtomicU32 = AtomicU32::new(0);

    /// An empty folder whose name has a space in it.
    pub(crate) struct Scratch(PathBuf);

    impl Scratch {
        pub(crate) fn new() -> Self {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("crystallum xtask {}-{number}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        pub(crate) fn path(&self) -> &Path {
            &self.0
        }

        pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
            let path = self.0.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
            path
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{scratch::Scratch, *};

    #[test]
    fn sources_leave_out_what_was_made() {
        let scratch = Scratch::new();
        scratch.file("b.rs", "");
        scratch.file("a/c.rs", "");
        scratch.file("target/x.rs", "");
        scratch.file("a/node_modules/y.js", "");
        let found = source_files(scratch.path()).unwrap();
        assert_eq!(found, [scratch.path().join("a/c.rs"), scratch.path().join("b.rs")]);
    }

    #[test]
    fn a_lock_is_held_by_one() {
        let scratch = Scratch::new();
        let path = scratch.path().join("made/for it/lock");
        let held = lock(&path, || panic!("nobody has it")).unwrap();
        assert!(fs::File::open(&path).unwrap().try_lock().is_err());
        drop(held);
        lock(&path, || panic!("it was given back")).unwrap();
    }

    #[test]
    fn a_missing_file_is_named() {
        let failure = read(Path::new("/nowhere/at all")).unwrap_err();
        assert!(failure.0.contains("/nowhere/at all"), "{failure}");
    }
}

//! Folders that appear atomically and that only their owner can read.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Returns whether the path does not exist or is an empty folder.
pub(super) fn is_free(path: &Path) -> io::Result<bool> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// A folder that is renamed to its target once it is complete, and deleted otherwise.
pub(super) struct Draft {
    folder: PathBuf,
    target: PathBuf,
    done: bool,
}

impl Draft {
    /// Creates the folder next to its target.
    pub(super) fn new(target: &Path) -> io::Result<Self> {
        let target = std::path::absolute(target)?;
        let mut name = std::ffi::OsString::from(".");
        name.push(target.file_name().ok_or_else(|| io::Error::other("it has no name"))?);
        name.push(".partial");
        let folder = target.with_file_name(name);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        private_folder(&folder).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => io::Error::other(format!(
                "{} is there: it is being made, or its making was interrupted; then remove it",
                folder.display()
            )),
            _ => error,
        })?;
        Ok(Self { folder, target, done: false })
    }

    /// Returns the folder into which files are written.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Syncs all files to disk and renames the folder to its target.
    pub(super) fn finish(mut self) -> io::Result<()> {
        sync_folders(&self.folder)?;
        if self.target.exists() {
            // The system refuses to remove a folder that is not empty.
            fs::remove_dir(&self.target)?;
        }
        fs::rename(&self.folder, &self.target)?;
        self.done = true;
        self.target.parent().map_or(Ok(()), sync)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.done {
            // If the folder cannot be removed, the next attempt reports it.
            drop(fs::remove_dir_all(&self.folder));
        }
    }
}

fn sync_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { sync_folders(&path)? } else { File::open(path)?.sync_all()? }
    }
    sync(folder)
}

/// Syncs the entries of a folder to disk, where the system supports it.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Creates a folder that only its owner can open. Fails if it exists.
pub(super) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Creates a file that only its owner can read, and its missing parent folders below `root`. Fails
/// if the file exists.
pub(super) fn private_file(path: &Path, root: &Path) -> io::Result<File> {
    let mut missing = Vec::new();
    let mut folder = path.parent();
    while let Some(at) = folder.filter(|at| *at != root && !at.exists()) {
        missing.push(at);
        folder = at.parent();
    }
    for folder in missing.into_iter().rev() {
        private_folder(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_there_wholly_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("made");
        let draft = Draft::new(&target).unwrap();
        fs::write(draft.folder().join("file"), "text").unwrap();
        assert!(Draft::new(&target).is_err(), "one at a time");
        drop(draft);
        assert!(is_free(folder.path()).unwrap());

        let draft = Draft::new(&target).unwrap();
        fs::write(draft.folder().join("file"), "text").unwrap();
        draft.finish().unwrap();
        assert_eq!(fs::read(target.join("file")).unwrap(), b"text");
        let other = Draft::new(&target).unwrap();
        assert!(other.finish().is_err(), "what is there stays");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

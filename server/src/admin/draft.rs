//! Folders that are there wholly or not at all, and that only their owner reads.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Whether nothing is at this path, or a folder with nothing in it.
pub(super) fn is_free(path: &Path) -> io::Result<bool> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// A folder that becomes another one when it is whole, and vanishes otherwise.
pub(super) struct Draft {
    folder: PathBuf,
    target: PathBuf,
    done: bool,
}

impl Draft {
    /// Makes the folder beside its target.
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

    /// Where the files go.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts everything on disk and moves it into place.
    pub(super) fn finish(mut self) -> io::Result<()> {
        sync_folders(&self.folder)?;
        if self.target.exists() {
            // Refused by the system when something is in it.
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
            // What cannot be removed is named by the next attempt.
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

/// Puts a folder's entries on disk, where the system can.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Makes a folder that only its owner opens; an error when it is there.
pub(super) fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes a file that only its owner reads, with the folders it needs; an error when it is there.
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

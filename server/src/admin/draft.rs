//! Folders that appear atomically and that only their owner can read.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::store::files::is_of_the_file_system;

/// Returns whether the path does not exist or is an empty folder. What the file system itself puts
/// into a new volume does not count.
pub(super) fn is_free(path: &Path) -> io::Result<bool> {
    match entries(path) {
        Ok(entries) => Ok(entries.is_empty()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Returns the entries of a folder that somebody has put there.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !is_of_the_file_system(&entry) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// What the name of a draft beside its target begins and ends with.
const DRAFT_NAME: (&str, &str) = (".", ".partial");

/// Returns whether a folder of this name is a draft beside its target.
pub(super) fn is_draft_name(name: &str) -> bool {
    let (start, end) = DRAFT_NAME;
    name.strip_prefix(start).and_then(|rest| rest.strip_suffix(end)).is_some_and(|name| !name.is_empty())
}

/// A folder that becomes its target once it is complete, and is deleted otherwise.
///
/// A target that does not exist appears by one renaming. A folder that exists may be a mount point,
/// which cannot be replaced and beside which there is another file system. There the draft is
/// inside, and its entries are moved up one by one, the most important last: without its main
/// database or its manifest, a folder is neither data nor a backup.
pub(super) struct Draft {
    folder: PathBuf,
    target: PathBuf,
    is_inside: bool,
    done: bool,
}

impl Draft {
    /// Creates the folder next to its target, or in it.
    pub(super) fn new(target: &Path) -> io::Result<Self> {
        let target = std::path::absolute(target)?;
        let is_inside = target.is_dir();
        let folder = if is_inside {
            target.join(".partial")
        } else {
            let mut name = std::ffi::OsString::from(DRAFT_NAME.0);
            name.push(target.file_name().ok_or_else(|| io::Error::other("it has no name"))?);
            name.push(DRAFT_NAME.1);
            target.with_file_name(name)
        };
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
        Ok(Self { folder, target, is_inside, done: false })
    }

    /// Returns the folder into which files are written.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Syncs all files to disk and moves them to the target.
    pub(super) fn finish(mut self) -> io::Result<()> {
        sync_folders(&self.folder)?;
        if self.is_inside {
            return self.move_up();
        }
        fs::rename(&self.folder, &self.target)?;
        self.done = true;
        self.target.parent().map_or(Ok(()), sync)
    }

    fn move_up(mut self) -> io::Result<()> {
        if entries(&self.target)? != [self.folder.clone()] {
            return Err(io::Error::other("somebody has put something there in the meantime"));
        }
        let mut moved = entries(&self.folder)?;
        moved.sort_by_key(|path| (path.is_file(), path.ends_with(LAST)));
        for path in moved {
            let Some(name) = path.file_name() else { continue };
            fs::rename(&path, self.target.join(name))?;
            // What was moved before must be on disk before the most important is.
            sync(&self.target)?;
        }
        fs::remove_dir(&self.folder)?;
        self.done = true;
        make_private(&self.target)?;
        sync(&self.target)
    }
}

/// The file that completes a backup. In a data folder, it is the only file outside of a folder that
/// does.
const LAST: &str = super::manifest::FILE_NAME;

/// Takes everybody's rights but the owner's, if the folder is ours.
fn make_private(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        match fs::set_permissions(folder, fs::Permissions::from_mode(0o700)) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
            done => done,
        }
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        Ok(())
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
        assert_eq!(fs::read_dir(&target).unwrap().count(), 1);
    }

    /// As a mount point is, which cannot be replaced.
    #[test]
    fn a_folder_that_exists_is_filled_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("volume");
        fs::create_dir_all(target.join("lost+found")).unwrap();
        let held = File::open(&target).unwrap();
        let draft = Draft::new(&target).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing beside the volume");
        fs::create_dir(draft.folder().join("stores")).unwrap();
        fs::write(draft.folder().join("vault.db"), "text").unwrap();
        draft.finish().unwrap();
        let mut names: Vec<_> =
            fs::read_dir(&target).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["lost+found", "stores", "vault.db"]);
        assert_same(&held, &target);
        let draft = Draft::new(&folder.path().join("new")).unwrap();
        drop(draft);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    fn assert_same(held: &File, path: &Path) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            assert_eq!(held.metadata().unwrap().ino(), fs::metadata(path).unwrap().ino());
        }
        #[cfg(not(unix))]
        let _ = (held, path);
    }
}

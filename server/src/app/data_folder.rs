use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::app::lock;
use crate::store::files::{is_of_the_file_system, main_file};

/// The error for a data folder that cannot be used.
#[derive(Debug, Error)]
#[error("the data folder {0} cannot be used: {1}")]
pub struct DataError(pub(crate) PathBuf, pub(crate) io::Error);

/// Creates the data folder and an empty main database, both readable only by their owner.
pub(crate) fn prepare_data_folder(data: &Path) -> Result<(), DataError> {
    let failed = |error| DataError(data.to_owned(), error);
    fs::create_dir_all(data).map_err(failed)?;
    let is_foreign = |entry: &io::Result<fs::DirEntry>| {
        !entry
            .as_ref()
            .is_ok_and(|entry| entry.file_name() == lock::FILE_NAME || is_of_the_file_system(entry))
    };
    let is_empty = !fs::read_dir(data).map_err(failed)?.any(|entry| is_foreign(&entry));
    let main = main_file(data);
    if !is_empty && !main.exists() {
        return Err(failed(io::Error::other(
            "it holds other files; name an empty folder or one of this server's",
        )));
    }
    make_private(data, 0o700);
    if main.exists() {
        make_private(&main, 0o600);
        return Ok(());
    }
    create_private_file(&main).map_err(failed)
}

/// Takes everybody's rights but the owner's. A folder on a volume may belong to somebody else, who
/// shares it with the server's group. Then this is not possible, and only the files are private.
fn make_private(path: &Path, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let is_private = |facts: fs::Metadata| facts.permissions().mode() & 0o077 == 0;
        if fs::metadata(path).is_ok_and(is_private) {
            return;
        }
        if let Err(error) = fs::set_permissions(path, fs::Permissions::from_mode(mode)) {
            tracing::warn!(%error, "the data folder cannot be made private; its files are");
        }
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
}

fn create_private_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_volume_is_an_empty_folder() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("lost+found")).unwrap();
        prepare_data_folder(folder.path()).unwrap();
        assert_eq!(fs::metadata(main_file(folder.path())).unwrap().len(), 0);
        // A file of that name is not what a file system puts there.
        let other = tempfile::tempdir().unwrap();
        fs::write(other.path().join("lost+found"), "").unwrap();
        assert!(prepare_data_folder(other.path()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn the_database_is_private_from_the_beginning() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        prepare_data_folder(folder.path()).unwrap();
        let mode = fs::metadata(main_file(folder.path())).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::app::lock;

/// The error for a data folder that cannot be used.
#[derive(Debug, Error)]
#[error("the data folder {0} cannot be used: {1}")]
pub struct DataError(pub(crate) PathBuf, pub(crate) io::Error);

/// Creates the data folder, readable only by its owner.
pub(crate) fn prepare_data_folder(data: &Path) -> Result<(), DataError> {
    let failed = |error| DataError(data.to_owned(), error);
    fs::create_dir_all(data).map_err(failed)?;
    let is_foreign = |entry: &io::Result<fs::DirEntry>| {
        !entry.as_ref().is_ok_and(|entry| entry.file_name() == lock::FILE_NAME)
    };
    let empty = !fs::read_dir(data).map_err(failed)?.any(|entry| is_foreign(&entry));
    if !empty && !data.join("vault.db").exists() {
        return Err(failed(io::Error::other(
            "it holds other files; name an empty folder or one of this server's",
        )));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(data, fs::Permissions::from_mode(0o700)).map_err(failed)?;
    }
    Ok(())
}

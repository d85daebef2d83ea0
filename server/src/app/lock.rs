//! A lock that allows one server per data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// The file that a running server locks. It is empty and remains after the server has ended.
pub(crate) const FILE_NAME: &str = "server.lock";

/// The lock on a data folder. The operating system releases it however the process ends.
pub(crate) struct DataLock(File);

impl DataLock {
    /// Locks the folder unless another server holds the lock.
    pub(crate) fn acquire(data: &Path) -> Result<Self, TryLockError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(data.join(FILE_NAME)).map_err(TryLockError::Error)?;
        file.try_lock()?;
        Ok(Self(file))
    }

    /// Returns whether a server holds the lock. Creates no file.
    pub(crate) fn is_held(data: &Path) -> bool {
        let file = File::open(data.join(FILE_NAME));
        file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// Releases the lock, even if unfinished requests still keep the file open.
    pub(crate) fn release(&self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the data folder is held until the process ends");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!DataLock::is_held(folder.path()));
        let held = DataLock::acquire(folder.path()).unwrap();
        assert!(DataLock::is_held(folder.path()));
        assert!(matches!(DataLock::acquire(folder.path()), Err(TryLockError::WouldBlock)));
        held.release();
        assert!(!DataLock::is_held(folder.path()));
        DataLock::acquire(folder.path()).unwrap();
    }
}

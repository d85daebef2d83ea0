//! One server to a data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// The file that a running server holds. It is empty, and stays when the server ends.
pub(crate) const NAME: &str = "server.lock";

/// The hold on a data folder. The system gives it back however the process ends.
pub(crate) struct Lock(File);

impl Lock {
    /// Takes the folder, unless another server has it.
    pub(crate) fn take(data: &Path) -> Result<Self, TryLockError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(data.join(NAME)).map_err(TryLockError::Error)?;
        file.try_lock()?;
        Ok(Self(file))
    }

    /// Gives the folder back, although requests that did not finish may keep the file open.
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
        let held = Lock::take(folder.path()).unwrap();
        assert!(matches!(Lock::take(folder.path()), Err(TryLockError::WouldBlock)));
        held.release();
        Lock::take(folder.path()).unwrap();
    }
}

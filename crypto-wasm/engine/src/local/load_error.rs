//! Why something that this device stores could not be loaded.

use crystallum_messages::{Alarm, VaultFailure};

use crate::ports::StoreFailed;

/// Why a stored vault could not be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoadError {
    /// The stored objects do not form the state that the head signs.
    Damaged,
    /// The storage failed.
    Failed,
}

impl From<StoreFailed> for LoadError {
    fn from(StoreFailed: StoreFailed) -> Self {
        Self::Failed
    }
}

impl From<LoadError> for VaultFailure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Damaged => Self::Alarm(Alarm::LocalCopy),
            LoadError::Failed => Self::StorageFailed,
        }
    }
}

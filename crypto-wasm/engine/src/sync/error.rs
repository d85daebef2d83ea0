//! Why synchronising failed.

use crystallum_messages::{Alarm, Failure, ImpossibleState};

use crate::ports::WriteFailed;
use crate::vault::open_vault::Unreadable;
use crate::wire::refusal::CallFailed;

/// Why this device could not catch up with the server, or not confirm its own write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SyncError {
    /// What the server offered is refused, and the alarm has been raised.
    Alarm(Alarm),
    /// A call failed.
    Call(CallFailed),
    /// This device could not sign or store what it has verified.
    Device(Failure),
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Alarm(alarm) => Self::Alarm(alarm),
            SyncError::Call(failed) => failed.into(),
            SyncError::Device(failure) => failure,
        }
    }
}

impl From<Failure> for SyncError {
    fn from(failure: Failure) -> Self {
        Self::Device(failure)
    }
}

impl From<ImpossibleState> for SyncError {
    fn from(state: ImpossibleState) -> Self {
        Self::Device(state.into())
    }
}

impl From<Unreadable> for SyncError {
    fn from(unreadable: Unreadable) -> Self {
        Self::Device(unreadable.into())
    }
}

impl From<WriteFailed> for SyncError {
    fn from(failed: WriteFailed) -> Self {
        Self::Device(failed.into())
    }
}

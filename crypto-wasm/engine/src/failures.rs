//! Conversions of the errors of the engine's parts into the failures of the commands of a domain.

use crystallum_messages::{
    Field, ImpossibleState, ServerFailure, VaultFailure, access, entry, keys, session, trash, wallets,
};

use crate::ports::WriteFailed;
use crate::sync::pull::PullFailed;
use crate::vault::open_vault::{SecretUnavailable, Unreadable};
use crate::vault::seal::TooLarge;
use crate::vault::text::{LabelRejected, NameRejected, NoteRejected};
use crate::wire::refusal::CallFailed;

/// Converts an error into each of these failures by way of a failure that they include.
macro_rules! convert {
    ($error:ty, through $included:ty, into $($failure:ty),+) => {$(
        impl From<$error> for $failure {
            fn from(error: $error) -> Self {
                <$included>::from(error).into()
            }
        }
    )+};
}

convert!(CallFailed, through ServerFailure, into access::Failure, entry::Failure, keys::Failure);
convert!(CallFailed, through ServerFailure, into session::Failure, trash::Failure, wallets::Failure);
convert!(WriteFailed, through VaultFailure, into entry::Failure);
convert!(PullFailed, through VaultFailure, into entry::Failure);
convert!(Unreadable, through VaultFailure, into access::Failure, keys::Failure, trash::Failure);
convert!(Unreadable, through VaultFailure, into wallets::Failure);
convert!(SecretUnavailable, through VaultFailure, into access::Failure, keys::Failure, trash::Failure);
convert!(SecretUnavailable, through VaultFailure, into wallets::Failure);

/// Rejects a text that the user typed.
macro_rules! reject {
    ($($error:ident => $($failure:ty),+;)+) => {$($(
        impl From<$error> for $failure {
            fn from($error: $error) -> Self {
                Self::$error
            }
        }
    )+)+};
}

reject! {
    LabelRejected => keys::Failure, wallets::Failure;
    NameRejected => access::Failure, entry::Failure;
    NoteRejected => keys::Failure, wallets::Failure;
}

impl From<TooLarge> for access::Failure {
    fn from(part: TooLarge) -> Self {
        match part {
            TooLarge::Overview => Self::NameRejected,
            TooLarge::Secret => ImpossibleState::RecordTooLarge.into(),
        }
    }
}

impl From<TooLarge> for entry::Failure {
    fn from(part: TooLarge) -> Self {
        match part {
            TooLarge::Overview => Self::NameRejected,
            TooLarge::Secret => ImpossibleState::RecordTooLarge.into(),
        }
    }
}

impl From<TooLarge> for keys::Failure {
    fn from(part: TooLarge) -> Self {
        match part {
            TooLarge::Overview => Self::LabelRejected,
            TooLarge::Secret => Self::FieldRejected(Field::ApiSecret),
        }
    }
}

impl From<TooLarge> for trash::Failure {
    /// Cannot happen: a record that was sealed before has space for the mark of the trash.
    fn from(_: TooLarge) -> Self {
        ImpossibleState::RecordTooLarge.into()
    }
}

impl From<TooLarge> for wallets::Failure {
    fn from(part: TooLarge) -> Self {
        match part {
            TooLarge::Overview => Self::LabelRejected,
            TooLarge::Secret => ImpossibleState::RecordTooLarge.into(),
        }
    }
}

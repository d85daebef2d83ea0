//! The failures that several domains share, and the macro that defines the failures of a domain.
//!
//! A failure crosses the worker boundary as the one enum [`Failure`](crate::Failure), which the
//! page explains. The enums here and in the modules of the domains say which of its variants a
//! command can have. They have no encoding of their own, but convert into it.

use crate::alarm::Alarm;
use crate::ceremony::PasskeyFault;
use crate::impossible::ImpossibleState;

/// Defines an enum of failures: variants of [`Failure`](crate::Failure) under their names, and
/// smaller enums that it includes.
macro_rules! failures {
    (
        $(#[$doc:meta])*
        $name:ident {
            $($own:ident $(($arg:ident: $arg_type:ty))? $({ $($field:ident: $field_type:ty),* })?,)*
        }
        $(includes $group:ident($group_type:ty) $(and through it $($inner_type:ty),+)?;)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $(
                #[doc = concat!("[`Failure::", stringify!($own), "`](crate::Failure::", stringify!($own), ")")]
                $own
                $(($arg_type))?
                $({ $(#[doc = concat!("As in [`Failure`](crate::Failure::", stringify!($own), ").")] $field: $field_type),* })?,
            )*
            $(
                #[doc = concat!("One of [`", stringify!($group_type), "`].")]
                $group($group_type),
            )*
        }

        impl From<$name> for crate::failure::Failure {
            fn from(failure: $name) -> Self {
                match failure {
                    $($name::$own $(($arg))? $({ $($field),* })? => Self::$own $(($arg))? $({ $($field),* })?,)*
                    $($name::$group(failure) => failure.into(),)*
                }
            }
        }

        $(
            impl From<$group_type> for $name {
                fn from(failure: $group_type) -> Self {
                    Self::$group(failure)
                }
            }

            $($(
                impl From<$inner_type> for $name {
                    fn from(failure: $inner_type) -> Self {
                        Self::$group(failure.into())
                    }
                }
            )+)?
        )*
    };
}
pub(crate) use failures;

failures! {
    /// Why a request to the server failed: there was no usable answer, or the server gave one of
    /// its reasons.
    ServerFailure {
        InviteRejected,
        NoSuchVault,
        QuotaExceeded,
        RateLimited { seconds: u32 },
        Refused,
        SessionExpired,
        SignUpClosed,
        Stale,
        StrangeAnswer,
        Unreachable,
        WrongPasskey,
    }
}

failures! {
    /// Why a ceremony gave no passkey of the vault, or no key.
    CeremonyFailure {
        Cancelled,
        Forbidden,
        NoSuchVault,
        PasskeyExists,
        PasskeyFault(fault: PasskeyFault),
        PrfMissing,
        Unsupported,
        WrongPasskey,
    }
    includes Impossible(ImpossibleState);
}

failures! {
    /// Why the open vault could not be read or changed.
    VaultFailure {
        Alarm(alarm: Alarm),
        AnotherTab,
        Changed,
        EarlierNotMade,
        EarlierRefused,
        Locked,
        NoSuchRecord,
        Overtaken,
        PasskeyLost,
        SecretNotHere,
        StorageFailed,
        TooMuchAtOnce,
        Unsettled,
        WaitingForServer,
    }
    includes Impossible(ImpossibleState);
    includes Server(ServerFailure);
}

//! Why a call to the server failed.

use crystallum_api as api;
use crystallum_core::Defence;
use crystallum_messages::{ServerFailure, VaultFailure};

/// Why a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallFailed {
    /// The server refused the request.
    Refused(Refusal),
    /// The answer does not follow the protocol.
    InvalidAnswer,
    /// There is no answer. The request may have arrived.
    Unreachable,
}

/// The server's reason. Reasons that make no difference here share a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The challenge was never issued, was used or has expired.
    CeremonyUnknown,
    /// The id of the commit was used with other contents.
    CommitIdReused,
    /// The account's counter is not the expected one any more.
    Conflict {
        /// The newest counter, as the server says.
        counter: Option<u64>,
    },
    /// The authenticator's response does not verify.
    CredentialRejected,
    /// The invitation code is missing, wrong or used.
    InviteRejected,
    /// The share or version does not exist.
    NotFound,
    /// The recovery code, the assertion or the store's credential does not verify.
    ProofRejected,
    /// The account's quota is used up.
    QuotaExceeded,
    /// There were too many requests.
    RateLimited {
        /// How long to wait, in seconds.
        seconds: u32,
    },
    /// There is no session, or it has expired.
    SessionExpired,
    /// The server accepts no new accounts.
    SignUpClosed,
    /// The share store does not work at the moment.
    StoreUnavailable,
    /// The server does not work at the moment.
    Unavailable,
    /// A reason that a correct client does not cause.
    Other,
}

impl CallFailed {
    /// Returns whether a later retry may succeed: the request may have been carried out, or the
    /// server has a temporary problem.
    pub(crate) fn is_transient(self) -> bool {
        match self {
            Self::Refused(reason) => matches!(
                reason,
                Refusal::Unavailable | Refusal::StoreUnavailable | Refusal::RateLimited { .. }
            ),
            Self::InvalidAnswer | Self::Unreachable => true,
        }
    }

    /// Returns the server's reason, `None` if the server did not refuse the request.
    pub(crate) fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Refused(reason) => Some(reason),
            Self::InvalidAnswer | Self::Unreachable => None,
        }
    }
}

/// Reads a refusal, which must have the status that belongs to its code.
pub(super) fn parse_refusal(status: u16, json: bool, body: &[u8]) -> CallFailed {
    let counts = |failure: &api::Failure| json && failure.code.status() == status;
    match serde_json::from_slice::<api::Failure>(body) {
        Ok(failure) if counts(&failure) || !Defence::JsonAnswer.holds() => {
            CallFailed::Refused(reason(&failure))
        }
        _ => CallFailed::InvalidAnswer,
    }
}

fn reason(failure: &api::Failure) -> Refusal {
    match failure.code {
        api::Code::CeremonyUnknown => Refusal::CeremonyUnknown,
        api::Code::CommitIdReused => Refusal::CommitIdReused,
        api::Code::Conflict => Refusal::Conflict { counter: failure.counter },
        api::Code::CredentialRejected => Refusal::CredentialRejected,
        api::Code::InviteRejected => Refusal::InviteRejected,
        api::Code::NotFound => Refusal::NotFound,
        api::Code::ProofRejected => Refusal::ProofRejected,
        api::Code::QuotaExceeded => Refusal::QuotaExceeded,
        api::Code::RateLimited => Refusal::RateLimited { seconds: failure.retry_after.unwrap_or(1) },
        api::Code::SessionExpired => Refusal::SessionExpired,
        api::Code::SignUpClosed => Refusal::SignUpClosed,
        api::Code::StoreUnavailable => Refusal::StoreUnavailable,
        api::Code::Unavailable => Refusal::Unavailable,
        api::Code::AccountExists
        | api::Code::BadRequest
        | api::Code::ForeignOrigin
        | api::Code::MethodNotAllowed
        | api::Code::TooLarge => Refusal::Other,
    }
}

impl From<CallFailed> for ServerFailure {
    fn from(failed: CallFailed) -> Self {
        let reason = match failed {
            CallFailed::Refused(reason) => reason,
            CallFailed::InvalidAnswer => return Self::StrangeAnswer,
            CallFailed::Unreachable => return Self::Unreachable,
        };
        match reason {
            Refusal::CeremonyUnknown => Self::Stale,
            Refusal::CredentialRejected => Self::NoSuchVault,
            Refusal::InviteRejected => Self::InviteRejected,
            Refusal::ProofRejected => Self::WrongPasskey,
            Refusal::QuotaExceeded => Self::QuotaExceeded,
            Refusal::RateLimited { seconds } => Self::RateLimited { seconds },
            Refusal::SessionExpired => Self::SessionExpired,
            Refusal::SignUpClosed => Self::SignUpClosed,
            Refusal::StoreUnavailable | Refusal::Unavailable => Self::Unreachable,
            Refusal::CommitIdReused | Refusal::Conflict { .. } | Refusal::NotFound | Refusal::Other => {
                Self::Refused
            }
        }
    }
}

impl From<CallFailed> for VaultFailure {
    fn from(failed: CallFailed) -> Self {
        ServerFailure::from(failed).into()
    }
}

use serde::{Deserialize, Serialize};

/// The body of every response with a status of 400 or above. It holds a code and facts but no text
/// for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failure {
    /// What went wrong.
    pub code: Code,
    /// The account's current counter, set with [`Code::Conflict`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<u64>,
    /// How many seconds to wait, set with [`Code::RateLimited`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

/// What went wrong. Each code has one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Code {
    /// The account already exists (409).
    AccountExists,
    /// The body, path, or query cannot be parsed or breaks a rule of the API (400).
    BadRequest,
    /// The challenge was never issued, was already used, or has expired (400).
    CeremonyUnknown,
    /// The id of the commit or share was already used with different contents (409).
    CommitIdReused,
    /// The account's counter is no longer `expected_counter` (409).
    Conflict,
    /// The authenticator's response does not verify (401).
    CredentialRejected,
    /// The request comes from another site (403).
    ForeignOrigin,
    /// The invitation code is missing, wrong, or already used (403).
    InviteRejected,
    /// The endpoint does not have this method (405).
    MethodNotAllowed,
    /// The endpoint, share, or version does not exist (404).
    NotFound,
    /// The recovery code, the passkey assertion, or the store credential does not verify (401).
    ProofRejected,
    /// The account's quota is used up (413).
    QuotaExceeded,
    /// The store is currently unavailable (503).
    StoreUnavailable,
    /// Too many requests were sent (429).
    RateLimited,
    /// There is no session, or it has expired (401).
    SessionExpired,
    /// The server accepts no new accounts (403).
    SignUpClosed,
    /// The body exceeds the server's limit (413).
    TooLarge,
    /// The server could not complete the request and changed nothing (503).
    Unavailable,
}

impl Code {
    /// Returns the HTTP status for this code.
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest | Self::CeremonyUnknown => 400,
            Self::CredentialRejected | Self::ProofRejected | Self::SessionExpired => 401,
            Self::ForeignOrigin | Self::InviteRejected | Self::SignUpClosed => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::AccountExists | Self::CommitIdReused | Self::Conflict => 409,
            Self::QuotaExceeded | Self::TooLarge => 413,
            Self::RateLimited => 429,
            Self::StoreUnavailable | Self::Unavailable => 503,
        }
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self { code, counter: None, retry_after: None }
    }
}

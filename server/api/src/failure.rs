use serde::{Deserialize, Serialize};

/// Body of every answer with a status of 400 or above: a code and facts, never text for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failure {
    /// What went wrong.
    pub code: Code,
    /// The account's counter, with [`Code::Conflict`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counter: Option<u64>,
    /// Seconds to wait, with [`Code::RateLimited`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

/// What went wrong, with its HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Code {
    /// The account exists already (409).
    AccountExists,
    /// The body, a path or a query could not be read, or breaks a rule of the wire (400).
    BadRequest,
    /// The challenge was never given, was used, or is too old (400).
    CeremonyUnknown,
    /// The id of the commit or of the share was used for other contents (409).
    CommitIdReused,
    /// The account has moved on from `expected_counter` (409).
    Conflict,
    /// The authenticator's answer does not verify (401).
    CredentialRejected,
    /// The request comes from another site (403).
    ForeignOrigin,
    /// The invitation code is missing, wrong or used (403).
    InviteRejected,
    /// There is no such call, share or version (404).
    NotFound,
    /// The code, the touch or the store's credential does not fit (401).
    ProofRejected,
    /// The account's space is used up (413).
    QuotaExceeded,
    /// The store cannot be used now (503).
    StoreUnavailable,
    /// Too many requests (429).
    RateLimited,
    /// No session, or it has ended (401).
    SessionExpired,
    /// This server takes no new accounts (403).
    SignUpClosed,
    /// The body is larger than the server reads (413).
    TooLarge,
    /// The server could not finish; nothing was changed (500, 503).
    Unavailable,
}

impl Code {
    /// The HTTP status that carries this code.
    pub fn status(self) -> u16 {
        match self {
            Self::BadRequest | Self::CeremonyUnknown => 400,
            Self::CredentialRejected | Self::ProofRejected | Self::SessionExpired => 401,
            Self::ForeignOrigin | Self::InviteRejected | Self::SignUpClosed => 403,
            Self::NotFound => 404,
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

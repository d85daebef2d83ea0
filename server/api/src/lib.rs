//! Wire types shared by client and server: JSON bodies, identifiers, and error codes.
//!
//! Nothing here is secret, and neither side trusts the other: the server stores what it receives,
//! and the client verifies what it gets back. Binary values are base64url without padding
//! ([`Bytes`]) and identifiers are 16 bytes ([`Id`]). Both reject any other encoding of the same
//! value.
//!
//! | endpoint | body | response |
//! | --- | --- | --- |
//! | `GET /api/health` | | [`Health`] |
//! | `POST /api/register/challenge` | | [`Challenge`] |
//! | `POST /api/accounts` | [`CreateAccount`] | [`Committed`], session cookie |
//! | `POST /api/login/challenge` | | [`Challenge`] |
//! | `POST /api/login` | [`Login`] | [`Session`], session cookie |
//! | `GET /api/session` | | [`Session`] |
//! | `POST /api/logout` | | 204 |
//! | `GET /api/delta?since=N` | | [`Delta`] |
//! | `POST /api/commit` | [`Commit`] | [`Committed`] |
//! | `GET /api/records/{id}/secrets/{version}` | | [`Part`] |
//! | `POST /api/recovery/challenge` | | [`Challenge`] |
//! | `POST /api/recovery` | [`RecoveryLogin`] | [`Session`], session cookie |
//! | `POST /api/ways` | [`ChangeSignInMethods`] | [`Committed`] |
//! | `POST /api/account/delete` | [`DeleteAccount`] | 204 |
//! | `GET /api/stores` | | [`Stores`] |
//! | `POST /api/stores/{store}/shares/{share}` | [`PutShare`] | 204 |
//! | `GET /api/stores/{store}/shares/{share}` | | [`ShareState`] |
//! | `POST /api/stores/{store}/shares/{share}/read` | [`ShareAccess`] | [`ReadShare`] |
//! | `POST /api/stores/{store}/shares/{share}/delete` | [`ShareAccess`] | 204 |
//!
//! Every other outcome has a status of 400 or above and a [`Failure`] body.

mod account;
mod binary;
mod failure;
mod shares;
mod sign_in_methods;
mod vault;

pub use account::{
    Assertion, AssertionResponse, Challenge, CreateAccount, CredentialType, Health, Login, Registration,
    RegistrationResponse, RemainingQuota, Session, SignUp,
};
pub use binary::{Bytes, Id};
pub use failure::{Code, Failure};
pub use shares::{PutShare, ReadShare, ShareAccess, ShareState, Store, StorePlace, Stores};
pub use sign_in_methods::{
    ChangeSignInMethods, DeleteAccount, NewPasskey, Proof, RecoveryLogin, RecoveryVerifier,
};
pub use vault::{Change, Commit, Committed, Delta, Entry, Part};

/// The largest request body that the server accepts, in bytes.
pub const MAX_BODY: usize = 1_048_576;
/// The largest number of changes in one commit.
pub const MAX_CHANGES: usize = 500;
/// The largest blob, in bytes: a record part of the largest size class (format, suite, salt,
/// commitment, 16384 bytes of plaintext, tag).
pub const MAX_BLOB: usize = 2 + 32 + 32 + 16_384 + 16;
/// The largest signed head, in bytes: 130 fixed bytes, two parents, two signatures.
pub const MAX_HEAD: usize = 130 + 64 + 128;
/// The largest number of commits in one page of a [`Delta`].
pub const PAGE_COMMITS: usize = 500;
/// The largest sealed share, in bytes.
pub const MAX_SHARE: usize = 1_024;
/// How many earlier versions of a secret the server keeps besides the newest.
pub const KEPT_VERSIONS: usize = 10;

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
mod limits;
mod recovery;
mod shares;
mod sign_in_methods;
mod vault;

pub use account::{
    Assertion, AssertionResponse, Challenge, CreateAccount, CredentialType, Health, Login, Registration,
    RegistrationResponse, RemainingQuota, Session, SignUp,
};
pub use binary::{Bytes, Id};
pub use failure::{Code, Failure};
pub use limits::{KEPT_VERSIONS, MAX_BLOB, MAX_BODY, MAX_CHANGES, MAX_HEAD, MAX_SHARE, PAGE_COMMITS};
pub use recovery::{RecoveryLogin, RecoveryVerifier};
pub use shares::{PutShare, ReadShare, ShareAccess, ShareState, Store, StorePlace, Stores};
pub use sign_in_methods::{ChangeSignInMethods, DeleteAccount, NewPasskey, Proof};
pub use vault::{Change, Commit, Committed, Delta, Entry, Part};

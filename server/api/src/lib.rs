//! Wire types shared by client and server: JSON bodies, identifiers, and error codes.
//!
//! Nothing here is secret, and neither side trusts the other: the server stores what it receives,
//! and the client verifies what it gets back. Binary values are base64url without padding
//! ([`Bytes`]) and identifiers are 16 bytes ([`Id`]). Both reject any other encoding of the same
//! value.
//!
//! [`Endpoint`] is the table of all endpoints: the router, the rate limiter, the OpenAPI document
//! and the client take methods, paths, limits and bodies from it. Every outcome that is not in the
//! table has a status of 400 or above and a [`Failure`] body.
//!
//! ```
//! use crystallum_api::{AuthClass, Endpoint, Id, LimitClass};
//!
//! let facts = Endpoint::ReadShare.facts();
//! assert_eq!(facts.auth, AuthClass::Session);
//! assert_eq!(facts.limit, LimitClass::StoreCredential);
//!
//! let (store, share) = (Id([1; 16]), Id([2; 16]));
//! assert_eq!(
//!     Endpoint::read_share_path(store, share),
//!     "/api/stores/AQEBAQEBAQEBAQEBAQEBAQ/shares/AgICAgICAgICAgICAgICAg/read"
//! );
//! ```

mod account;
mod binary;
mod condition;
mod endpoint;
mod facts;
mod failure;
mod health;
mod limits;
mod object;
mod recovery;
mod schema;
mod shares;
mod sign_in_methods;
mod state;
mod vault;
mod vault_login;

pub use account::{
    Assertion, AssertionResponse, Challenge, CreateAccount, CredentialType, Login, Registration,
    RegistrationResponse, RemainingQuota, Session, SignUp,
};
pub use binary::{Bytes, Id};
pub use condition::Condition;
pub use endpoint::Endpoint;
pub use facts::{AuthClass, Facts, LimitClass, Method, RequestBody, ResponseBody};
pub use failure::{Code, Failure};
pub use health::Health;
pub use limits::{
    KEPT_VERSIONS, MAX_BLOB, MAX_BODY, MAX_CHANGES, MAX_HEAD, MAX_PUT_BACK, MAX_SHARE, MAX_SMALL_BODY,
    PAGE_COMMITS,
};
pub use recovery::{RecoveryLogin, RecoveryVerifier};
pub use schema::Schema;
#[cfg(feature = "openapi")]
pub use schema::Schemas;
pub use shares::{PutShare, ReadShare, ShareAccess, ShareState, Store, StoreLocation, Stores};
pub use sign_in_methods::{ChangeSignInMethods, DeleteAccount, NewPasskey, Proof};
pub use state::{HeadProof, Stage, State};
pub use vault::{Change, Commit, Committed, Delta, Entry, Part, PutBack};
pub use vault_login::{VaultLogin, VaultProof, VaultSession};

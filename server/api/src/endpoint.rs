//! The table of all endpoints. This is the only place that names their methods and paths.

use crate::account::{Challenge, CreateAccount, Login, Session};
use crate::binary::Id;
use crate::facts::{AuthClass, Facts, LimitClass, Method, RequestBody, ResponseBody};
use crate::health::Health;
use crate::limits::{MAX_BODY, MAX_SMALL_BODY};
use crate::recovery::RecoveryLogin;
use crate::shares::{PutShare, ReadShare, ShareAccess, ShareState, Stores};
use crate::sign_in_methods::{ChangeSignInMethods, DeleteAccount};
use crate::state::{HeadProof, State};
use crate::vault::{Commit, Committed, Delta, Part, PutBack};
use crate::vault_login::{VaultLogin, VaultSession};

/// Makes the table: an enum with one variant per endpoint, a list of all of them, and their facts.
/// An entry without one of the [`Facts`] does not compile.
/// A path with parameters is followed by the function that fills them in.
macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident {
        path: $path:literal $(as $fill:ident($($parameter:ident: $type:ty),*))?,
        $($fact:ident: $value:expr,)*
    })*) => {
        /// An endpoint of the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Endpoint {
            $($(#[$doc])* $name,)*
        }

        impl Endpoint {
            /// All endpoints.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Returns the endpoint's path, with the names of its parameters in braces.
            pub const fn path(self) -> &'static str {
                match self {
                    $(Self::$name => $path,)*
                }
            }

            $($(
                #[doc = concat!("Returns the path `", $path, "` with these parameters.")]
                pub fn $fill($($parameter: $type),*) -> String {
                    format!($path, $($parameter = $parameter),*)
                }
            )?)*

            /// Returns the endpoint's entry in the table.
            pub const fn facts(self) -> Facts {
                match self {
                    $(Self::$name => Facts { path: $path, $($fact: $value),* },)*
                }
            }
        }
    };
}

endpoints! {
    /// Tells whether the server works, and who may create a vault.
    Health {
        path: "/api/health",
        method: Method::Get,
        limit: LimitClass::Free,
        auth: AuthClass::Public,
        request: RequestBody::Empty,
        response: ResponseBody::json::<Health>(),
    }
    /// Returns the OpenAPI document, which describes all other endpoints.
    OpenApi {
        path: "/api/openapi.json",
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Public,
        request: RequestBody::Empty,
        response: ResponseBody::OpenApi,
    }
    /// Starts the registration of a passkey, for a new account or for that of the session.
    RegisterChallenge {
        path: "/api/register/challenge",
        method: Method::Post,
        limit: LimitClass::Free,
        auth: AuthClass::OptionalSession,
        request: RequestBody::Empty,
        response: ResponseBody::json::<Challenge>(),
    }
    /// Creates an account. The response has the session cookie.
    CreateAccount {
        path: "/api/accounts",
        method: Method::Post,
        limit: LimitClass::SignUp,
        auth: AuthClass::Public,
        request: RequestBody::json::<CreateAccount>(MAX_SMALL_BODY),
        response: ResponseBody::json::<Committed>(),
    }
    /// Starts signing in with a passkey.
    LoginChallenge {
        path: "/api/login/challenge",
        method: Method::Post,
        limit: LimitClass::Free,
        auth: AuthClass::Public,
        request: RequestBody::Empty,
        response: ResponseBody::json::<Challenge>(),
    }
    /// Opens a session with a passkey. The response has the session cookie.
    Login {
        path: "/api/login",
        method: Method::Post,
        limit: LimitClass::Proof,
        auth: AuthClass::Public,
        request: RequestBody::json::<Login>(MAX_SMALL_BODY),
        response: ResponseBody::json::<Session>(),
    }
    /// Starts signing in with the recovery code.
    RecoveryChallenge {
        path: "/api/recovery/challenge",
        method: Method::Post,
        limit: LimitClass::Free,
        auth: AuthClass::Public,
        request: RequestBody::Empty,
        response: ResponseBody::json::<Challenge>(),
    }
    /// Opens a session with the recovery code. The response has the session cookie.
    RecoveryLogin {
        path: "/api/recovery",
        method: Method::Post,
        limit: LimitClass::Proof,
        auth: AuthClass::Public,
        request: RequestBody::json::<RecoveryLogin>(MAX_SMALL_BODY),
        response: ResponseBody::json::<Session>(),
    }
    /// Starts signing in with the vault's key.
    VaultChallenge {
        path: "/api/login/vault/challenge",
        method: Method::Post,
        limit: LimitClass::Free,
        auth: AuthClass::Public,
        request: RequestBody::Empty,
        response: ResponseBody::json::<Challenge>(),
    }
    /// Opens a session with the vault's key, where the server has lost commits or what signs in
    /// with a live sign-in method. The response has the session cookie.
    VaultLogin {
        path: "/api/login/vault",
        method: Method::Post,
        limit: LimitClass::Proof,
        auth: AuthClass::Public,
        request: RequestBody::json::<VaultLogin>(MAX_SMALL_BODY),
        response: ResponseBody::json::<VaultSession>(),
    }
    /// Ends the session, if there is one.
    Logout {
        path: "/api/logout",
        method: Method::Post,
        limit: LimitClass::SignOut,
        auth: AuthClass::OptionalSession,
        request: RequestBody::Empty,
        response: ResponseBody::Empty,
    }
    /// Returns the account of the session.
    Session {
        path: "/api/session",
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::AnySession,
        request: RequestBody::Empty,
        response: ResponseBody::json::<Session>(),
    }
    /// Returns the commits after a counter, in pages. The counter is in the query, as `since`.
    Delta {
        path: "/api/delta",
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::AnySession,
        request: RequestBody::Empty,
        response: ResponseBody::json::<Delta>(),
    }
    /// Returns the live objects of the vault, in pages. The query has the stage and the id of the
    /// last object that is known, as `stage` and `after`, or nothing.
    State {
        path: "/api/state",
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::AnySession,
        request: RequestBody::Empty,
        response: ResponseBody::json::<State>(),
    }
    /// Proves that a head is part of the history of a later one. The query has both counters, as
    /// `counter` and `of`.
    History {
        path: "/api/history",
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::AnySession,
        request: RequestBody::Empty,
        response: ResponseBody::json::<HeadProof>(),
    }
    /// Tells the account's newest counter whenever it changes, as server-sent events, until the
    /// session ends. The last event is then `ended`.
    Hints {
        path: "/api/hints",
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Session,
        request: RequestBody::Empty,
        response: ResponseBody::Events,
    }
    /// Writes a commit.
    Commit {
        path: "/api/commit",
        method: Method::Post,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Session,
        request: RequestBody::json::<Commit>(MAX_BODY),
        response: ResponseBody::json::<Committed>(),
    }
    /// Puts back commits that the server has lost.
    PutBack {
        path: "/api/put-back",
        method: Method::Post,
        limit: LimitClass::Ordinary,
        auth: AuthClass::AnySession,
        request: RequestBody::json::<PutBack>(MAX_BODY),
        response: ResponseBody::json::<Committed>(),
    }
    /// Returns a record's secret at one version.
    SecretVersion {
        path: "/api/records/{id}/secrets/{version}" as secret_version_path(id: Id, version: u64),
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Session,
        request: RequestBody::Empty,
        response: ResponseBody::json::<Part>(),
    }
    /// Changes the account's sign-in methods.
    ChangeSignInMethods {
        path: "/api/sign-in-methods",
        method: Method::Post,
        limit: LimitClass::Proof,
        auth: AuthClass::AnySession,
        request: RequestBody::json::<ChangeSignInMethods>(MAX_BODY),
        response: ResponseBody::json::<Committed>(),
    }
    /// Deletes the account.
    DeleteAccount {
        path: "/api/account/delete",
        method: Method::Post,
        limit: LimitClass::Proof,
        auth: AuthClass::Session,
        request: RequestBody::json::<DeleteAccount>(MAX_SMALL_BODY),
        response: ResponseBody::Empty,
    }
    /// Lists the share stores.
    Stores {
        path: "/api/stores",
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Session,
        request: RequestBody::Empty,
        response: ResponseBody::json::<Stores>(),
    }
    /// Returns what a store reports about a share without revealing it.
    ShareState {
        path: "/api/stores/{store}/shares/{share}" as share_state_path(store: Id, share: Id),
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Session,
        request: RequestBody::Empty,
        response: ResponseBody::json::<ShareState>(),
    }
    /// Stores a share.
    PutShare {
        path: "/api/stores/{store}/shares/{share}" as put_share_path(store: Id, share: Id),
        method: Method::Post,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Session,
        request: RequestBody::json::<PutShare>(MAX_SMALL_BODY),
        response: ResponseBody::Empty,
    }
    /// Returns a share.
    ReadShare {
        path: "/api/stores/{store}/shares/{share}/read" as read_share_path(store: Id, share: Id),
        method: Method::Post,
        limit: LimitClass::StoreCredential,
        auth: AuthClass::Session,
        request: RequestBody::json::<ShareAccess>(MAX_SMALL_BODY),
        response: ResponseBody::json::<ReadShare>(),
    }
    /// Deletes a share.
    DeleteShare {
        path: "/api/stores/{store}/shares/{share}/delete" as delete_share_path(store: Id, share: Id),
        method: Method::Post,
        limit: LimitClass::StoreCredential,
        auth: AuthClass::Session,
        request: RequestBody::json::<ShareAccess>(MAX_SMALL_BODY),
        response: ResponseBody::Empty,
    }
}

impl Endpoint {
    /// Returns the endpoint with this method and this path. Parameters of the path are names in
    /// braces, as in [`Facts::path`].
    pub fn find(method: Method, path: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|endpoint| endpoint.facts().method == method && endpoint.path() == path)
    }
}

#[cfg(test)]
mod tests;

//! The table of all endpoints. This is the only place that names their methods and paths.

use crate::account::{Challenge, CreateAccount, Health, Login, Session};
use crate::binary::Id;
use crate::facts::{AuthClass, Facts, LimitClass, Method, Request, Response};
use crate::limits::MAX_BODY;
use crate::recovery::RecoveryLogin;
use crate::shares::{PutShare, ReadShare, ShareAccess, ShareState, Stores};
use crate::sign_in_methods::{ChangeSignInMethods, DeleteAccount};
use crate::vault::{Commit, Committed, Delta, Part};

/// Makes the table: an enum with one variant per endpoint, a list of all of them, and their facts.
/// An entry without one of the [`Facts`] does not compile.
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
        limit: LimitClass::Ordinary,
        auth: AuthClass::Public,
        request: Request::Empty,
        response: Response::json::<Health>(),
    }
    /// Returns the OpenAPI document, which describes all other endpoints.
    OpenApi {
        path: "/api/openapi.json",
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Public,
        request: Request::Empty,
        response: Response::OpenApi,
    }
    /// Starts the registration of a passkey, for a new account or for that of the session.
    RegisterChallenge {
        path: "/api/register/challenge",
        method: Method::Post,
        limit: LimitClass::Ceremony,
        auth: AuthClass::OptionalSession,
        request: Request::Empty,
        response: Response::json::<Challenge>(),
    }
    /// Creates an account. The response has the session cookie.
    CreateAccount {
        path: "/api/accounts",
        method: Method::Post,
        limit: LimitClass::Ceremony,
        auth: AuthClass::Public,
        request: Request::json::<CreateAccount>(MAX_BODY),
        response: Response::json::<Committed>(),
    }
    /// Starts signing in with a passkey.
    LoginChallenge {
        path: "/api/login/challenge",
        method: Method::Post,
        limit: LimitClass::Ceremony,
        auth: AuthClass::Public,
        request: Request::Empty,
        response: Response::json::<Challenge>(),
    }
    /// Opens a session with a passkey. The response has the session cookie.
    Login {
        path: "/api/login",
        method: Method::Post,
        limit: LimitClass::Ceremony,
        auth: AuthClass::Public,
        request: Request::json::<Login>(MAX_BODY),
        response: Response::json::<Session>(),
    }
    /// Starts signing in with the recovery code.
    RecoveryChallenge {
        path: "/api/recovery/challenge",
        method: Method::Post,
        limit: LimitClass::Ceremony,
        auth: AuthClass::Public,
        request: Request::Empty,
        response: Response::json::<Challenge>(),
    }
    /// Opens a session with the recovery code. The response has the session cookie.
    RecoveryLogin {
        path: "/api/recovery",
        method: Method::Post,
        limit: LimitClass::Ceremony,
        auth: AuthClass::Public,
        request: Request::json::<RecoveryLogin>(MAX_BODY),
        response: Response::json::<Session>(),
    }
    /// Ends the session, if there is one.
    Logout {
        path: "/api/logout",
        method: Method::Post,
        limit: LimitClass::Ordinary,
        auth: AuthClass::OptionalSession,
        request: Request::Empty,
        response: Response::Empty,
    }
    /// Returns the account of the session.
    Session {
        path: "/api/session",
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Session,
        request: Request::Empty,
        response: Response::json::<Session>(),
    }
    /// Returns the commits after a counter, in pages. The counter is in the query, as `since`.
    Delta {
        path: "/api/delta",
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Session,
        request: Request::Empty,
        response: Response::json::<Delta>(),
    }
    /// Writes a commit.
    Commit {
        path: "/api/commit",
        method: Method::Post,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Session,
        request: Request::json::<Commit>(MAX_BODY),
        response: Response::json::<Committed>(),
    }
    /// Returns a record's secret at one version.
    SecretVersion {
        path: "/api/records/{id}/secrets/{version}" as secret_version_path(id: Id, version: u64),
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Session,
        request: Request::Empty,
        response: Response::json::<Part>(),
    }
    /// Changes the account's sign-in methods.
    ChangeSignInMethods {
        path: "/api/ways",
        method: Method::Post,
        limit: LimitClass::Ceremony,
        auth: AuthClass::Session,
        request: Request::json::<ChangeSignInMethods>(MAX_BODY),
        response: Response::json::<Committed>(),
    }
    /// Deletes the account.
    DeleteAccount {
        path: "/api/account/delete",
        method: Method::Post,
        limit: LimitClass::Ceremony,
        auth: AuthClass::Session,
        request: Request::json::<DeleteAccount>(MAX_BODY),
        response: Response::Empty,
    }
    /// Lists the share stores.
    Stores {
        path: "/api/stores",
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Session,
        request: Request::Empty,
        response: Response::json::<Stores>(),
    }
    /// Returns what a store reports about a share without revealing it.
    ShareState {
        path: "/api/stores/{store}/shares/{share}" as share_state_path(store: Id, share: Id),
        method: Method::Get,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Session,
        request: Request::Empty,
        response: Response::json::<ShareState>(),
    }
    /// Stores a share.
    PutShare {
        path: "/api/stores/{store}/shares/{share}" as put_share_path(store: Id, share: Id),
        method: Method::Post,
        limit: LimitClass::Ordinary,
        auth: AuthClass::Session,
        request: Request::json::<PutShare>(MAX_BODY),
        response: Response::Empty,
    }
    /// Returns a share.
    ReadShare {
        path: "/api/stores/{store}/shares/{share}/read" as read_share_path(store: Id, share: Id),
        method: Method::Post,
        limit: LimitClass::StoreCredential,
        auth: AuthClass::Session,
        request: Request::json::<ShareAccess>(MAX_BODY),
        response: Response::json::<ReadShare>(),
    }
    /// Deletes a share.
    DeleteShare {
        path: "/api/stores/{store}/shares/{share}/delete" as delete_share_path(store: Id, share: Id),
        method: Method::Post,
        limit: LimitClass::StoreCredential,
        auth: AuthClass::Session,
        request: Request::json::<ShareAccess>(MAX_BODY),
        response: Response::Empty,
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
mod tests {
    use super::*;

    #[test]
    fn every_endpoint_is_found_by_its_method_and_path() {
        for endpoint in Endpoint::ALL {
            assert_eq!(Endpoint::find(endpoint.facts().method, endpoint.path()), Some(*endpoint));
        }
        assert_eq!(Endpoint::find(Method::Get, Endpoint::Commit.path()), None);
        assert_eq!(Endpoint::find(Method::Post, "/api/nothing"), None);
    }

    /// Returns the endpoints of a class, so that a loosened limit is seen here.
    fn with_limit(limit: LimitClass) -> Vec<&'static str> {
        Endpoint::ALL
            .iter()
            .filter(|endpoint| endpoint.facts().limit == limit)
            .map(|endpoint| endpoint.path())
            .collect()
    }

    #[test]
    fn these_endpoints_have_a_tight_limit() {
        assert_eq!(
            with_limit(LimitClass::Ceremony),
            [
                "/api/register/challenge",
                "/api/accounts",
                "/api/login/challenge",
                "/api/login",
                "/api/recovery/challenge",
                "/api/recovery",
                "/api/ways",
                "/api/account/delete",
            ]
        );
        assert_eq!(
            with_limit(LimitClass::StoreCredential),
            ["/api/stores/{store}/shares/{share}/read", "/api/stores/{store}/shares/{share}/delete"]
        );
    }

    #[test]
    fn what_issues_or_takes_a_challenge_is_a_ceremony() {
        for endpoint in Endpoint::ALL {
            let facts = endpoint.facts();
            if facts.path.ends_with("/challenge") {
                assert_eq!(facts.limit, LimitClass::Ceremony, "{endpoint:?}");
            }
        }
    }

    #[test]
    fn a_limit_per_account_needs_a_session() {
        for endpoint in Endpoint::ALL {
            let facts = endpoint.facts();
            if facts.limit == LimitClass::StoreCredential {
                assert_eq!(facts.auth, AuthClass::Session, "{endpoint:?}");
            }
        }
    }

    #[test]
    fn parameters_are_filled_in() {
        let (store, share) = (Id([0; 16]), Id([0xff; 16]));
        assert_eq!(
            Endpoint::read_share_path(store, share),
            "/api/stores/AAAAAAAAAAAAAAAAAAAAAA/shares/_____________________w/read"
        );
        assert_eq!(Endpoint::secret_version_path(store, 7), "/api/records/AAAAAAAAAAAAAAAAAAAAAA/secrets/7");
    }
}

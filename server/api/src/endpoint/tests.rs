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
fn only_challenges_and_health_are_free() {
    assert_eq!(
        with_limit(LimitClass::Free),
        [
            "/api/health",
            "/api/register/challenge",
            "/api/login/challenge",
            "/api/recovery/challenge",
            "/api/login/vault/challenge"
        ]
    );
    for endpoint in Endpoint::ALL.iter().filter(|endpoint| endpoint.facts().limit == LimitClass::Free) {
        assert!(matches!(endpoint.facts().request, RequestBody::Empty), "{endpoint:?}");
    }
}

#[test]
fn these_endpoints_have_a_tight_limit() {
    assert_eq!(with_limit(LimitClass::SignUp), ["/api/accounts"]);
    assert_eq!(
        with_limit(LimitClass::Proof),
        ["/api/login", "/api/recovery", "/api/login/vault", "/api/sign-in-methods", "/api/account/delete"]
    );
    assert_eq!(
        with_limit(LimitClass::StoreCredential),
        ["/api/stores/{store}/shares/{share}/read", "/api/stores/{store}/shares/{share}/delete"]
    );
    assert_eq!(with_limit(LimitClass::SignOut), ["/api/logout"]);
}

/// Whoever writes without a session has to prove something, which must not be guessed at speed.
#[test]
fn every_write_without_a_session_has_a_tight_limit() {
    for endpoint in Endpoint::ALL {
        let facts = endpoint.facts();
        let open = facts.method == Method::Post && !facts.auth.needs_session();
        // Ending one's own session proves nothing and creates nothing, and neither does asking for
        // a challenge.
        if open && !matches!(facts.limit, LimitClass::SignOut | LimitClass::Free) {
            assert!(matches!(facts.limit, LimitClass::SignUp | LimitClass::Proof), "{endpoint:?}");
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

/// A session that was opened with the vault's key reads, puts back and changes sign-in methods, so
/// that a loosened one is seen here.
#[test]
fn these_endpoints_take_a_session_of_the_vaults_key() {
    let any = Endpoint::ALL.iter().filter(|endpoint| endpoint.facts().auth == AuthClass::AnySession);
    assert_eq!(
        any.map(|endpoint| endpoint.path()).collect::<Vec<_>>(),
        ["/api/session", "/api/delta", "/api/state", "/api/history", "/api/put-back", "/api/sign-in-methods"]
    );
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

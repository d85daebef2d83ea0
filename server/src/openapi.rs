//! The calls as OpenAPI, in one place. A test holds it against the router.

use axum::Json;
use crystallum_api::{Challenge, Commit, Committed, CreateAccount, Delta, Failure, Health, Login, Session};
use utoipa::OpenApi;

/// `GET /api/openapi.json`.
pub(crate) async fn show() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Crystallum",
        description = "Stores ciphertext. Every refusal is a Failure with a code. A session is the cookie __Host-crystallum."
    ),
    paths(health, register_challenge, accounts, login_challenge, login, session, logout, delta, commit)
)]
struct Document;

macro_rules! document {
    ($($(#[$attribute:meta])* $name:ident;)*) => {
        $($(#[$attribute])* #[expect(dead_code, reason = "stands for a route in the document")] fn $name() {})*
    };
}

document! {
    #[utoipa::path(get, path = "/api/health", description = "Whether the server works, and who may sign up.",
        responses((status = 200, body = Health), (status = "default", body = Failure)))]
    health;
    #[utoipa::path(post, path = "/api/register/challenge", description = "Starts making a passkey.",
        responses((status = 200, body = Challenge), (status = "default", body = Failure)))]
    register_challenge;
    #[utoipa::path(post, path = "/api/accounts", description = "Makes an account and opens a session.",
        request_body = CreateAccount,
        responses((status = 200, body = Committed), (status = "default", body = Failure)))]
    accounts;
    #[utoipa::path(post, path = "/api/login/challenge", description = "Starts using a passkey.",
        responses((status = 200, body = Challenge), (status = "default", body = Failure)))]
    login_challenge;
    #[utoipa::path(post, path = "/api/login", description = "Opens a session.", request_body = Login,
        responses((status = 200, body = Session), (status = "default", body = Failure)))]
    login;
    #[utoipa::path(get, path = "/api/session", description = "Whose session it is.",
        responses((status = 200, body = Session), (status = "default", body = Failure)))]
    session;
    #[utoipa::path(post, path = "/api/logout", description = "Ends the session.",
        responses((status = 204), (status = "default", body = Failure)))]
    logout;
    #[utoipa::path(get, path = "/api/delta", description = "The commits after a counter, in pages.",
        params(("since" = u64, Query, description = "The last counter that is known.")),
        responses((status = 200, body = Delta), (status = "default", body = Failure)))]
    delta;
    #[utoipa::path(post, path = "/api/commit", description = "One write.", request_body = Commit,
        responses((status = 200, body = Committed), (status = "default", body = Failure)))]
    commit;
}

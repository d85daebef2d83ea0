//! The OpenAPI description of all endpoints. A test compares it with the router.

use axum::Json;
use crystallum_api::{
    Challenge, ChangeSignInMethods, Commit, Committed, CreateAccount, DeleteAccount, Delta, Failure, Health,
    Id, Login, Part, PutShare, ReadShare, RecoveryLogin, Session, ShareAccess, ShareState, Stores,
};
use utoipa::OpenApi;

/// Handles `GET /api/openapi.json`.
pub(crate) async fn show() -> Json<utoipa::openapi::OpenApi> {
    Json(Document::openapi())
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Crystallum",
        description = "Stores ciphertext. Every refusal is a Failure with a code. A session is the cookie __Host-crystallum."
    ),
    paths(
        health,
        register_challenge,
        accounts,
        login_challenge,
        login,
        recovery_challenge,
        recovery,
        session,
        logout,
        delta,
        commit,
        secret,
        change_sign_in_methods,
        delete_account,
        stores,
        share_state,
        put_share,
        read_share,
        delete_share
    )
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
    #[utoipa::path(get, path = "/api/records/{id}/secrets/{version}",
        description = "The secret of a live record at one version: the newest, or an earlier one that is still kept.",
        params(("id" = Id, Path, description = "The record."), ("version" = u64, Path, description = "The version.")),
        responses((status = 200, body = Part), (status = "default", body = Failure)))]
    secret;
    #[utoipa::path(post, path = "/api/recovery/challenge", description = "Starts using a recovery code.",
        responses((status = 200, body = Challenge), (status = "default", body = Failure)))]
    recovery_challenge;
    #[utoipa::path(post, path = "/api/recovery", description = "Opens a session by a recovery code.",
        request_body = RecoveryLogin,
        responses((status = 200, body = Session), (status = "default", body = Failure)))]
    recovery;
    #[utoipa::path(post, path = "/api/ways", operation_id = "ways",
        description = "Changes the ways in. Other sessions end when a passkey is removed or a recovery code replaced or removed.",
        request_body = ChangeSignInMethods,
        responses((status = 200, body = Committed), (status = "default", body = Failure)))]
    change_sign_in_methods;
    #[utoipa::path(post, path = "/api/account/delete", description = "Deletes the account with everything of it.",
        request_body = DeleteAccount,
        responses((status = 204), (status = "default", body = Failure)))]
    delete_account;
    #[utoipa::path(get, path = "/api/stores", description = "The places that take shares.",
        responses((status = 200, body = Stores), (status = "default", body = Failure)))]
    stores;
    #[utoipa::path(get, path = "/api/stores/{store}/shares/{share}", description = "What a store says of a share.",
        params(("store" = Id, Path, description = "The store."), ("share" = Id, Path, description = "The share.")),
        responses((status = 200, body = ShareState), (status = "default", body = Failure)))]
    share_state;
    #[utoipa::path(post, path = "/api/stores/{store}/shares/{share}",
        description = "Keeps a share as pending; one that no commit names within a day is deleted.",
        params(("store" = Id, Path, description = "The store."), ("share" = Id, Path, description = "The share.")),
        request_body = PutShare,
        responses((status = 204), (status = "default", body = Failure)))]
    put_share;
    #[utoipa::path(post, path = "/api/stores/{store}/shares/{share}/read",
        description = "Hands a share to whoever knows the store's credential.",
        params(("store" = Id, Path, description = "The store."), ("share" = Id, Path, description = "The share.")),
        request_body = ShareAccess,
        responses((status = 200, body = ReadShare), (status = "default", body = Failure)))]
    read_share;
    #[utoipa::path(post, path = "/api/stores/{store}/shares/{share}/delete",
        description = "Deletes a share that the vault does not have, for whoever knows the store's credential.",
        params(("store" = Id, Path, description = "The store."), ("share" = Id, Path, description = "The share.")),
        request_body = ShareAccess,
        responses((status = 204), (status = "default", body = Failure)))]
    delete_share;
}

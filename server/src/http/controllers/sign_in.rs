//! What signing in with a passkey and signing in with a recovery code have in common.

use crate::store::writer::WriteTransaction;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use crystallum_api::{Bytes, Code, Id, Session};
use crystallum_format::head::SignedHead;
use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::auth::session;
use crate::http::error::ApiResult;
use crate::store::accounts::{self, Account};
use crate::store::commits;

/// The response to a user who has signed in: the cookie and the session.
pub(super) type SignedIn = ([(HeaderName, HeaderValue); 1], Json<Session>);

/// Opens a session for the account that a proof belongs to, and commits the transaction in which
/// the proof was checked. Without an account, the request is refused with `refusal`.
pub(super) async fn sign_in(
    app: &App,
    mut write: WriteTransaction,
    account: Option<Id>,
    refusal: Code,
) -> ApiResult<SignedIn> {
    let account = account.ok_or(refusal)?;
    let state = accounts::find(&mut write, account).await?.ok_or(refusal)?;
    let cookie = session::open_session(&mut write, app, account).await?;
    let session = describe_session(app, &mut write, account, &state).await?;
    write.commit().await?;
    // The session that was not used for longest may have made room.
    app.hints.announce(account);
    Ok(([(header::SET_COOKIE, cookie)], Json(session)))
}

/// Describes the session of an account.
pub(super) async fn describe_session(
    app: &App,
    conn: &mut SqliteConnection,
    account: Id,
    state: &Account,
) -> ApiResult<Session> {
    let head = commits::head(conn, account, state.counter).await?;
    // No device has the head of a later version of the server, so its hash need not be known.
    let head = head.and_then(|head| SignedHead::from_bytes(&head).ok());
    let head = head.map(|head| Bytes(head.body().hash().to_vec())).unwrap_or_default();
    Ok(Session { account, counter: state.counter, head, remaining: app.remaining(state) })
}

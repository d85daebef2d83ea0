//! What signing in with a passkey and signing in with a recovery code have in common.

use crate::store::writer::WriteTransaction;
use axum::Json;
use axum::http::{HeaderName, HeaderValue, header};
use crystallum_api::{Code, Id, Session};

use crate::app::state::App;
use crate::auth::session;
use crate::http::error::ApiResult;
use crate::store::accounts;

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
    write.commit().await?;
    Ok((
        [(header::SET_COOKIE, cookie)],
        Json(Session { account, counter: state.counter, remaining: app.remaining(&state) }),
    ))
}

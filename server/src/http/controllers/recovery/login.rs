use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use crystallum_api::{Code, RecoveryLogin, Session};

use crate::app::state::App;
use crate::auth::recovery::Purpose;
use crate::auth::{proof, session};
use crate::http::error::{ApiResult, run_to_completion};
use crate::http::extract::Body;
use crate::store::accounts;

type SignedIn = ([(HeaderName, HeaderValue); 1], Json<Session>);

/// Opens a session for the account whose recovery code signed the nonce.
pub(crate) async fn login(
    State(app): State<Arc<App>>,
    Body(login): Body<RecoveryLogin>,
) -> ApiResult<SignedIn> {
    run_to_completion(async move { sign_in(&app, login).await }).await
}

async fn sign_in(app: &App, login: RecoveryLogin) -> ApiResult<SignedIn> {
    let mut write = app.database.begin_write().await?;
    let account =
        proof::verify_recovery(app, &mut write, &login, Purpose::SignIn).await?.ok_or(Code::ProofRejected)?;
    let state = accounts::find(&mut write, account).await?.ok_or(Code::ProofRejected)?;
    let cookie = session::open_session(&mut write, app, account).await?;
    write.commit().await?;
    Ok((
        [(header::SET_COOKIE, cookie)],
        Json(Session { account, counter: state.counter, remaining: app.quotas.remaining(&state) }),
    ))
}

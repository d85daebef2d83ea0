use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use crystallum_api::{Code, Login, Session};

use crate::app::App;
use crate::ceremonies::Ceremony;
use crate::error::{Answer, to_the_end};
use crate::extract::Body;
use crate::passkeys::Passkeys;
use crate::session;
use crate::store::{accounts, credentials};

type Signed = ([(HeaderName, HeaderValue); 1], Json<Session>);

/// Opens a session for the account whose passkey signed the challenge.
pub(crate) async fn login(State(app): State<Arc<App>>, Body(login): Body<Login>) -> Answer<Signed> {
    to_the_end(async move { open(&app, login).await }).await
}

async fn open(app: &App, login: Login) -> Answer<Signed> {
    let ceremony = app.ceremonies.take(app.clock.monotonic(), login.ceremony);
    let Some(Ceremony::Login(state)) = ceremony else { return Err(Code::CeremonyUnknown.into()) };
    let account = Passkeys::claimed_account(&login.credential).map_err(|_| Code::CredentialRejected)?;
    let mut write = app.store.write().await?;
    // One answer for an unknown account, an unknown passkey and somebody else's.
    let passkey = credentials::find(&mut write, account, login.credential.raw_id.as_slice())
        .await?
        .ok_or(Code::CredentialRejected)?;
    let changed = app
        .passkeys
        .finish_login(&login.credential, *state, passkey)
        .map_err(|_| Code::CredentialRejected)?;
    if let Some(passkey) = changed {
        credentials::update(&mut write, &passkey).await?;
    }
    let state = accounts::find(&mut write, account).await?.ok_or(Code::CredentialRejected)?;
    let cookie = session::open(&mut write, app, account).await?;
    write.commit().await?;
    Ok((
        [(header::SET_COOKIE, cookie)],
        Json(Session { account, counter: state.counter, room: app.quotas.room(&state) }),
    ))
}

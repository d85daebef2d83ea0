use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Code, Session};

use crate::app::App;
use crate::error::Answer;
use crate::session::Signed;
use crate::store::accounts;

/// Whose session it is, and how far the account is.
pub(crate) async fn show(State(app): State<Arc<App>>, signed: Signed) -> Answer<Json<Session>> {
    let state = accounts::find(&mut *app.store.reader().await?, signed.account).await?;
    let state = state.ok_or(Code::SessionExpired)?;
    Ok(Json(Session { account: signed.account, counter: state.counter, room: app.quotas.room(&state) }))
}

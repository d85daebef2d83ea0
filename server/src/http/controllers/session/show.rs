use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Code, Session};

use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::controllers::sign_in::describe_session;
use crate::http::error::ApiResult;
use crate::store::accounts;

/// Returns the account of the session, its counter, and its remaining quota.
pub(crate) async fn show(State(app): State<Arc<App>>, auth: Authenticated) -> ApiResult<Json<Session>> {
    let _turn = app.read_turns.take(auth.account, auth.token).await;
    let mut read = app.database.begin_read().await?;
    let state = accounts::find(&mut read, auth.account).await?.ok_or(Code::SessionExpired)?;
    Ok(Json(describe_session(&app, &mut read, auth.account, &state).await?))
}

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Code, Session};

use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::ApiResult;
use crate::store::accounts;

/// Returns the account of the session, its counter, and its remaining quota.
pub(crate) async fn show(State(app): State<Arc<App>>, auth: Authenticated) -> ApiResult<Json<Session>> {
    let state = accounts::find(&mut *app.database.reader().await?, auth.account).await?;
    let state = state.ok_or(Code::SessionExpired)?;
    Ok(Json(Session { account: auth.account, counter: state.counter, remaining: app.remaining(&state) }))
}

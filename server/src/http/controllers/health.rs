use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::Health;

use crate::app::state::App;
use crate::http::error::ApiResult;

/// Responds successfully if the database does.
pub(crate) async fn health(State(app): State<Arc<App>>) -> ApiResult<Json<Health>> {
    sqlx::query("SELECT 1").execute(&mut *app.database.reader().await?).await?;
    let origin = app.origin.to_str().unwrap_or_default().to_owned();
    Ok(Json(Health { sign_up: app.sign_up, origin, conditions: app.pressure.present() }))
}

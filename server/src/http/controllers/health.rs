use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use crystallum_api::{Code, Health};

use crate::app::problems::Problem;
use crate::app::state::App;
use crate::http::error::ApiResult;

/// Responds with the problems of the moment, and successfully if the database can be read and
/// written.
pub(crate) async fn health(State(app): State<Arc<App>>) -> ApiResult<Response> {
    sqlx::query("SELECT 1").execute(&mut *app.database.reader().await?).await?;
    let origin = app.origin.to_str().unwrap_or_default().to_owned();
    let problems = app.current_problems().into_iter().map(str::to_owned).collect();
    let code = app.problems.has(Problem::WritesFail).then_some(Code::Unavailable);
    let health =
        Json(Health { sign_up: app.sign_up, origin, problems, conditions: app.pressure.present(), code });
    let Some(code) = code else { return Ok(health.into_response()) };
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, health).into_response();
    response.extensions_mut().insert(code);
    Ok(response)
}

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use crystallum_api::{Code, Condition, Health};

use crate::app::problems::Problem;
use crate::app::state::App;
use crate::http::error::DatabaseFailure;
use crate::store::failure::is_busy;

/// Responds with the problems of the moment, and successfully if the database can be read and
/// written. No limit applies, so that this costs next to nothing.
pub(crate) async fn health(State(app): State<Arc<App>>) -> Response {
    let read = app.read_probe.works(&app.database, app.clock.monotonic()).await;
    let reads = match &read {
        Ok(works) => *works,
        // Others read, so that reading works.
        Err(error) if is_busy(error) => {
            app.pressure.notice(Condition::Reads);
            true
        }
        Err(_) => false,
    };
    let origin = app.origin.to_str().unwrap_or_default().to_owned();
    let problems = app.current_problems().into_iter().map(str::to_owned).collect();
    let works = reads && !app.problems.has(Problem::WritesFail);
    let code = (!works).then_some(Code::Unavailable);
    let health =
        Json(Health { sign_up: app.sign_up, origin, problems, conditions: app.pressure.present(), code });
    let Some(code) = code else { return health.into_response() };
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, health).into_response();
    response.extensions_mut().insert(code);
    if let Err(error) = read {
        response.extensions_mut().insert(DatabaseFailure(Arc::new(error)));
    }
    response
}

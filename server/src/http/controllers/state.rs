use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{self as api, Code, Id, Stage};
use serde::Deserialize;

use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::ApiResult;
use crate::http::extract::Query;
use crate::vault::checkpoint::checkpoint_page;

/// The query of a checkpoint: the last object that is known.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    stage: Option<u8>,
    after: Option<Id>,
}

/// Returns the live objects after the last one that is known.
pub(crate) async fn state(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    Query(known): Query<Known>,
) -> ApiResult<Json<api::State>> {
    let after = match (known.stage, known.after) {
        (None, None) => None,
        (Some(stage), Some(id)) => Some((Stage::from_number(stage).ok_or(Code::BadRequest)?, id)),
        _ => return Err(Code::BadRequest.into()),
    };
    let _turn = app.read_turns.take(auth.account, auth.token).await;
    let mut read = app.database.begin_read().await?;
    let page = checkpoint_page(&mut read, auth.account, after).await?;
    Ok(Json(page.ok_or(Code::SessionExpired)?))
}

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Code, Delta};
use serde::Deserialize;

use crate::app::App;
use crate::error::Answer;
use crate::extract::Asked;
use crate::session::Signed;
use crate::vault;

/// What a delta is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Since {
    since: u64,
}

/// The commits after a counter.
pub(crate) async fn delta(
    State(app): State<Arc<App>>,
    signed: Signed,
    Asked(Since { since }): Asked<Since>,
) -> Answer<Json<Delta>> {
    let mut read = app.store.read().await?;
    let delta = vault::delta(&mut read, signed.account, since).await?;
    Ok(Json(delta.ok_or(Code::SessionExpired)?))
}

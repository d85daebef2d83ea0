use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Code, HeadProof};
use serde::Deserialize;

use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::ApiResult;
use crate::http::extract::Query;
use crate::vault::history::prove_head;

/// The query of a proof: the head, and the later one whose history names it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Heads {
    counter: u64,
    of: u64,
}

/// Proves that a head is part of the history of a later one.
pub(crate) async fn history(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    Query(Heads { counter, of }): Query<Heads>,
) -> ApiResult<Json<HeadProof>> {
    let _turn = app.read_turns.take(auth.account, auth.token).await;
    let mut read = app.database.begin_read().await?;
    let proof = prove_head(&mut read, auth.account, counter, of).await?;
    Ok(Json(proof.ok_or(Code::NotFound)?))
}

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Commit, Committed, Endpoint};

use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::{ApiResult, run_to_completion};
use crate::http::extract::Body;
use crate::shares::stores::referenced_shares;
use crate::store::server;
use crate::vault::write::{apply_commit, check_shares};
use crate::vault::{rules, successor};

/// Applies a commit atomically.
pub(crate) async fn commit(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    Body(commit): Body<Commit>,
) -> ApiResult<Json<Committed>> {
    rules::check(auth.account, &commit, Endpoint::Commit)?;
    let named = referenced_shares(&commit.changes);
    let turn = app.turns.of_session(auth.account, auth.token).await?;
    let prepared = successor::prepare(&app, auth.account).await?;
    check_shares(&app, auth.account, &commit).await?;
    let mut write = app.database.begin_write().await?;
    run_to_completion(async move {
        let _turn = turn;
        let applied = apply_commit(&app, &mut write, auth.account, commit, prepared).await?;
        let row = server::find(&mut write).await?;
        write.commit().await?;
        let committed = applied.finish(&app);
        if let Some(row) = row {
            app.stores.claim(auth.account, named, row.memory()).await;
        }
        Ok(Json(committed))
    })
    .await
}

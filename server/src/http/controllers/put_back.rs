use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Committed, PutBack};

use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::{ApiResult, run_to_completion};
use crate::http::extract::Body;
use crate::shares::stores::{ShareRef, referenced_shares};
use crate::store::server;
use crate::vault::put_back::{apply_all, check_dealings};
use crate::vault::rules::lost::check_put_back;
use crate::vault::successor;

/// Puts back commits that this server has lost, all of them or none.
pub(crate) async fn put_back(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    Body(request): Body<PutBack>,
) -> ApiResult<Json<Committed>> {
    let commits = check_put_back(auth.account, request)?;
    let named: Vec<ShareRef> = commits.iter().flat_map(|commit| referenced_shares(&commit.changes)).collect();
    let turn = app.turns.of_session(auth.account, auth.token).await?;
    let prepared = successor::prepare(&app, auth.account).await?;
    if successor::check_chain(app.quotas, &prepared, &commits)? {
        check_dealings(&app, auth.account, &commits).await?;
    }
    let mut write = app.database.begin_write().await?;
    run_to_completion(async move {
        let _turn = turn;
        let applied = apply_all(&app, &mut write, &auth, commits, prepared).await?;
        let row = server::find(&mut write).await?;
        write.commit().await?;
        let committed = applied.finish(&app);
        // Stores that have lost a share say so when the wallet is checked.
        if let Some(row) = row {
            app.stores.claim(auth.account, named, row.memory()).await;
        }
        Ok(Json(committed))
    })
    .await
}

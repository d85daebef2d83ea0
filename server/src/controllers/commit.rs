use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Commit, Committed};

use crate::app::App;
use crate::error::{Answer, to_the_end};
use crate::extract::Body;
use crate::rules::{self, Via};
use crate::session::Signed;
use crate::{shares, vault};

/// One write: all of it or nothing.
pub(crate) async fn commit(
    State(app): State<Arc<App>>,
    signed: Signed,
    Body(commit): Body<Commit>,
) -> Answer<Json<Committed>> {
    rules::check(signed.account, &commit, Via::Commit)?;
    to_the_end(async move {
        let named = shares::named(&commit.changes);
        let mut write = app.store.write().await?;
        let committed = vault::apply(&app, &mut write, signed.account, commit).await?;
        write.commit().await?;
        app.stores.claim(signed.account, named).await;
        Ok(Json(committed))
    })
    .await
}

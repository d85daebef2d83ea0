use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use crystallum_api::{Code, Id, ShareAccess};

use super::{credential, store};
use crate::app::App;
use crate::error::{Answer, to_the_end};
use crate::extract::{Body, Named};
use crate::session::Signed;
use crate::shares::Key;
use crate::store::shares;

/// Deletes a share for whoever knows its store's credential, unless the vault has it.
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    signed: Signed,
    Named((id, share)): Named<(Id, Id)>,
    Body(access): Body<ShareAccess>,
) -> Answer<StatusCode> {
    let credential = credential(&app, signed.account, &access)?;
    let key = Key { account: signed.account, share };
    to_the_end(async move {
        let store = store(&app, id)?;
        // While this transaction is open no commit can name the share.
        let mut alone = app.store.write().await?;
        let named = shares::find(&mut alone, key.account, share).await?;
        if named.is_some_and(|named| named.store == id && named.gone.is_none()) {
            return Err(Code::BadRequest.into());
        }
        store.delete(key, &credential).await.map_err(Code::from)?;
        alone.rollback().await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

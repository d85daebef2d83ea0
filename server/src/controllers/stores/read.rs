use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Bytes, Code, Id, ReadShare, ShareAccess};

use super::{credential, store};
use crate::app::App;
use crate::error::Answer;
use crate::extract::{Body, Named};
use crate::session::Signed;
use crate::shares::Key;

/// Hands a share to whoever knows its store's credential.
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    signed: Signed,
    Named((id, share)): Named<(Id, Id)>,
    Body(access): Body<ShareAccess>,
) -> Answer<Json<ReadShare>> {
    let credential = credential(&app, signed.account, &access)?;
    let key = Key { account: signed.account, share };
    let share = store(&app, id)?.read(key, &credential).await.map_err(Code::from)?;
    Ok(Json(ReadShare { share: Bytes(share) }))
}

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Bytes, Code, Id, Part};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::error::Answer;
use crate::extract::Named;
use crate::session::Signed;
use crate::store::versions;

/// The secret of a record at one version: the newest, or an earlier one that is still kept.
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    signed: Signed,
    Named((record, version)): Named<(Id, u64)>,
) -> Answer<Json<Part>> {
    let found = versions::find(&mut *app.store.reader().await?, signed.account, record, version).await?;
    let blob = found.ok_or(Code::NotFound)?;
    Ok(Json(Part { version, hash: Bytes(Sha256::digest(&blob).to_vec()), blob: Some(Bytes(blob)) }))
}

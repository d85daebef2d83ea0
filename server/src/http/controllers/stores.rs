//! Endpoints of the share stores. The session determines whose share it is, and the store's
//! credential gives access to it.

pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod put;
pub(crate) mod read;
pub(crate) mod state;

use crystallum_api::{Code, Id, ShareAccess};
use crystallum_share_store::ShareStore;

use crate::app::state::App;
use crate::http::error::ApiResult;

/// The length of a credential and of a hash.
const CREDENTIAL_BYTES: usize = 32;

fn find_store(app: &App, id: Id) -> ApiResult<&dyn ShareStore> {
    app.stores.find(id).ok_or(Code::NotFound.into())
}

/// Returns the credential of a request.
fn credential(access: &ShareAccess) -> ApiResult<[u8; CREDENTIAL_BYTES]> {
    access.credential.as_slice().try_into().map_err(|_| Code::BadRequest.into())
}

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderName, HeaderValue, header};
use crystallum_api::{Code, VaultLogin, VaultSession};

use crate::app::state::App;
use crate::auth::{session, vault_key};
use crate::http::controllers::sign_in::describe_session;
use crate::http::error::{ApiError, ApiResult};
use crate::http::extract::Body;
use crate::http::layers::client::ClientNetwork;
use crate::store::accounts;
use crate::vault::methods::lacking_methods;
use crate::vault::restored::is_after_restore;
use crate::vault::rules::lost::read_consecutive;
use crate::vault::successor;

/// Opens a session for the account whose vault key and whose device's key signed the nonce, if the
/// server was restored and has lost something: commits, which the request shows, or what signs in
/// with a live sign-in method. The device must be live in the server's state, or in the one after
/// the commits that were lost. Whoever may not have a session, and has the vault's key, is told the
/// newest counter.
pub(crate) async fn login(
    State(app): State<Arc<App>>,
    Extension(ClientNetwork(network)): Extension<ClientNetwork>,
    Body(VaultLogin { account, proof, lost }): Body<VaultLogin>,
) -> ApiResult<([(HeaderName, HeaderValue); 1], Json<VaultSession>)> {
    let signed_by = vault_key::verify(&app, (account, network), &proof).await?;
    let signed_by = signed_by.ok_or(Code::ProofRejected)?;
    let lost = if lost.is_empty() { Vec::new() } else { read_consecutive(account, lost)? };
    let _turn = app.turns.of_owner(account).await?;
    let prepared = successor::prepare(&app, account).await?;
    let stored = prepared.state().ok_or(Code::Unavailable)?;
    let shown = successor::follow(app.quotas, stored, &lost)?;
    let mut read = app.database.begin_read().await?;
    let lacking = lacking_methods(&mut read, account, stored).await?;
    let counter = stored.head().body().counter;
    let has_lost = shown.head().body().counter > counter || !lacking.is_empty();
    let may_have_lost = has_lost && is_after_restore(&app, &mut read).await?;
    if !may_have_lost || !signed_by.is_live_in(&shown) {
        return Err(ApiError::conflict(counter));
    }
    let state = accounts::find(&mut read, account).await?.ok_or(Code::ProofRejected)?;
    let session = describe_session(&app, &mut read, account, &state).await?;
    let cookie = session::open_vault_session(&app, account)?;
    tracing::info!("a session was opened with the vault's key");
    let lacking = lacking.into_iter().collect();
    Ok(([(header::SET_COOKIE, cookie)], Json(VaultSession { session, lacking })))
}

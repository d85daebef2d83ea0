use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use crystallum_api::DeleteAccount;
use crystallum_format::recovery_login::Purpose;

use crate::app::state::App;
use crate::auth::proof;
use crate::auth::session::Authenticated;
use crate::http::error::{ApiResult, run_to_completion};
use crate::http::extract::Body;
use crate::http::layers::client::ClientNetwork;
use crate::store::deletions;

/// Deletes the account with all its data and removes the cookie. From then on the account does not
/// exist for anybody; what is left of a large one is deleted in the background.
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    Extension(ClientNetwork(network)): Extension<ClientNetwork>,
    Body(request): Body<DeleteAccount>,
) -> ApiResult<(StatusCode, [(HeaderName, HeaderValue); 1])> {
    let account = auth.account;
    let expired = app.cookie.expire();
    let (whose, purpose) = ((account, network), Purpose::DeleteVault);
    let counted = proof::precheck(&app, whose, &request.proof, purpose).await?;
    let turn = app.turns.of_owner(account).await?;
    let mut write = app.database.begin_write().await?;
    run_to_completion(async move {
        let _turn = turn;
        proof::check(&app, &mut write, whose, (&request.proof, Some(counted)), purpose).await?;
        let is_gone = deletions::begin(&mut write, account, app.clock.unix()).await?;
        write.commit().await?;
        if !is_gone {
            app.deletions.ask();
        }
        app.states.forget(account);
        app.hints.announce(account);
        app.database.note_removal();
        app.stores.delete_account(account).await;
        Ok(())
    })
    .await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, expired)]))
}

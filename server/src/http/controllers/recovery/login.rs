use std::sync::Arc;

use axum::extract::{Extension, State};
use crystallum_api::{Code, RecoveryLogin};
use crystallum_format::recovery_login::Purpose;

use crate::app::state::App;
use crate::auth::proof;
use crate::http::controllers::sign_in::{SignedIn, sign_in};
use crate::http::error::{ApiResult, run_to_completion};
use crate::http::extract::Body;
use crate::http::layers::client::ClientNetwork;
use crate::vault::places::Writer;

/// Opens a session for the account whose recovery code signed the nonce.
pub(crate) async fn login(
    State(app): State<Arc<App>>,
    Extension(ClientNetwork(network)): Extension<ClientNetwork>,
    Body(login): Body<RecoveryLogin>,
) -> ApiResult<SignedIn> {
    let purpose = Purpose::SignIn;
    let Some(held) = proof::precheck_recovery(&app, &login, purpose, network).await? else {
        return Err(Code::ProofRejected.into());
    };
    let place = app.turns.place(Writer::Owner(held.account))?;
    let mut write = app.database.begin_write().await?;
    run_to_completion(async move {
        let _place = place;
        let counted = Some(held.counted);
        let account = proof::verify_recovery(&app, &mut write, &login, purpose, network, counted).await?;
        sign_in(&app, write, account, Code::ProofRejected).await
    })
    .await
}

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

/// Opens a session for the account whose recovery code signed the nonce.
pub(crate) async fn login(
    State(app): State<Arc<App>>,
    Extension(ClientNetwork(network)): Extension<ClientNetwork>,
    Body(login): Body<RecoveryLogin>,
) -> ApiResult<SignedIn> {
    run_to_completion(async move {
        let purpose = Purpose::SignIn;
        let counted = proof::precheck_recovery(&app, &login, purpose, network).await?;
        if counted.is_none() {
            return Err(Code::ProofRejected.into());
        }
        let mut write = app.database.begin_write().await?;
        let account = proof::verify_recovery(&app, &mut write, &login, purpose, network, counted).await?;
        sign_in(&app, write, account, Code::ProofRejected).await
    })
    .await
}

use std::sync::Arc;

use axum::extract::{Extension, State};
use crystallum_api::{Code, Login};

use crate::app::state::App;
use crate::auth::proof;
use crate::http::controllers::sign_in::{SignedIn, sign_in};
use crate::http::error::{ApiResult, run_to_completion};
use crate::http::extract::Body;
use crate::http::layers::client::ClientNetwork;

/// Opens a session for the account whose passkey signed the challenge.
pub(crate) async fn login(
    State(app): State<Arc<App>>,
    Extension(ClientNetwork(network)): Extension<ClientNetwork>,
    Body(login): Body<Login>,
) -> ApiResult<SignedIn> {
    run_to_completion(async move {
        let counted = proof::precheck_passkey(&app, &login, network).await?;
        if counted.is_none() {
            return Err(Code::CredentialRejected.into());
        }
        let mut write = app.database.begin_write().await?;
        let account = proof::verify_passkey(&app, &mut write, &login, network, counted).await?;
        sign_in(&app, write, account, Code::CredentialRejected).await
    })
    .await
}

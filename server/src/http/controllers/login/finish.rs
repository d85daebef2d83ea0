use std::sync::Arc;

use axum::extract::{Extension, State};
use crystallum_api::{Code, Login};

use crate::app::state::App;
use crate::auth::proof;
use crate::http::controllers::sign_in::{SignedIn, sign_in};
use crate::http::error::{ApiResult, run_to_completion};
use crate::http::extract::Body;
use crate::http::layers::client::ClientNetwork;
use crate::vault::places::Writer;

/// Opens a session for the account whose passkey signed the challenge.
pub(crate) async fn login(
    State(app): State<Arc<App>>,
    Extension(ClientNetwork(network)): Extension<ClientNetwork>,
    Body(login): Body<Login>,
) -> ApiResult<SignedIn> {
    let Some(held) = proof::precheck_passkey(&app, &login, network).await? else {
        return Err(Code::CredentialRejected.into());
    };
    let place = app.turns.place(Writer::Owner(held.account))?;
    let mut write = app.database.begin_write().await?;
    run_to_completion(async move {
        let _place = place;
        let counted = Some(held.counted);
        let account = proof::verify_passkey(&app, &mut write, &login, network, counted).await?;
        sign_in(&app, write, account, Code::CredentialRejected).await
    })
    .await
}

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderName, HeaderValue, header};
use crystallum_api::{Code, Committed, CreateAccount, Endpoint, Id, RecoveryVerifier, SignUp};
use crystallum_format::keyslot::SlotKind;
use webauthn_rs::prelude::Passkey;

use crate::app::state::App;
use crate::auth::ceremonies::answered::Completed;
use crate::auth::ceremonies::{Ceremony, Kind};
use crate::auth::invites::hash_code;
use crate::auth::recovery::is_verifier;
use crate::auth::{proof, session};
use crate::http::error::{ApiResult, run_to_completion};
use crate::http::extract::Body;
use crate::http::layers::client::ClientNetwork;
use crate::store::recovery::NewVerifier;
use crate::store::writer::WriteTransaction;
use crate::store::{accounts, credentials, invites, recovery};
use crate::vault::disk_quota::Need;
use crate::vault::methods::added_method;
use crate::vault::places::Writer;
use crate::vault::rules;
use crate::vault::write::{apply_commit, fingerprint};

type CreatedResponse = ([(HeaderName, HeaderValue); 1], Json<Committed>);

/// Creates an account with its passkey, recovery code, genesis commit, and session in one
/// transaction.
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    Extension(ClientNetwork(network)): Extension<ClientNetwork>,
    Body(request): Body<CreateAccount>,
) -> ApiResult<CreatedResponse> {
    if app.sign_up == SignUp::Closed {
        return Err(Code::SignUpClosed.into());
    }
    if request.commit.expected_counter != 0 {
        return Err(Code::BadRequest.into());
    }
    rules::check(request.account, &request.commit, Endpoint::CreateAccount)?;
    if request.recovery.as_ref().is_some_and(|recovery| !is_verifier(recovery)) {
        return Err(Code::BadRequest.into());
    }
    let fingerprint = fingerprint(&request)?;
    let place = app.turns.place(Writer::NewAccount)?;
    let guard = Arc::clone(&app.account_creation).lock_owned().await;
    let ceremony = app.ceremonies.find(app.clock.monotonic(), Kind::Registration, request.ceremony);
    let challenge = match ceremony {
        Some(Ceremony::Open(challenge)) => challenge,
        Some(Ceremony::Completed(completed)) if completed.request == fingerprint => {
            let write = app.database.begin_write().await?;
            return run_to_completion(async move {
                let _held = (place, guard);
                repeat_response(&app, write, completed.account, completed.response).await
            })
            .await;
        }
        _ => return Err(Code::CeremonyUnknown.into()),
    };
    app.disk_quota.check(Need::NewAccount)?;
    if accounts::is_being_deleted(&mut *app.database.reader().await?, request.account).await? {
        // The id is free again when the rest of the deleted account is gone.
        return Err(Code::Unavailable.into());
    }
    // The code is checked first, so that a mistyped one does not consume the new passkey.
    let invitation = check_invitation(&app, request.invite.as_deref()).await?;
    let Ok(passkey) = app.passkeys.finish_registration(&request.credential, &challenge) else {
        proof::answer_registration(&app, request.ceremony, network)?;
        return Err(Code::CredentialRejected.into());
    };
    let write = app.database.begin_write().await?;
    run_to_completion(async move {
        let _held = (place, guard);
        let (ceremony, account) = (request.ceremony, request.account);
        let (cookie, committed) = store_account(&app, write, request, &passkey, invitation).await?;
        // Whoever has made an account has a known credential, so there is room for the answer.
        let completed = Completed { account, request: fingerprint, response: committed.clone() };
        app.ceremonies.complete(app.clock.monotonic(), ceremony, network, completed);
        Ok(([(header::SET_COOKIE, cookie)], Json(committed)))
    })
    .await
}

async fn store_account(
    app: &App,
    mut write: WriteTransaction,
    request: CreateAccount,
    passkey: &Passkey,
    invitation: Option<[u8; 32]>,
) -> ApiResult<(HeaderValue, Committed)> {
    let now = app.clock.unix();
    if !accounts::insert(&mut write, request.account, now).await? {
        return Err(Code::AccountExists.into());
    }
    let changes = &request.commit.changes;
    let method = added_method(changes, SlotKind::Passkey)?;
    if !credentials::insert(&mut write, request.account, method, passkey, now).await? {
        return Err(Code::CredentialRejected.into());
    }
    if let Some(code) = invitation
        && !invites::consume(&mut write, &code, now).await?
    {
        return Err(Code::InviteRejected.into());
    }
    if let Some(RecoveryVerifier { lookup_hash, verifier }) = &request.recovery {
        let method = added_method(changes, SlotKind::RecoveryCode)?;
        let (lookup_hash, key) = (lookup_hash.as_slice(), verifier.as_slice());
        let new = NewVerifier { method, lookup_hash, key };
        if !recovery::insert(&mut write, request.account, new, now).await? {
            return Err(Code::BadRequest.into());
        }
    }
    let place = app.states.nothing(request.account);
    let applied = apply_commit(app, &mut write, request.account, request.commit, place).await?;
    let cookie = session::open_session(&mut write, app, request.account).await?;
    write.commit().await?;
    Ok((cookie, applied.finish(app)))
}

/// Repeats the response to an earlier request, with a new session.
async fn repeat_response(
    app: &App,
    mut write: WriteTransaction,
    account: Id,
    response: Committed,
) -> ApiResult<CreatedResponse> {
    if accounts::find(&mut write, account).await?.is_none() {
        return Err(Code::CeremonyUnknown.into());
    }
    let cookie = session::open_session(&mut write, app, account).await?;
    write.commit().await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(response)))
}

/// Returns the hash of a valid invitation code, if the server requires one.
async fn check_invitation(app: &App, code: Option<&str>) -> ApiResult<Option<[u8; 32]>> {
    if app.sign_up != SignUp::Invite {
        return Ok(None);
    }
    let code = hash_code(code.ok_or(Code::InviteRejected)?);
    let open = invites::is_open(&mut *app.database.reader().await?, &code).await?;
    if open { Ok(Some(code)) } else { Err(Code::InviteRejected.into()) }
}

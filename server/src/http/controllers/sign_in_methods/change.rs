use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use crystallum_api::{
    ChangeSignInMethods, Code, Committed, Endpoint, Id, NewPasskey, Proof, RecoveryVerifier,
};
use crystallum_format::head::SignedHead;
use crystallum_format::keyslot::SlotKind;
use crystallum_format::leaf::{Leaf, LeafId, blob_hash};
use crystallum_format::recovery_login::Purpose;
use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::auth::attempts::CountedBy;
use crate::auth::proof;
use crate::auth::recovery::is_verifier;
use crate::auth::session::Authenticated;
use crate::http::error::{ApiResult, run_to_completion};
use crate::http::extract::Body;
use crate::http::layers::client::ClientNetwork;
use crate::store::recovery::NewVerifier;
use crate::store::writer::WriteTransaction;
use crate::store::{credentials, leaves, recovery, sessions};
use crate::vault::methods::{added_method, lacking_methods, removed_methods};
use crate::vault::restored::is_after_restore;
use crate::vault::states::Prepared;
use crate::vault::write::{apply_commit, find_earlier_result};
use crate::vault::{rules, successor};

/// Changes the sign-in methods on the server and in the vault, together or not at all.
pub(crate) async fn change(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    Extension(ClientNetwork(network)): Extension<ClientNetwork>,
    Body(request): Body<ChangeSignInMethods>,
) -> ApiResult<Json<Committed>> {
    rules::check(auth.account, &request.commit, Endpoint::ChangeSignInMethods)?;
    let verifier = request.set_recovery.as_ref();
    if verifier.is_some_and(|new| !is_verifier(new)) || (verifier.is_some() && request.remove_recovery) {
        return Err(Code::BadRequest.into());
    }
    let account = auth.account;
    if request.add_passkey.is_some() {
        added_method(&request.commit.changes, SlotKind::Passkey)?;
    }
    if verifier.is_some() {
        added_method(&request.commit.changes, SlotKind::RecoveryCode)?;
    }
    // A repeated request needs no new proof, and a commit that cannot succeed does not consume one.
    let mut reader = app.database.reader().await?;
    if let Some(committed) = find_earlier_result(&mut reader, account, &request.commit).await? {
        return Ok(Json(committed));
    }
    drop(reader);
    let purpose = Purpose::ChangeSignInMethods;
    let counted = match proof::precheck(&app, (account, network), &request.proof, purpose).await {
        Ok(counted) => Some(counted),
        // An earlier request with the same commit may be under way, and have used up the challenge.
        Err(refused) if refused.code() == Code::CeremonyUnknown => None,
        Err(refused) => return Err(refused),
    };
    let turn = match counted {
        Some(_) => app.turns.of_owner(account).await?,
        None => app.turns.of_session(account, auth.token).await?,
    };
    let prepared = successor::prepare(&app, account).await?;
    let write = app.database.begin_write().await?;
    run_to_completion(async move {
        let _turn = turn;
        apply(&app, (write, prepared), (&auth, network), counted, request).await.map(Json)
    })
    .await
}

async fn apply(
    app: &App,
    (mut write, prepared): (WriteTransaction, Prepared),
    (auth, network): (&Authenticated, IpAddr),
    counted: Option<CountedBy>,
    request: ChangeSignInMethods,
) -> ApiResult<Committed> {
    let ChangeSignInMethods { proof, add_passkey, remove_passkey, set_recovery, remove_recovery, commit } =
        request;
    let account = auth.account;
    if let Some(committed) = find_earlier_result(&mut write, account, &commit).await? {
        return Ok(committed);
    }
    let purpose = Purpose::ChangeSignInMethods;
    proof::check(app, &mut write, (account, network), (&proof, counted), purpose).await?;
    // The device that signs the change is the one that the code or the vault has signed for.
    let signed_for = match &proof {
        Proof::Passkey(_) => None,
        Proof::Recovery(login) => Some(login.device_key_hash.as_slice().to_vec()),
        Proof::Vault(proof) => {
            let state = prepared.state().ok_or(Code::Unavailable)?;
            let lacks = !lacking_methods(&mut write, account, state).await?.is_empty();
            if !lacks || !is_after_restore(app, &mut write).await? {
                return Err(Code::ProofRejected.into());
            }
            Some(blob_hash(proof.device_key.as_slice()).to_vec())
        }
    };
    if let Some(signed_for) = signed_for {
        let device = writer_key_hash(&mut write, account, commit.head.as_slice()).await?;
        if device.as_ref().map(<[u8; 32]>::as_slice) != Some(signed_for.as_slice()) {
            return Err(Code::ProofRejected.into());
        }
    }
    // What signs in with a method goes with it, whatever the client names.
    let removed = removed_methods(&mut write, account, &commit.changes).await?;
    for method in &removed {
        credentials::delete_of_method(&mut write, account, *method).await?;
        recovery::delete_of_method(&mut write, account, *method).await?;
    }
    if let Some(new) = add_passkey {
        let method = added_method(&commit.changes, SlotKind::Passkey)?;
        register_passkey(app, (account, network), &mut write, method, &new).await?;
    }
    // What is to be removed and was never here is no reason to keep a method in the vault: its
    // keyslots may name a credential that no server has registered.
    if let Some(id) = &remove_passkey {
        credentials::delete(&mut write, account, id.as_slice()).await?;
    }
    let mut replaced = false;
    if remove_recovery || set_recovery.is_some() {
        replaced = recovery::delete(&mut write, account).await?;
    }
    if let Some(RecoveryVerifier { lookup_hash, verifier }) = set_recovery {
        let method = added_method(&commit.changes, SlotKind::RecoveryCode)?;
        let (lookup_hash, key) = (lookup_hash.as_slice(), verifier.as_slice());
        let new = NewVerifier { method, lookup_hash, key };
        ensure(recovery::insert(&mut write, account, new, app.clock.unix()).await?)?;
    }
    // An account must keep at least one sign-in method.
    ensure(credentials::exists(&mut write, account).await? || recovery::exists(&mut write, account).await?)?;
    let applied = apply_commit(app, &mut write, account, commit, prepared).await?;
    if !removed.is_empty() || remove_passkey.is_some() || replaced {
        sessions::delete_others(&mut write, account, &auth.token).await?;
        app.vault_sessions.end_others(account, &auth.token);
    }
    write.commit().await?;
    Ok(applied.finish(app))
}

async fn register_passkey(
    app: &App,
    (account, network): (Id, IpAddr),
    write: &mut SqliteConnection,
    method: Id,
    new: &NewPasskey,
) -> ApiResult<()> {
    let challenge = proof::answer_registration(app, new.ceremony, network)?;
    let passkey = app
        .passkeys
        .finish_registration(&new.credential, &challenge)
        .map_err(|_| Code::CredentialRejected)?;
    let now = app.clock.unix();
    if credentials::insert(write, account, method, &passkey, now).await? {
        Ok(())
    } else {
        Err(Code::CredentialRejected.into())
    }
}

/// Returns the SHA-256 of the key of the device that a head names as its writer, if it is a device
/// of the vault.
async fn writer_key_hash(
    conn: &mut SqliteConnection,
    account: Id,
    head: &[u8],
) -> ApiResult<Option<[u8; 32]>> {
    let head = SignedHead::from_bytes(head).map_err(|_| Code::BadRequest)?;
    Ok(match leaves::find(conn, account, LeafId::Device(head.body().writer)).await? {
        Some(Leaf::Device(device)) => Some(blob_hash(&device.key)),
        _ => None,
    })
}

fn ensure(holds: bool) -> ApiResult<()> {
    if holds { Ok(()) } else { Err(Code::BadRequest.into()) }
}

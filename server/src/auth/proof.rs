//! Proofs that the owner is present: a passkey assertion or a signature by the recovery code.

use crystallum_api::{Code, Id, Login, Proof, RecoveryLogin};
use crystallum_format::recovery_login::Purpose;
use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::auth::ceremonies::Ceremony;
use crate::auth::passkeys::Passkeys;
use crate::auth::recovery::Attempt;
use crate::http::error::ApiResult;
use crate::store::{credentials, recovery};

/// Rejects a proof that is not of this account and for this purpose. The proof's ceremony is
/// consumed in any case.
pub(crate) async fn check(
    app: &App,
    conn: &mut SqliteConnection,
    account: Id,
    proof: &Proof,
    purpose: Purpose,
) -> ApiResult<()> {
    let owner = match proof {
        Proof::Passkey(login) => verify_passkey(app, conn, login).await?,
        Proof::Recovery(login) => verify_recovery(app, conn, login, purpose).await?,
    };
    if owner == Some(account) { Ok(()) } else { Err(Code::ProofRejected.into()) }
}

/// Returns the account whose passkey signed the challenge. An unknown account, an unknown passkey,
/// and another account's passkey are indistinguishable.
pub(crate) async fn verify_passkey(
    app: &App,
    conn: &mut SqliteConnection,
    login: &Login,
) -> ApiResult<Option<Id>> {
    let ceremony = app.ceremonies.take(app.clock.monotonic(), login.ceremony);
    let Some(Ceremony::Login(state)) = ceremony else { return Err(Code::CeremonyUnknown.into()) };
    let Ok(account) = Passkeys::claimed_account(&login.credential) else { return Ok(None) };
    let id = login.credential.raw_id.as_slice();
    let Some(passkey) = credentials::find(conn, account, id).await? else { return Ok(None) };
    let Ok(changed) = app.passkeys.finish_login(&login.credential, *state, passkey) else { return Ok(None) };
    if let Some(passkey) = changed {
        credentials::update(conn, &passkey).await?;
    }
    Ok(Some(account))
}

/// Returns the account whose recovery code signed the nonce. An unknown code and a wrong signature
/// are indistinguishable.
pub(crate) async fn verify_recovery(
    app: &App,
    conn: &mut SqliteConnection,
    login: &RecoveryLogin,
    purpose: Purpose,
) -> ApiResult<Option<Id>> {
    let attempt = Attempt::try_from(login)?;
    let ceremony = app.ceremonies.take(app.clock.monotonic(), login.ceremony);
    let Some(Ceremony::Recovery(nonce)) = ceremony else { return Err(Code::CeremonyUnknown.into()) };
    let verifier = recovery::find(conn, &attempt.lookup_hash).await?;
    let key = verifier.as_ref().map(|verifier| verifier.key.as_slice());
    let holds = attempt.is_valid(key, &app.host, &nonce, purpose);
    Ok(verifier.filter(|_| holds).map(|verifier| verifier.account))
}

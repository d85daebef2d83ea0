//! Proofs that the owner is present: a passkey assertion or a signature by the recovery code.

use std::net::IpAddr;

use crystallum_api::{Code, Id, Login, Proof, RecoveryLogin};
use crystallum_format::recovery_login::Purpose;
use sqlx::SqliteConnection;
use webauthn_rs::prelude::Passkey;

use crate::app::state::App;
use crate::auth::attempts::{CountedBy, Prechecked, answer, count, count_false, open_challenge};
use crate::auth::ceremonies::Kind;
use crate::auth::passkeys::Passkeys;
use crate::auth::recovery::Attempt;
use crate::auth::vault_key;
use crate::http::error::ApiResult;
use crate::store::{credentials, recovery};

/// Rejects a proof that is not of this account and for this purpose. The proof's ceremony is
/// consumed in any case. `counted` says how the proof was counted, if it was.
pub(crate) async fn check(
    app: &App,
    conn: &mut SqliteConnection,
    (account, network): (Id, IpAddr),
    (proof, counted): (&Proof, Option<CountedBy>),
    purpose: Purpose,
) -> ApiResult<()> {
    let owner = match proof {
        Proof::Passkey(login) => verify_passkey(app, conn, login, network, counted).await?,
        Proof::Recovery(login) => verify_recovery(app, conn, login, purpose, network, counted).await?,
        Proof::Vault(_) if purpose != Purpose::ChangeSignInMethods => None,
        Proof::Vault(proof) => match counted {
            Some(counted) => {
                vault_key::use_up(app, proof, network, counted)?;
                Some(account)
            }
            None => vault_key::verify(app, (account, network), proof).await?.map(|_| account),
        },
    };
    if owner == Some(account) { Ok(()) } else { Err(Code::ProofRejected.into()) }
}

/// Does the same without the connection that writes, and without its account's turn: whoever can
/// prove nothing must not keep the account's owner waiting. The ceremony is consumed only if the
/// proof is rejected. Returns how the proof was counted.
pub(crate) async fn precheck(
    app: &App,
    (account, network): (Id, IpAddr),
    proof: &Proof,
    purpose: Purpose,
) -> ApiResult<CountedBy> {
    let (kind, ceremony, held) = match proof {
        Proof::Passkey(login) => (Kind::Login, login.ceremony, precheck_passkey(app, login, network).await?),
        Proof::Recovery(login) => {
            (Kind::Recovery, login.ceremony, precheck_recovery(app, login, purpose, network).await?)
        }
        Proof::Vault(_) if purpose != Purpose::ChangeSignInMethods => {
            return Err(Code::ProofRejected.into());
        }
        Proof::Vault(proof) => {
            let held = vault_key::precheck(app, (account, network), proof).await?;
            (Kind::Vault, proof.ceremony, held.map(|(_, held)| held))
        }
    };
    match held {
        Some(held) if held.account == account => return Ok(held.counted),
        Some(held) => {
            answer(app, kind, ceremony, network, held.counted)?;
        }
        None => {}
    }
    Err(Code::ProofRejected.into())
}

/// Returns whose assertion it is and how it was counted if it verifies, without the connection that
/// writes: whoever has no passkey of this server must not keep others from writing. Uses up the
/// challenge if it does not.
pub(crate) async fn precheck_passkey(
    app: &App,
    login: &Login,
    network: IpAddr,
) -> ApiResult<Option<Prechecked>> {
    let challenge = open_challenge(app, Kind::Login, login.ceremony)?;
    let looking_up = app.limits.look_up().await;
    let (account, passkey) = find_passkey(&mut *app.database.reader().await?, login).await?;
    drop(looking_up);
    let counted = count(app, passkey.as_ref().map(|_| account), network)?;
    if app.passkeys.finish_login(&login.credential, &challenge, passkey).is_ok() {
        return Ok(Some(Prechecked { account, counted }));
    }
    answer(app, Kind::Login, login.ceremony, network, counted)?;
    count_false(app, counted, network).map(|()| None)
}

/// Does the same as [`precheck_passkey`] for a recovery code's signature.
pub(crate) async fn precheck_recovery(
    app: &App,
    login: &RecoveryLogin,
    purpose: Purpose,
    network: IpAddr,
) -> ApiResult<Option<Prechecked>> {
    let attempt = Attempt::try_from(login)?;
    let nonce = open_challenge(app, Kind::Recovery, login.ceremony)?;
    let looking_up = app.limits.look_up().await;
    let verifier = recovery::find(&mut *app.database.reader().await?, &attempt.lookup_hash).await?;
    drop(looking_up);
    let account = verifier.as_ref().map(|verifier| verifier.account);
    let counted = count(app, account, network)?;
    let key = verifier.as_ref().map(|verifier| verifier.key.as_slice());
    if attempt.is_valid(key, &app.host, &nonce, purpose) {
        return Ok(account.map(|account| Prechecked { account, counted }));
    }
    answer(app, Kind::Recovery, login.ceremony, network, counted)?;
    count_false(app, counted, network).map(|()| None)
}

/// Returns the account whose passkey signed the challenge. An unknown account, an unknown passkey,
/// and another account's passkey are indistinguishable, also by the work that they cause, as long
/// as the network has room for false proofs. `counted` says how the proof was counted, if it was.
pub(crate) async fn verify_passkey(
    app: &App,
    conn: &mut SqliteConnection,
    login: &Login,
    network: IpAddr,
    counted: Option<CountedBy>,
) -> ApiResult<Option<Id>> {
    open_challenge(app, Kind::Login, login.ceremony)?;
    let (account, passkey) = find_passkey(conn, login).await?;
    let known = passkey.as_ref().map(|_| account);
    let counted = counted.map_or_else(|| count(app, known, network), Ok)?;
    let challenge = answer(app, Kind::Login, login.ceremony, network, counted)?;
    let Ok(changed) = app.passkeys.finish_login(&login.credential, &challenge, passkey) else {
        return count_false(app, counted, network).map(|()| None);
    };
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
    network: IpAddr,
    counted: Option<CountedBy>,
) -> ApiResult<Option<Id>> {
    let attempt = Attempt::try_from(login)?;
    open_challenge(app, Kind::Recovery, login.ceremony)?;
    let verifier = recovery::find(conn, &attempt.lookup_hash).await?;
    let known = verifier.as_ref().map(|verifier| verifier.account);
    let counted = counted.map_or_else(|| count(app, known, network), Ok)?;
    let nonce = answer(app, Kind::Recovery, login.ceremony, network, counted)?;
    let key = verifier.as_ref().map(|verifier| verifier.key.as_slice());
    if attempt.is_valid(key, &app.host, &nonce, purpose) {
        return Ok(known);
    }
    count_false(app, counted, network).map(|()| None)
}

/// Uses up the challenge of a ceremony for a new passkey, and returns it.
pub(crate) fn answer_registration(app: &App, ceremony: Id, network: IpAddr) -> ApiResult<[u8; 32]> {
    answer(app, Kind::Registration, ceremony, network, CountedBy::Network)
}

/// Returns the account that an assertion claims to belong to, and its passkey with the assertion's
/// id, if it has that.
async fn find_passkey(conn: &mut SqliteConnection, login: &Login) -> ApiResult<(Id, Option<Passkey>)> {
    // A handle that is no id is looked up like any other.
    let claimed = Passkeys::claimed_account(&login.credential);
    let account = claimed.as_ref().copied().unwrap_or(Id([0; 16]));
    let passkey = credentials::find(conn, account, login.credential.raw_id.as_slice()).await?;
    Ok((account, passkey.filter(|_| claimed.is_ok())))
}

//! Verification of signatures by the vault's key and a device's (FORMAT.md, section 7.8), with
//! which a device signs in where the server has lost its passkey.
//!
//! Whoever has no vault key makes the server look one account up and verify one signature, with a
//! body that is no larger than that of any other proof. Nothing of the vault is read before.

use std::net::IpAddr;

use crystallum_api::{Code, Id, VaultProof};
use crystallum_format::head::SignedHead;
use crystallum_format::ids::DeviceId;
use crystallum_format::state::VaultState;
use crystallum_format::vault_key::VaultVerifier;
use crystallum_format::vault_login::VaultLogin;
use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::auth::attempts::{CountedBy, Prechecked, answer, count, count_false, open_challenge};
use crate::auth::ceremonies::Kind;
use crate::auth::recovery::{PLACEHOLDER_KEY, to_array};
use crate::http::error::ApiResult;
use crate::store::{accounts, commits};

/// A device whose key, and whose vault's key, have signed a nonce of this server. Whether it is a
/// device of the vault is another question.
pub(crate) struct SignedBy {
    device: DeviceId,
    pub(crate) key: [u8; 65],
}

impl SignedBy {
    /// Returns whether it is a live device of a state.
    pub(crate) fn is_live_in(&self, state: &VaultState) -> bool {
        state.device(self.device).is_some_and(|leaf| leaf.key == self.key)
    }
}

/// A proof whose fields have the right lengths.
struct Attempt {
    by: SignedBy,
    by_vault: [u8; 64],
    by_device: [u8; 64],
}

impl TryFrom<&VaultProof> for Attempt {
    type Error = Code;

    fn try_from(proof: &VaultProof) -> Result<Self, Code> {
        let by =
            SignedBy { device: DeviceId::new(proof.device.0), key: to_array(proof.device_key.as_slice())? };
        Ok(Self {
            by,
            by_vault: to_array(proof.vault_signature.as_slice())?,
            by_device: to_array(proof.device_signature.as_slice())?,
        })
    }
}

impl Attempt {
    /// Returns whether both keys signed this attempt. Without a vault, a placeholder key is used so
    /// that the time taken does not reveal whether there is one.
    fn is_valid(&self, vault: Option<VaultVerifier>, host: &str, nonce: &[u8; 32]) -> bool {
        let key = vault.unwrap_or(VaultVerifier::from_bytes(PLACEHOLDER_KEY));
        let message = VaultLogin { host, server_nonce: nonce, device_key: &self.by.key };
        message.is_signed_by(&key, (&self.by_vault, &self.by_device)) && vault.is_some()
    }
}

/// Returns who signed the nonce if both signatures verify, and uses the nonce up. An unknown
/// account and a wrong signature are indistinguishable.
pub(crate) async fn verify(
    app: &App,
    (account, network): (Id, IpAddr),
    proof: &VaultProof,
) -> ApiResult<Option<SignedBy>> {
    match precheck(app, (account, network), proof).await? {
        Some((signed_by, held)) => {
            answer(app, Kind::Vault, proof.ceremony, network, held.counted)?;
            Ok(Some(signed_by))
        }
        None => Ok(None),
    }
}

/// Does the same, and uses the nonce up only if the signatures do not verify.
pub(super) async fn precheck(
    app: &App,
    (account, network): (Id, IpAddr),
    proof: &VaultProof,
) -> ApiResult<Option<(SignedBy, Prechecked)>> {
    let attempt = Attempt::try_from(proof)?;
    let nonce = open_challenge(app, Kind::Vault, proof.ceremony)?;
    let looking_up = app.limits.look_up().await;
    let vault = vault_key(&mut *app.database.reader().await?, account).await?;
    drop(looking_up);
    let counted = count(app, vault.map(|_| account), network)?;
    if attempt.is_valid(vault, &app.host, &nonce) {
        return Ok(Some((attempt.by, Prechecked { account, counted })));
    }
    answer(app, Kind::Vault, proof.ceremony, network, counted)?;
    count_false(app, counted, network).map(|()| None)
}

/// Uses the nonce of a proof up that held a moment ago. The vault's key never changes, so that the
/// signatures need not be verified again.
pub(super) fn use_up(app: &App, proof: &VaultProof, network: IpAddr, counted: CountedBy) -> ApiResult<()> {
    answer(app, Kind::Vault, proof.ceremony, network, counted).map(|_| ())
}

/// Returns the key of an account's vault, as its newest head names it.
async fn vault_key(conn: &mut SqliteConnection, account: Id) -> ApiResult<Option<VaultVerifier>> {
    let Some(state) = accounts::find(conn, account).await? else { return Ok(None) };
    let head = commits::head(conn, account, state.counter).await?;
    let head = head.and_then(|head| SignedHead::from_bytes(&head).ok());
    Ok(head.map(|head| head.body().vault_key))
}

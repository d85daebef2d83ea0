//! Options of WebAuthn ceremonies. Only the challenge comes from the server.

use crystallum_core::{Scope, VaultId, prf_input};
use crystallum_messages::{self as messages, CeremonyReason, CreateOptions, GetOptions};

/// How long a ceremony may take, in milliseconds.
const TIMEOUT: u32 = 120_000;

/// The parameters of a new passkey.
pub(crate) struct NewPasskey<'a> {
    pub(crate) reason: CeremonyReason,
    pub(crate) vault: VaultId,
    /// The vault's name.
    pub(crate) name: &'a str,
    /// Credential ids of which the authenticator must not hold any.
    pub(crate) exclude: Vec<Vec<u8>>,
}

/// The roots whose keys the ceremony must return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WantedKeys {
    /// None: the signature is all that is needed.
    None,
    /// The root's key, which opens the vault.
    Root,
    /// The cold root's key, which opens wallets.
    Cold,
    /// Both, to wrap them for another sign-in method.
    Both,
}

pub(crate) fn create_options(rp_id: &str, challenge: &[u8], new: NewPasskey<'_>) -> CreateOptions {
    let NewPasskey { reason, vault, name, exclude } = new;
    CreateOptions {
        reason,
        rp_id: rp_id.to_owned(),
        challenge: challenge.to_vec(),
        vault: messages::VaultId(*vault.as_bytes()),
        name: name.to_owned(),
        exclude: exclude.into_iter().map(Into::into).collect(),
        algorithms: vec![-7, -257],
        prf_first: prf_input(Scope::Root).to_vec(),
        prf_second: prf_input(Scope::Cold).to_vec(),
        timeout: TIMEOUT,
    }
}

pub(crate) fn get_options(
    reason: CeremonyReason,
    rp_id: &str,
    challenge: &[u8],
    allow: Vec<Vec<u8>>,
    keys: WantedKeys,
) -> GetOptions {
    let (first, second) = match keys {
        WantedKeys::None => (None, None),
        WantedKeys::Root => (Some(Scope::Root), None),
        WantedKeys::Cold => (Some(Scope::Cold), None),
        WantedKeys::Both => (Some(Scope::Root), Some(Scope::Cold)),
    };
    let input = |scope| prf_input(scope).to_vec().into();
    GetOptions {
        reason,
        rp_id: rp_id.to_owned(),
        challenge: challenge.to_vec(),
        allow: allow.into_iter().map(Into::into).collect(),
        prf_first: first.map(input),
        prf_second: second.map(input),
        timeout: TIMEOUT,
    }
}

//! Options of WebAuthn ceremonies. Only the challenge comes from the server.

use std::collections::BTreeSet;

use crystallum_api as api;
use crystallum_core::{Entropy, Scope, VaultId};
use crystallum_messages::{
    self as messages, Asserted, CeremonyReason, CreateOptions, Failure, GetOptions, Prf, Refusal, Registered,
};

use crate::keys::convert::prf_input_bytes;

/// The shortest challenge that is accepted, in bytes.
const MIN_CHALLENGE: usize = 16;
/// How long a ceremony may take, in milliseconds.
const TIMEOUT: u32 = 120_000;
/// A challenge that expires sooner than this is not used any more, in milliseconds.
const MARGIN: u64 = 30_000;

/// A challenge of the server that has not been used yet.
#[derive(Clone, Debug)]
pub(crate) struct FreshChallenge {
    pub(crate) ceremony: api::Id,
    pub(crate) challenge: Vec<u8>,
    expires: u64,
}

impl FreshChallenge {
    pub(crate) fn is_fresh(&self, now: u64) -> bool {
        now < self.expires
    }
}

/// The challenges that this client has accepted, so that none is used twice.
#[derive(Default)]
pub(crate) struct SeenChallenges {
    seen: BTreeSet<Vec<u8>>,
}

impl SeenChallenges {
    /// Accepts a challenge unless it is too short, too long, or was seen before.
    pub(crate) fn accept(&mut self, challenge: api::Challenge, now: u64) -> Result<FreshChallenge, Failure> {
        let bytes = challenge.challenge.0;
        if !(MIN_CHALLENGE..=1024).contains(&bytes.len()) || !self.seen.insert(bytes.clone()) {
            return Err(Failure::StrangeAnswer);
        }
        let lifetime = u64::from(challenge.expires_in).saturating_mul(1000).saturating_sub(MARGIN);
        Ok(FreshChallenge {
            ceremony: challenge.ceremony,
            challenge: bytes,
            expires: now.saturating_add(lifetime),
        })
    }
}

/// Generates a challenge for a ceremony whose signature is not sent anywhere.
pub(crate) fn local_challenge(entropy: &mut impl Entropy) -> Vec<u8> {
    let mut challenge = vec![0; 32];
    entropy.fill(&mut challenge);
    challenge
}

/// The parameters of a new passkey.
pub(crate) struct NewPasskey<'a> {
    pub(crate) reason: CeremonyReason,
    pub(crate) vault: VaultId,
    /// The vault's name.
    pub(crate) name: &'a str,
    /// Credential ids of which the authenticator must not hold any.
    pub(crate) exclude: Vec<Vec<u8>>,
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
        prf_first: prf_input_bytes(Scope::Root),
        prf_second: prf_input_bytes(Scope::Cold),
        timeout: TIMEOUT,
    }
}

pub(crate) fn get_options(
    reason: CeremonyReason,
    rp_id: &str,
    challenge: &[u8],
    allow: Vec<Vec<u8>>,
) -> GetOptions {
    let input = |scope| Some(prf_input_bytes(scope).into());
    GetOptions {
        reason,
        rp_id: rp_id.to_owned(),
        challenge: challenge.to_vec(),
        allow: allow.into_iter().map(Into::into).collect(),
        prf_first: match reason {
            CeremonyReason::Renew => None,
            CeremonyReason::Wallet => input(Scope::Cold),
            _ => input(Scope::Root),
        },
        prf_second: if matches!(reason, CeremonyReason::Again | CeremonyReason::Confirm) {
            input(Scope::Cold)
        } else {
            None
        },
        timeout: TIMEOUT,
    }
}

/// Removes the PRF inputs, for a ceremony that needs no key.
pub(crate) fn without_prf(options: GetOptions) -> GetOptions {
    GetOptions { prf_first: None, prf_second: None, ..options }
}

/// Converts a registration to its wire form, which does not contain the PRF outputs.
pub(crate) fn registration_to_wire(registered: &Registered) -> api::Registration {
    api::Registration {
        raw_id: registered.raw_id.clone().into(),
        response: api::RegistrationResponse {
            attestation_object: registered.attestation_object.clone().into(),
            client_data_json: registered.client_data_json.clone().into(),
        },
        r#type: api::CredentialType::PublicKey,
    }
}

/// Converts an assertion to its wire form, which does not contain the PRF outputs.
pub(crate) fn assertion_to_wire(asserted: &Asserted) -> api::Assertion {
    api::Assertion {
        raw_id: asserted.raw_id.clone().into(),
        response: api::AssertionResponse {
            authenticator_data: asserted.authenticator_data.clone().into(),
            client_data_json: asserted.client_data_json.clone().into(),
            signature: asserted.signature.clone().into(),
            user_handle: asserted.user_handle.clone().into(),
        },
        r#type: api::CredentialType::PublicKey,
    }
}

/// Returns both PRF outputs, if the authenticator gave both.
pub(crate) fn both_outputs(prf: &Prf) -> Option<(&[u8], &[u8])> {
    Some((prf.first.as_deref()?, prf.second.as_deref()?))
}

pub(crate) fn map_refusal(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Cancelled => Failure::Cancelled,
        Refusal::Duplicate => Failure::PasskeyExists,
        Refusal::Unsupported => Failure::Unsupported,
        Refusal::Forbidden => Failure::Forbidden,
    }
}

//! Composing ceremonies: from the server comes the challenge alone.

use std::collections::BTreeSet;

use crystallum_api as api;
use crystallum_core::{Entropy, Scope, VaultId};
use crystallum_messages::{
    self as messages, Asserted, CreateOptions, Failure, GetOptions, Prf, Refusal, Registered, Touch,
};

use crate::convert::prf_input_bytes;

/// Shortest challenge that is used, in bytes.
const MIN_CHALLENGE: usize = 16;
/// How long a ceremony waits, in milliseconds.
const TIMEOUT: u32 = 120_000;
/// A challenge that expires sooner than this is fetched anew, in milliseconds.
const MARGIN: u64 = 30_000;

/// A challenge that may be used once.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    pub(crate) ceremony: api::Id,
    pub(crate) challenge: Vec<u8>,
    good_until: u64,
}

impl Ready {
    pub(crate) fn is_fresh(&self, now: u64) -> bool {
        now < self.good_until
    }
}

/// Refuses challenges that are short or that this client has used before.
#[derive(Default)]
pub(crate) struct Challenges {
    seen: BTreeSet<Vec<u8>>,
}

impl Challenges {
    pub(crate) fn accept(&mut self, challenge: api::Challenge, now: u64) -> Result<Ready, Failure> {
        let bytes = challenge.challenge.0;
        if !(MIN_CHALLENGE..=1024).contains(&bytes.len()) || !self.seen.insert(bytes.clone()) {
            return Err(Failure::StrangeAnswer);
        }
        let lifetime = u64::from(challenge.expires_in).saturating_mul(1000).saturating_sub(MARGIN);
        Ok(Ready { ceremony: challenge.ceremony, challenge: bytes, good_until: now.saturating_add(lifetime) })
    }
}

/// A challenge of this client's own, for a touch whose signature goes nowhere.
pub(crate) fn own_challenge(entropy: &mut impl Entropy) -> Vec<u8> {
    let mut challenge = vec![0; 32];
    entropy.fill(&mut challenge);
    challenge
}

/// For whom a passkey is made.
pub(crate) struct NewPasskey<'a> {
    pub(crate) touch: Touch,
    pub(crate) vault: VaultId,
    /// The vault's name.
    pub(crate) name: &'a str,
    /// Credential ids that an authenticator must not hold already.
    pub(crate) exclude: Vec<Vec<u8>>,
}

pub(crate) fn create_options(rp_id: &str, challenge: &[u8], new: NewPasskey<'_>) -> CreateOptions {
    let NewPasskey { touch, vault, name, exclude } = new;
    CreateOptions {
        touch,
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

pub(crate) fn get_options(touch: Touch, rp_id: &str, challenge: &[u8], allow: Vec<Vec<u8>>) -> GetOptions {
    let input = |scope| Some(prf_input_bytes(scope).into());
    GetOptions {
        touch,
        rp_id: rp_id.to_owned(),
        challenge: challenge.to_vec(),
        allow: allow.into_iter().map(Into::into).collect(),
        prf_first: match touch {
            Touch::Renew => None,
            Touch::Wallet => input(Scope::Cold),
            _ => input(Scope::Root),
        },
        prf_second: if matches!(touch, Touch::Again | Touch::Confirm) { input(Scope::Cold) } else { None },
        timeout: TIMEOUT,
    }
}

/// The same ceremony without any key: for a proof that needs none.
pub(crate) fn without_prf(options: GetOptions) -> GetOptions {
    GetOptions { prf_first: None, prf_second: None, ..options }
}

/// What is posted of a registration; the outputs of the extension have no place in it.
pub(crate) fn registration(registered: &Registered) -> api::Registration {
    api::Registration {
        raw_id: registered.raw_id.clone().into(),
        response: api::RegistrationResponse {
            attestation_object: registered.attestation_object.clone().into(),
            client_data_json: registered.client_data_json.clone().into(),
        },
        r#type: api::CredentialType::PublicKey,
    }
}

/// What is posted of an assertion; the outputs of the extension have no place in it.
pub(crate) fn assertion(asserted: &Asserted) -> api::Assertion {
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

/// Both outputs, when the authenticator gave both.
pub(crate) fn both(prf: &Prf) -> Option<(&[u8], &[u8])> {
    Some((prf.first.as_deref()?, prf.second.as_deref()?))
}

pub(crate) fn refusal(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Cancelled => Failure::Cancelled,
        Refusal::Duplicate => Failure::PasskeyExists,
        Refusal::Unsupported => Failure::Unsupported,
        Refusal::Forbidden => Failure::Forbidden,
    }
}

//! What the server verifies before it lets somebody in or changes the sign-in methods.

use crystallum_api as api;
use crystallum_core::{DeviceId, RecoveryCode, lookup_hash};
use crystallum_messages::{Asserted, Registered};

use crate::wire::answer::CeremonyId;

/// A passkey's answer to a challenge of the server.
#[derive(Clone, Copy)]
pub(crate) struct PasskeyProof<'a> {
    pub(crate) ceremony: CeremonyId,
    pub(crate) asserted: &'a Asserted,
}

impl PasskeyProof<'_> {
    /// Converts the proof to its wire form, which does not contain the PRF outputs.
    pub(super) fn to_wire(self) -> api::Login {
        let asserted = self.asserted;
        api::Login {
            ceremony: api::Id(self.ceremony.0),
            credential: api::Assertion {
                raw_id: asserted.raw_id.clone().into(),
                response: api::AssertionResponse {
                    authenticator_data: asserted.authenticator_data.clone().into(),
                    client_data_json: asserted.client_data_json.clone().into(),
                    signature: asserted.signature.clone().into(),
                    user_handle: asserted.user_handle.clone().into(),
                },
                r#type: api::CredentialType::PublicKey,
            },
        }
    }
}

/// A recovery code's signature over a challenge of the server.
#[derive(Clone, Copy)]
pub(crate) struct RecoveryProof {
    pub(crate) ceremony: CeremonyId,
    pub(crate) lookup: [u8; 16],
    pub(crate) client_nonce: [u8; 32],
    pub(crate) device_key_hash: [u8; 32],
    pub(crate) signature: [u8; 64],
}

impl RecoveryProof {
    pub(super) fn to_wire(self) -> api::RecoveryLogin {
        api::RecoveryLogin {
            ceremony: api::Id(self.ceremony.0),
            lookup: self.lookup.as_slice().into(),
            client_nonce: self.client_nonce.as_slice().into(),
            device_key_hash: self.device_key_hash.as_slice().into(),
            signature: self.signature.as_slice().into(),
        }
    }
}

/// Signatures by the vault's key and this device's over a nonce of the server.
#[derive(Clone, Copy)]
pub(crate) struct VaultProof {
    pub(crate) ceremony: CeremonyId,
    pub(crate) device: DeviceId,
    pub(crate) device_key: [u8; 65],
    pub(crate) by_vault: [u8; 64],
    pub(crate) by_device: [u8; 64],
}

impl VaultProof {
    pub(super) fn to_wire(self) -> api::VaultProof {
        api::VaultProof {
            ceremony: api::Id(self.ceremony.0),
            device: api::Id(*self.device.as_bytes()),
            device_key: self.device_key.as_slice().into(),
            vault_signature: self.by_vault.as_slice().into(),
            device_signature: self.by_device.as_slice().into(),
        }
    }
}

/// Proof that the owner of the vault is there.
#[derive(Clone, Copy)]
pub(crate) enum Proof<'a> {
    /// By a passkey of the vault.
    Passkey(PasskeyProof<'a>),
    /// By the vault's recovery code.
    Recovery(RecoveryProof),
    /// By the vault's key and this device's, while the server knows no sign-in method.
    Vault(VaultProof),
}

impl Proof<'_> {
    pub(super) fn to_wire(self) -> api::Proof {
        match self {
            Self::Passkey(proof) => api::Proof::Passkey(proof.to_wire()),
            Self::Recovery(proof) => api::Proof::Recovery(proof.to_wire()),
            Self::Vault(proof) => api::Proof::Vault(proof.to_wire()),
        }
    }
}

/// A passkey that was registered with a challenge of the server.
#[derive(Clone, Copy)]
pub(crate) struct NewCredential<'a> {
    pub(crate) ceremony: CeremonyId,
    pub(crate) registered: &'a Registered,
}

impl NewCredential<'_> {
    /// Converts the registration to its wire form, which does not contain the PRF outputs.
    pub(super) fn registration(self) -> api::Registration {
        let registered = self.registered;
        api::Registration {
            raw_id: registered.raw_id.clone().into(),
            response: api::RegistrationResponse {
                attestation_object: registered.attestation_object.clone().into(),
                client_data_json: registered.client_data_json.clone().into(),
            },
            r#type: api::CredentialType::PublicKey,
        }
    }
}

/// What the server stores for a recovery code, by which it recognises the code.
#[derive(Clone, Copy)]
pub(crate) struct RecoveryVerifier {
    lookup_hash: [u8; 32],
    verifier: [u8; 32],
}

impl RecoveryVerifier {
    pub(crate) fn of_code(code: &RecoveryCode) -> Self {
        Self { lookup_hash: lookup_hash(&code.lookup()), verifier: code.verifier() }
    }

    pub(super) fn to_wire(self) -> api::RecoveryVerifier {
        api::RecoveryVerifier {
            lookup_hash: self.lookup_hash.as_slice().into(),
            verifier: self.verifier.as_slice().into(),
        }
    }
}

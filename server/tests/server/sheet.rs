use crystallum_api::{Bytes, Challenge, RecoveryLogin, RecoveryVerifier};
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

use crate::browser::Browser;

/// The values derived from a recovery code.
pub(crate) struct Sheet {
    pub(crate) key: SigningKey,
    pub(crate) lookup: [u8; 16],
}

pub(crate) const SIGN_IN: u8 = 1;
pub(crate) const CHANGE_SIGN_IN_METHODS: u8 = 2;
pub(crate) const DELETE: u8 = 3;

impl Sheet {
    pub(crate) fn new(name: &str) -> Self {
        let key = SigningKey::from_bytes(&Sha256::digest(name).into());
        let lookup = Sha256::digest(format!("lookup of {name}")).first_chunk().copied().unwrap();
        Self { key, lookup }
    }

    /// Returns what the server stores of the code.
    pub(crate) fn verifier(&self) -> RecoveryVerifier {
        RecoveryVerifier {
            lookup_hash: Bytes(Sha256::digest(self.lookup).to_vec()),
            verifier: Bytes(self.key.verifying_key().to_bytes().to_vec()),
        }
    }

    /// Returns a valid request for this purpose.
    pub(crate) async fn login(&self, browser: &mut Browser, purpose: u8) -> RecoveryLogin {
        let challenge: Challenge = browser.post("/api/recovery/challenge").await.json();
        self.sign(&challenge, "localhost", purpose)
    }

    pub(crate) fn sign(&self, challenge: &Challenge, host: &str, purpose: u8) -> RecoveryLogin {
        let (client_nonce, device_key_hash) = ([0x33; 32], [0x44; 32]);
        let mut text = b"\x1bcrystallum/1/recovery/login\x01\x01\x05".to_vec();
        let mut field = |tag: u8, value: &[u8]| {
            text.extend_from_slice(&[tag, 0, u8::try_from(value.len()).unwrap()]);
            text.extend_from_slice(value);
        };
        field(1, host.as_bytes());
        field(2, challenge.challenge.as_slice());
        field(3, &client_nonce);
        field(4, &device_key_hash);
        field(5, &[purpose]);
        RecoveryLogin {
            ceremony: challenge.ceremony,
            lookup: Bytes(self.lookup.to_vec()),
            client_nonce: Bytes(client_nonce.to_vec()),
            device_key_hash: Bytes(device_key_hash.to_vec()),
            signature: Bytes(self.key.sign(&text).to_bytes().to_vec()),
        }
    }
}

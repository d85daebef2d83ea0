use crystallum_api::{Bytes, Challenge, Id, RecoveryLogin, RecoveryVerifier};
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

use crate::browser::Browser;
use crate::commits::{device_key, id};
use crate::format;

/// A recovery sheet, or rather the values derived from its code.
pub struct Sheet {
    /// The key whose public half the server knows.
    pub key: SigningKey,
    /// The lookup value by which the server finds the account.
    pub lookup: [u8; 16],
}

/// The purpose of a signature: signing in.
pub const SIGN_IN: u8 = 1;
/// The purpose of a signature: changing the sign-in methods.
pub const CHANGE_SIGN_IN_METHODS: u8 = 2;
/// The purpose of a signature: deleting the account.
pub const DELETE: u8 = 3;

impl Sheet {
    /// Returns the sheet that follows from a name.
    pub fn new(name: &str) -> Self {
        let key = SigningKey::from_bytes(&Sha256::digest(name).into());
        let lookup =
            Sha256::digest(format!("lookup of {name}")).first_chunk().copied().expect("a hash is longer");
        Self { key, lookup }
    }

    /// Returns what the server stores of the code.
    pub fn verifier(&self) -> RecoveryVerifier {
        RecoveryVerifier {
            lookup_hash: Bytes(Sha256::digest(self.lookup).to_vec()),
            verifier: Bytes(self.key.verifying_key().to_bytes().to_vec()),
        }
    }

    /// Returns a valid request for this purpose.
    pub async fn login(&self, browser: &Browser, purpose: u8) -> RecoveryLogin {
        let challenge: Challenge = browser.post("/api/recovery/challenge").await.json();
        self.sign(&challenge, "localhost", purpose)
    }

    /// Signs a challenge, for a server of this host name and the device of the genesis.
    pub fn sign(&self, challenge: &Challenge, host: &str, purpose: u8) -> RecoveryLogin {
        self.sign_for(id("device"), challenge, host, purpose)
    }

    /// Signs a challenge, for a server of this host name and a device.
    pub fn sign_for(&self, device: Id, challenge: &Challenge, host: &str, purpose: u8) -> RecoveryLogin {
        let public = device_key(device).verifying_key().to_sec1_point(false);
        let (client_nonce, device_key_hash) = ([0x33; 32], Sha256::digest(public.as_bytes()));
        let fields: [&[u8]; 5] =
            [host.as_bytes(), challenge.challenge.as_slice(), &client_nonce, &device_key_hash, &[purpose]];
        let text = format::encode("crystallum/1/recovery/login", &format::fields(&fields));
        RecoveryLogin {
            ceremony: challenge.ceremony,
            lookup: Bytes(self.lookup.to_vec()),
            client_nonce: Bytes(client_nonce.to_vec()),
            device_key_hash: Bytes(device_key_hash.to_vec()),
            signature: Bytes(self.key.sign(&text).to_bytes().to_vec()),
        }
    }
}

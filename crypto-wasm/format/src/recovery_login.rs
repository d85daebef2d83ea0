//! What a recovery code signs, and how the server finds its vault (FORMAT.md, section 4).

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::encoding::{Encoder, Malformed};
use crate::labels;
use crate::limits::{MAX_RP_ID, SERVER_NONCE};

/// The purpose of a signature by a recovery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Starting a session.
    SignIn,
    /// Adding or removing sign-in methods.
    ChangeSignInMethods,
    /// Deleting the vault.
    DeleteVault,
}

impl Purpose {
    /// Returns its number in the format.
    pub const fn number(self) -> u8 {
        match self {
            Self::SignIn => 1,
            Self::ChangeSignInMethods => 2,
            Self::DeleteVault => 3,
        }
    }
}

/// The message that a recovery code signs to authenticate to the server.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    /// The RP id of the page, never a host that an answer names.
    pub host: &'a str,
    /// The server's nonce, 16 to 64 bytes.
    pub server_nonce: &'a [u8],
    /// A fresh random nonce of the client.
    pub client_nonce: [u8; 32],
    /// SHA-256 of the device's public key, SEC1 uncompressed.
    pub device_key_hash: [u8; 32],
    /// The purpose of the signature.
    pub purpose: Purpose,
}

impl SignIn<'_> {
    /// Encodes the message. Returns [`Malformed`] if the host or the server's nonce exceeds its
    /// limits.
    pub fn message(&self) -> Result<Zeroizing<Vec<u8>>, Malformed> {
        if !(1..=MAX_RP_ID).contains(&self.host.len()) || !SERVER_NONCE.contains(&self.server_nonce.len()) {
            return Err(Malformed);
        }
        Ok(Encoder::new(labels::RECOVERY_LOGIN)
            .field(1, self.host.as_bytes())
            .field(2, self.server_nonce)
            .field(3, &self.client_nonce)
            .field(4, &self.device_key_hash)
            .field(5, &[self.purpose.number()])
            .finish())
    }
}

/// Returns the hash of a lookup value, which is what the server stores.
pub fn lookup_hash(lookup: &[u8; 16]) -> [u8; 32] {
    Sha256::digest(lookup).into()
}

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::VaultId;

/// A WebAuthn ceremony that the engine composed and the page runs, changing nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ceremony {
    /// `navigator.credentials.create()`.
    Create(CreateOptions),
    /// `navigator.credentials.get()`.
    Get(GetOptions),
}

/// Why the person is asked to touch; the page words it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Touch {
    /// A new vault's passkey is made.
    Create,
    /// The passkey was made and gives its key only when it is asked once more. The page explains and waits for a click.
    Again,
    /// A passkey of the vault confirms a change of the ways in, or the vault's end.
    Confirm,
    /// Another passkey is made, at once: the click was for it.
    NewPasskey,
    /// Another passkey is made after a passkey of the vault confirmed it. The page explains and waits for a click.
    NextPasskey,
    /// A wallet is split, rebuilt or refreshed.
    Wallet,
    /// The vault is opened.
    Unlock,
    /// The session at the server has ended while the vault is open.
    Renew,
}

/// Options of `create()`. User verification and a discoverable credential are required; attestation is `none`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateOptions {
    /// Why.
    pub touch: Touch,
    /// The exact host.
    pub rp_id: String,
    /// The server's challenge.
    #[serde(with = "serde_bytes")]
    pub challenge: Vec<u8>,
    /// The user handle.
    pub vault: VaultId,
    /// Name and display name of the passkey: the vault's name. It goes to the authenticator, never to the server.
    pub name: String,
    /// Credential ids that an authenticator must not hold already.
    pub exclude: Vec<serde_bytes::ByteBuf>,
    /// COSE algorithms in order of preference: -7 (ES256), -257 (RS256); the server verifies no others.
    pub algorithms: Vec<i64>,
    /// Input of the `prf` extension for the root.
    #[serde(with = "serde_bytes")]
    pub prf_first: Vec<u8>,
    /// Input of the `prf` extension for the cold root.
    #[serde(with = "serde_bytes")]
    pub prf_second: Vec<u8>,
    /// How long the page waits, in milliseconds.
    pub timeout: u32,
}

/// Options of `get()`. User verification is required.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetOptions {
    /// Why.
    pub touch: Touch,
    /// The exact host.
    pub rp_id: String,
    /// The challenge.
    #[serde(with = "serde_bytes")]
    pub challenge: Vec<u8>,
    /// Credential ids that may answer; empty for any passkey of this host.
    pub allow: Vec<serde_bytes::ByteBuf>,
    /// First input of the `prf` extension, when a key is wanted: for the root, or for the cold root when only that is wanted.
    pub prf_first: Option<serde_bytes::ByteBuf>,
    /// Second input, for the cold root when both are wanted.
    pub prf_second: Option<serde_bytes::ByteBuf>,
    /// How long the page waits, in milliseconds.
    pub timeout: u32,
}

/// What came of a ceremony.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// `get()` answered.
    Asserted(Asserted),
    /// There is no answer.
    Refused(Refusal),
    /// `create()` answered.
    Registered(Registered),
}

/// Why a ceremony gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The person cancelled, or time ran out; browsers do not say which (`NotAllowedError`).
    Cancelled,
    /// The authenticator already holds a passkey for this vault (`InvalidStateError`).
    Duplicate,
    /// This page may not use passkeys here (`SecurityError`).
    Forbidden,
    /// The browser or authenticator cannot do what was asked.
    Unsupported,
}

/// Answer of `create()`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The returned `rawId`.
    #[serde(with = "serde_bytes")]
    pub raw_id: Vec<u8>,
    /// `clientDataJSON` as the browser wrote it.
    #[serde(with = "serde_bytes")]
    pub client_data_json: Vec<u8>,
    /// `attestationObject`.
    #[serde(with = "serde_bytes")]
    pub attestation_object: Vec<u8>,
    /// Result of the `prf` extension.
    pub prf: Prf,
}

/// Answer of `get()`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asserted {
    /// The returned `rawId`.
    #[serde(with = "serde_bytes")]
    pub raw_id: Vec<u8>,
    /// `clientDataJSON` as the browser wrote it.
    #[serde(with = "serde_bytes")]
    pub client_data_json: Vec<u8>,
    /// `authenticatorData`.
    #[serde(with = "serde_bytes")]
    pub authenticator_data: Vec<u8>,
    /// The signature.
    #[serde(with = "serde_bytes")]
    pub signature: Vec<u8>,
    /// The user handle; a discoverable credential always returns it.
    #[serde(with = "serde_bytes")]
    pub user_handle: Vec<u8>,
    /// Result of the `prf` extension.
    pub prf: Prf,
}

/// Result of the `prf` extension (WebAuthn Level 3, section 10.1.4). Wiped when dropped, never printed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prf {
    /// Whether the authenticator has it; only `create()` says so.
    pub enabled: Option<bool>,
    /// Output for `prf_first`.
    pub first: Option<serde_bytes::ByteBuf>,
    /// Output for `prf_second`.
    pub second: Option<serde_bytes::ByteBuf>,
}

impl Drop for Prf {
    fn drop(&mut self) {
        for output in [&mut self.first, &mut self.second].into_iter().flatten() {
            output.as_mut_slice().zeroize();
        }
    }
}

impl std::fmt::Debug for Prf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prf").field("enabled", &self.enabled).finish_non_exhaustive()
    }
}

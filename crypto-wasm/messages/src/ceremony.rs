//! WebAuthn ceremonies, which the page runs for the engine.

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::ids::VaultId;

/// A WebAuthn ceremony that the page runs for the engine without changing its options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ceremony {
    /// Register a passkey with `navigator.credentials.create()`.
    Create(CreateOptions),
    /// Use a passkey with `navigator.credentials.get()`.
    Get(GetOptions),
}

/// The reason for a ceremony, which the page explains to the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CeremonyReason {
    /// The passkey of a new vault is registered.
    Create,
    /// The new passkey gives its PRF outputs only in a second ceremony. The page explains this and
    /// waits for a click.
    Again,
    /// A passkey of the vault confirms a change of the sign-in methods, or the deletion of the
    /// vault.
    Confirm,
    /// Another passkey is registered at once, since the user has just clicked for it.
    NewPasskey,
    /// Another passkey is registered after a passkey of the vault has confirmed it. The page
    /// explains this and waits for a click.
    NextPasskey,
    /// A wallet is split, rebuilt, reshared or purged.
    Wallet,
    /// The vault is opened.
    Unlock,
    /// The session is renewed after it has ended while the vault is open.
    Renew,
}

/// Options of `create()`. They also require user verification and a discoverable credential, with
/// the attestation `none`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateOptions {
    /// The reason for the ceremony.
    pub reason: CeremonyReason,
    /// The RP id, which is the exact host of the page.
    pub rp_id: String,
    /// The server's challenge.
    #[serde(with = "serde_bytes")]
    pub challenge: Vec<u8>,
    /// The vault, whose id is the user handle.
    pub vault: VaultId,
    /// The name and display name of the passkey, which is the vault's name. It is given to the
    /// authenticator only, never to the server.
    pub name: String,
    /// Credential ids of which the authenticator must not hold any.
    pub exclude: Vec<serde_bytes::ByteBuf>,
    /// The COSE algorithms in order of preference: -7 (ES256) and -257 (RS256). The server verifies
    /// no others.
    pub algorithms: Vec<i64>,
    /// The input of the `prf` extension for the root.
    #[serde(with = "serde_bytes")]
    pub prf_first: Vec<u8>,
    /// The input of the `prf` extension for the cold root.
    #[serde(with = "serde_bytes")]
    pub prf_second: Vec<u8>,
    /// How long the ceremony may take, in milliseconds.
    pub timeout: u32,
}

/// Options of `get()`. They also require user verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetOptions {
    /// The reason for the ceremony.
    pub reason: CeremonyReason,
    /// The RP id, which is the exact host of the page.
    pub rp_id: String,
    /// The challenge.
    #[serde(with = "serde_bytes")]
    pub challenge: Vec<u8>,
    /// The credential ids that may answer; empty for any passkey of this host.
    pub allow: Vec<serde_bytes::ByteBuf>,
    /// The first input of the `prf` extension, if a key is needed: for the root, or for the cold
    /// root if only that is needed.
    pub prf_first: Option<serde_bytes::ByteBuf>,
    /// The second input, for the cold root if both are needed.
    pub prf_second: Option<serde_bytes::ByteBuf>,
    /// How long the ceremony may take, in milliseconds.
    pub timeout: u32,
}

/// The outcome of a ceremony.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// `get()` succeeded.
    Asserted(Asserted),
    /// The ceremony failed.
    Refused(Refusal),
    /// `create()` succeeded.
    Registered(Registered),
}

/// Why a ceremony failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The user cancelled or the time ran out. Browsers do not report which (`NotAllowedError`).
    Cancelled,
    /// The authenticator already holds a passkey for this vault (`InvalidStateError`).
    Duplicate,
    /// Something went wrong that says nothing about what is supported.
    Fault(PasskeyFault),
    /// This page may not use passkeys here (`SecurityError`).
    Forbidden,
    /// The browser or the authenticator does not support what is needed.
    Unsupported,
}

/// What went wrong with a ceremony that could work another time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasskeyFault {
    /// The browser refused again at once, before anybody could have cancelled.
    AtOnce,
    /// Another ceremony is pending in this browser (`OperationError`).
    Busy,
    /// The authenticator, or what lies between it and the page, is in a bad state.
    Device,
    /// What was returned is not a credential, or lacks a part.
    Unreadable,
}

/// The result of `create()`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The returned `rawId`.
    #[serde(with = "serde_bytes")]
    pub raw_id: Vec<u8>,
    /// The `clientDataJSON` as the browser wrote it.
    #[serde(with = "serde_bytes")]
    pub client_data_json: Vec<u8>,
    /// The `attestationObject`.
    #[serde(with = "serde_bytes")]
    pub attestation_object: Vec<u8>,
    /// The result of the `prf` extension.
    pub prf: Prf,
}

/// The result of `get()`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asserted {
    /// The returned `rawId`.
    #[serde(with = "serde_bytes")]
    pub raw_id: Vec<u8>,
    /// The `clientDataJSON` as the browser wrote it.
    #[serde(with = "serde_bytes")]
    pub client_data_json: Vec<u8>,
    /// The `authenticatorData`.
    #[serde(with = "serde_bytes")]
    pub authenticator_data: Vec<u8>,
    /// The signature.
    #[serde(with = "serde_bytes")]
    pub signature: Vec<u8>,
    /// The user handle. It is empty if the authenticator omitted it.
    #[serde(with = "serde_bytes")]
    pub user_handle: Vec<u8>,
    /// The result of the `prf` extension.
    pub prf: Prf,
}

/// The result of the `prf` extension (WebAuthn Level 3, section 10.1.4). It is wiped when dropped
/// and not printed by `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prf {
    /// Whether the authenticator supports the extension. Only `create()` reports it.
    pub enabled: Option<bool>,
    /// The output for `prf_first`.
    pub first: Option<serde_bytes::ByteBuf>,
    /// The output for `prf_second`.
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

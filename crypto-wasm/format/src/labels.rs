//! Every label of the format. Labels are part of recorded bytes and never change; no other file
//! contains one. A label is public, so this crate also names the labels from which keys are
//! derived, although it derives no key itself.

/// The prefix of the message that a salt is computed from.
pub const SALT: &[u8] = b"crystallum/1/salt";
/// The prefix of the message that both signatures of a head cover.
pub const HEAD: &[u8] = b"crystallum/1/head";

/// The prefix of what the id of a copy is computed from.
pub const COPY: &[u8] = b"crystallum/1/copy";

/// The salt of the HKDF extraction from a recovery code.
pub const RECOVERY: &[u8] = b"crystallum/1/recovery";
/// The prefix of what the checksum in a recovery code's text covers.
pub const RECOVERY_CHECK: &[u8] = b"crystallum/1/recovery/check";
/// The label of the message that a recovery code signs.
pub const RECOVERY_LOGIN: &str = "crystallum/1/recovery/login";
/// The label of the message that a vault and a device sign where the server has lost passkeys.
pub const VAULT_LOGIN: &str = "crystallum/1/login/vault";

/// The input of the `prf` extension for the root, before hashing.
pub const PRF_ROOT: &[u8] = b"crystallum/1/prf/root";
/// The input of the `prf` extension for the cold root, before hashing.
pub const PRF_COLD: &[u8] = b"crystallum/1/prf/cold";

/// Derives the key from which the keys for both parts of a record derive.
pub const DERIVE_ITEMS: &str = "crystallum/1/derive/items";
/// Derives the key that seals overviews.
pub const DERIVE_OVERVIEW: &str = "crystallum/1/derive/overview";
/// Derives the key that seals secrets.
pub const DERIVE_SECRET: &str = "crystallum/1/derive/secret";
/// Derives the key that seals what a device keeps for itself.
pub const DERIVE_LOCAL: &str = "crystallum/1/derive/local";
/// Derives the vault's signing key.
pub const DERIVE_MANIFEST: &str = "crystallum/1/derive/manifest";
/// Derives the key that wraps a root for a passkey.
pub const DERIVE_KEYSLOT_PASSKEY: &str = "crystallum/1/derive/keyslot.passkey";
/// Derives the key that wraps a root for a recovery code.
pub const DERIVE_KEYSLOT_RECOVERY: &str = "crystallum/1/derive/keyslot.recovery";
/// Derives the value by which the server finds a recovery code's vault.
pub const DERIVE_RECOVERY_LOOKUP: &str = "crystallum/1/derive/recovery.lookup";
/// Derives a recovery code's signing key.
pub const DERIVE_RECOVERY_SIGN: &str = "crystallum/1/derive/recovery.sign";
/// Derives the key that seals the shares of one store.
pub const DERIVE_STORE_SHARE: &str = "crystallum/1/derive/store.share";
/// Derives the credential for one store.
pub const DERIVE_STORE_CREDENTIAL: &str = "crystallum/1/derive/store.credential";
/// Derives the key that seals a wallet's phrase.
pub const DERIVE_WALLET_PHRASE: &str = "crystallum/1/derive/wallet.phrase";

/// Seals an overview.
pub const SEAL_OVERVIEW: &str = "crystallum/1/seal/overview";
/// Seals a secret.
pub const SEAL_SECRET: &str = "crystallum/1/seal/secret";
/// Seals a root for a sign-in method.
pub const SEAL_KEYSLOT: &str = "crystallum/1/seal/keyslot";
/// Seals a wallet's phrase.
pub const SEAL_PHRASE: &str = "crystallum/1/seal/phrase";
/// Seals a share of a wallet's key.
pub const SEAL_SHARE: &str = "crystallum/1/seal/share";
/// Seals a draft.
pub const SEAL_DRAFT: &str = "crystallum/1/seal/draft";
/// Seals a snapshot of overviews.
pub const SEAL_SNAPSHOT: &str = "crystallum/1/seal/snapshot";

/// A keyslot of a passkey.
pub const KEYSLOT_PASSKEY: &str = "crystallum/1/keyslot/passkey";
/// A keyslot of a recovery code.
pub const KEYSLOT_RECOVERY: &str = "crystallum/1/keyslot/recovery";

/// The overview of an exchange key.
pub const EXCHANGE_KEY_OVERVIEW: &str = "crystallum/1/record/exchange-key.overview";
/// The secret of an exchange key.
pub const EXCHANGE_KEY_SECRET: &str = "crystallum/1/record/exchange-key.secret";
/// The overview of the vault's profile.
pub const PROFILE_OVERVIEW: &str = "crystallum/1/record/profile.overview";
/// The secret of the vault's profile: the roots of earlier key epochs, if there were any.
pub const PROFILE_SECRET: &str = "crystallum/1/record/profile.secret";
/// The overview of a sign-in method.
pub const SIGN_IN_METHOD_OVERVIEW: &str = "crystallum/1/record/sign-in-method.overview";
/// The secret of a sign-in method, which is empty.
pub const SIGN_IN_METHOD_SECRET: &str = "crystallum/1/record/sign-in-method.secret";
/// The overview of a device.
pub const DEVICE_OVERVIEW: &str = "crystallum/1/record/device.overview";
/// The secret of a device, which is empty.
pub const DEVICE_SECRET: &str = "crystallum/1/record/device.secret";
/// The overview of a wallet.
pub const WALLET_OVERVIEW: &str = "crystallum/1/record/wallet.overview";
/// The secret of a wallet.
pub const WALLET_SECRET: &str = "crystallum/1/record/wallet.secret";

/// The leaf of a record.
pub const LEAF_RECORD: &str = "crystallum/1/leaf/record";
/// The leaf of a deleted record.
pub const LEAF_TOMBSTONE: &str = "crystallum/1/leaf/tombstone";
/// The leaf of a keyslot.
pub const LEAF_KEYSLOT: &str = "crystallum/1/leaf/keyslot";
/// The leaf of a device.
pub const LEAF_DEVICE: &str = "crystallum/1/leaf/device";
/// The leaf of a share.
pub const LEAF_SHARE: &str = "crystallum/1/leaf/share";

/// The plaintext of a wallet's phrase.
pub const WALLET_PHRASE: &str = "crystallum/1/wallet/phrase";
/// Derives the value by which a rebuilt wallet key is recognised.
pub const SHARE_CHECK: &str = "crystallum/1/share/check";
/// The plaintext of a share.
pub const SHARE_VALUE: &str = "crystallum/1/share/value";
/// A share as its store holds it.
pub const SHARE_SEALED: &str = "crystallum/1/share/sealed";

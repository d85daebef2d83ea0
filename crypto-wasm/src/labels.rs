//! Every label of the format. Labels are part of recorded bytes and never change; no other file
//! contains one.

/// The prefix of the message that a salt is computed from.
pub(crate) const SALT: &[u8] = b"crystallum/1/salt";
/// The prefix of the message that both signatures of a head cover.
pub(crate) const HEAD: &[u8] = b"crystallum/1/head";

/// The salt of the HKDF extraction from a recovery code.
pub(crate) const RECOVERY: &[u8] = b"crystallum/1/recovery";
/// The prefix of what the checksum in a recovery code's text covers.
pub(crate) const RECOVERY_CHECK: &[u8] = b"crystallum/1/recovery/check";
/// The label of the message that a recovery code signs.
pub(crate) const RECOVERY_LOGIN: &str = "crystallum/1/recovery/login";

/// The input of the `prf` extension for the root, before hashing.
pub(crate) const PRF_ROOT: &[u8] = b"crystallum/1/prf/root";
/// The input of the `prf` extension for the cold root, before hashing.
pub(crate) const PRF_COLD: &[u8] = b"crystallum/1/prf/cold";

pub(crate) const DERIVE_ITEMS: &str = "crystallum/1/derive/items";
pub(crate) const DERIVE_OVERVIEW: &str = "crystallum/1/derive/overview";
pub(crate) const DERIVE_SECRET: &str = "crystallum/1/derive/secret";
pub(crate) const DERIVE_MANIFEST: &str = "crystallum/1/derive/manifest";
pub(crate) const DERIVE_KEYSLOT_PASSKEY: &str = "crystallum/1/derive/keyslot.passkey";
pub(crate) const DERIVE_KEYSLOT_RECOVERY: &str = "crystallum/1/derive/keyslot.recovery";
pub(crate) const DERIVE_RECOVERY_LOOKUP: &str = "crystallum/1/derive/recovery.lookup";
pub(crate) const DERIVE_RECOVERY_SIGN: &str = "crystallum/1/derive/recovery.sign";
pub(crate) const DERIVE_STORE_SHARE: &str = "crystallum/1/derive/store.share";
pub(crate) const DERIVE_STORE_CREDENTIAL: &str = "crystallum/1/derive/store.credential";
pub(crate) const DERIVE_WALLET_PHRASE: &str = "crystallum/1/derive/wallet.phrase";

pub(crate) const SEAL_OVERVIEW: &str = "crystallum/1/seal/overview";
pub(crate) const SEAL_SECRET: &str = "crystallum/1/seal/secret";
pub(crate) const SEAL_KEYSLOT: &str = "crystallum/1/seal/keyslot";
pub(crate) const SEAL_PHRASE: &str = "crystallum/1/seal/phrase";
pub(crate) const SEAL_SHARE: &str = "crystallum/1/seal/share";

pub(crate) const KEYSLOT_PASSKEY: &str = "crystallum/1/keyslot/passkey";
pub(crate) const KEYSLOT_RECOVERY: &str = "crystallum/1/keyslot/recovery";

pub(crate) const EXCHANGE_KEY_OVERVIEW: &str = "crystallum/1/record/exchange-key.overview";
pub(crate) const EXCHANGE_KEY_SECRET: &str = "crystallum/1/record/exchange-key.secret";
pub(crate) const PROFILE_OVERVIEW: &str = "crystallum/1/record/profile.overview";
pub(crate) const PROFILE_SECRET: &str = "crystallum/1/record/profile.secret";
pub(crate) const SIGN_IN_METHOD_OVERVIEW: &str = "crystallum/1/record/way.overview";
pub(crate) const SIGN_IN_METHOD_SECRET: &str = "crystallum/1/record/way.secret";
pub(crate) const WALLET_OVERVIEW: &str = "crystallum/1/record/wallet.overview";
pub(crate) const WALLET_SECRET: &str = "crystallum/1/record/wallet.secret";

pub(crate) const LEAF_RECORD: &str = "crystallum/1/leaf/record";
pub(crate) const LEAF_TOMBSTONE: &str = "crystallum/1/leaf/tombstone";
pub(crate) const LEAF_KEYSLOT: &str = "crystallum/1/leaf/keyslot";
pub(crate) const LEAF_DEVICE: &str = "crystallum/1/leaf/device";
pub(crate) const LEAF_SHARE: &str = "crystallum/1/leaf/share";

pub(crate) const WALLET_PHRASE: &str = "crystallum/1/wallet/phrase";
pub(crate) const SHARE_CHECK: &str = "crystallum/1/share/check";
pub(crate) const SHARE_VALUE: &str = "crystallum/1/share/value";
pub(crate) const SHARE_SEALED: &str = "crystallum/1/share/sealed";

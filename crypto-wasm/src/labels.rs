//! Every label of the formats. No other file spells one.

/// Prefix of the message that a salt is made from.
pub(crate) const SALT: &[u8] = b"crystallum/1/salt";
/// Prefix of the message that both signatures of a head cover.
pub(crate) const HEAD: &[u8] = b"crystallum/1/head";

/// Input of the `prf` extension for the root.
pub(crate) const PRF_ROOT: &[u8] = b"crystallum/1/prf/root";
/// Input of the `prf` extension for the cold root.
pub(crate) const PRF_COLD: &[u8] = b"crystallum/1/prf/cold";

pub(crate) const DERIVE_ITEMS: &str = "crystallum/1/derive/items";
pub(crate) const DERIVE_OVERVIEW: &str = "crystallum/1/derive/overview";
pub(crate) const DERIVE_SECRET: &str = "crystallum/1/derive/secret";
pub(crate) const DERIVE_MANIFEST: &str = "crystallum/1/derive/manifest";
pub(crate) const DERIVE_KEYSLOT_PASSKEY: &str = "crystallum/1/derive/keyslot.passkey";

pub(crate) const SEAL_OVERVIEW: &str = "crystallum/1/seal/overview";
pub(crate) const SEAL_SECRET: &str = "crystallum/1/seal/secret";
pub(crate) const SEAL_KEYSLOT: &str = "crystallum/1/seal/keyslot";

pub(crate) const KEYSLOT_PASSKEY: &str = "crystallum/1/keyslot/passkey";

pub(crate) const EXCHANGE_KEY_OVERVIEW: &str = "crystallum/1/record/exchange-key.overview";
pub(crate) const EXCHANGE_KEY_SECRET: &str = "crystallum/1/record/exchange-key.secret";
pub(crate) const PROFILE_OVERVIEW: &str = "crystallum/1/record/profile.overview";
pub(crate) const PROFILE_SECRET: &str = "crystallum/1/record/profile.secret";

pub(crate) const LEAF_RECORD: &str = "crystallum/1/leaf/record";
pub(crate) const LEAF_TOMBSTONE: &str = "crystallum/1/leaf/tombstone";
pub(crate) const LEAF_KEYSLOT: &str = "crystallum/1/leaf/keyslot";
pub(crate) const LEAF_DEVICE: &str = "crystallum/1/leaf/device";

//! The labels of FORMAT.md for what the server verifies or hashes. It needs no label for
//! decryption.

/// The prefix of the message that both signatures of a head cover.
pub(crate) const HEAD: &[u8] = b"crystallum/1/head";
/// The prefix of a leaf's label. The name of its kind follows.
pub(crate) const LEAF: &str = "crystallum/1/leaf/";
/// The label of the message that a recovery code signs.
pub(crate) const RECOVERY_LOGIN: &str = "crystallum/1/recovery/login";

//! The labels of FORMAT.md that the server needs: what it verifies or counts, nothing that it could open.

/// Prefix of the message that both signatures of a head cover.
pub(crate) const HEAD: &[u8] = b"crystallum/1/head";
/// What comes before the name of a leaf's kind.
pub(crate) const LEAF: &str = "crystallum/1/leaf/";
/// What a recovery code signs.
pub(crate) const RECOVERY_LOGIN: &str = "crystallum/1/recovery/login";

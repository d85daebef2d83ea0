//! The version of the format.

/// The format version that this crate writes, and the highest that it reads.
pub const FORMAT: u8 = 1;
/// The cipher suite: AES-256-GCM, HKDF-SHA256 and Ed25519.
pub const SUITE: u8 = 1;
/// The lowest format version: every genesis head requires it and every device reads at least this.
pub const FIRST_FORMAT: u16 = 1;
/// The `min format` of the heads that this crate writes, and the highest that it reads.
pub const MAX_FORMAT: u16 = 1;
/// The key epoch of a new vault.
pub const FIRST_EPOCH: u32 = 1;

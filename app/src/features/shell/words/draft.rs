//! The offer to continue a draft.

pub(crate) const KEPT: &str =
    "What you typed into a form when the vault locked is kept on this device, sealed, and not saved yet.";
pub(crate) const KEY_GONE: &str = "The key that you were editing is gone, so it goes on as a new key.";
pub(crate) const CONTINUE: &str = "Continue where you left off";
pub(crate) const DISCARD: &str = "Discard it";

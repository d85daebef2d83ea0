//! The texts about exchange keys.

pub(crate) mod label;
pub(crate) mod vault;
pub(crate) mod versions;

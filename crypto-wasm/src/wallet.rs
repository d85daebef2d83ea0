//! Wallets: recovery phrases that are sealed under a key of which only shares are stored
//! (FORMAT.md, section 8).

pub(crate) mod combine;
pub(crate) mod context;
mod deal;
pub(crate) mod key;
pub(crate) mod phrase;
mod shamir;
pub(crate) mod share;

//! The devices of the vault: listing, naming and removing them.

mod list;
pub(crate) mod occasion;
pub(crate) mod page;
pub(crate) mod remove;
mod rename;
pub(crate) mod summary;
pub(crate) mod words;

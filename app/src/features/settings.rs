//! The preferences, this device, and deleting the vault.

mod choice;
mod delete;
mod device;
pub(crate) mod page;
mod secrets;
pub(crate) mod unsaved;
pub(crate) mod words;

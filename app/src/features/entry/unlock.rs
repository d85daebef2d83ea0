//! Opens a vault with a passkey.

mod chooser;
mod forget;
pub(crate) mod page;

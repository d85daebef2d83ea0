//! Opens a vault with the code from its recovery sheet.

pub(crate) mod code;
pub(crate) mod passkey;

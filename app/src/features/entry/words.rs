//! The texts of the pages before a vault is open.

pub(crate) mod create;
pub(crate) mod lost;
pub(crate) mod notice;
pub(crate) mod recover;
pub(crate) mod unlock;
pub(crate) mod welcome;

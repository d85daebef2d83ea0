//! The vault's sign-in methods and its security status.

pub(crate) mod add;
mod list;
pub(crate) mod page;
mod remove;
mod rename;
pub(crate) mod sheet;
pub(crate) mod sign_in_method_name;
pub(crate) mod words;

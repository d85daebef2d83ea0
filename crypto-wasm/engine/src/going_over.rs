//! Going over: the server shows another history of the vault than this device knows, and the user,
//! who has seen what differs, takes that one. What only this device's history has is set aside on
//! this device first, and then written by ordinary writes.

pub(crate) mod adopt;
pub(crate) mod carry;
mod common_past;
pub(crate) mod compare;
mod fate;
mod other_history;
mod own_branch;
pub(crate) mod report;

//! The records that were deleted in the last 30 days, and those that cannot be read.

pub(crate) mod page;
mod question;
mod row;
pub(crate) mod unreadable;
pub(crate) mod words;

//! The records that were deleted in the last 30 days.

pub(crate) mod page;
mod row;
pub(crate) mod words;

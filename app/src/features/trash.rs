//! The records that were deleted in the last 30 days.

pub(crate) mod page;
pub(crate) mod words;

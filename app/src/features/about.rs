//! The page about the product and the build that is running.

mod build;
pub(crate) mod page;
pub(crate) mod words;

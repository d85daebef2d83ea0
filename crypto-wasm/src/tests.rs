//! Helpers that the tests of several modules share, and tests that cross modules.

mod properties;
mod sharing;
pub(crate) mod support;
mod vectors;

//! Creates a vault step by step.

mod done;
mod name;
pub(crate) mod page;
mod prf_missing;
mod stage;

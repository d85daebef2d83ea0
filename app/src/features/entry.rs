//! The pages before a vault is open: creating, unlocking and recovering it.

pub(crate) mod create;
mod lost_change;
mod new_sheet;
pub(crate) mod notice;
pub(crate) mod recover;
mod sealed_figure;
mod steps;
pub(crate) mod unlock;
pub(crate) mod welcome;
pub(crate) mod words;

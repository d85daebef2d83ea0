//! A new vault with the keys of this device's copy of another one, after an alarm.

mod form;
pub(crate) mod page;
mod progress;
mod stage;
pub(crate) mod words;

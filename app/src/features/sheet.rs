//! The recovery sheet: shows it, and asks the user to confirm that it was kept.

mod address;
mod confirm;
mod paper;
mod qr;
pub(crate) mod step;
pub(crate) mod words;

//! The recovery sheet: shows it, and asks whether it was kept.

mod address;
mod confirm;
mod paper;
mod qr;
pub(crate) mod step;
pub(crate) mod words;

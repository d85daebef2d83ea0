//! A browser profile with the app running, and its commands by name.

mod app;
mod vault;

pub use app::{Device, credentials, draft};
pub use vault::{text, typed};

//! The functions that the scripts in Chromium call.

mod argon;
mod entropy;
mod filler;
mod overviews;
mod sharing;

pub use argon::argon2id;
pub use filler::Filler;
pub use overviews::Overviews;
pub use sharing::Sharing;

//! Share stores. Today these are five files in five folders behind the trait
//! [`ShareStore`](crystallum_share_store::ShareStore), which remote stores will implement too.
//!
//! The main database decides which shares a vault has. A share is first put into a store, where it
//! is pending. The commit that names it makes it part of the vault, and after that it is claimed in
//! its store. At every step in between, either the old or the new set of shares is complete.

pub(crate) mod identity;
mod recent_puts;
mod setup;
pub(crate) mod stores;
pub(crate) mod sweep;

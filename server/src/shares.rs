//! Share stores. Today these are five files in five folders behind the trait
//! [`ShareStore`](crystallum_share_store::ShareStore), which remote stores will implement too.
//!
//! The main database decides which shares a vault has. A share is first put into a store, where it
//! is pending. The commit that names it makes it part of the vault, and after that it is claimed in
//! its store. At every step in between, either the old or the new set of shares is complete.
//!
//! A claimed share is deleted only if a stored head has removed it or its account was deleted. That
//! the main database does not know it is no reason for 90 days, and none at all while a store knows
//! of something that the database has lost, or cannot be read ([`trust`]).

mod decision;
pub(crate) mod identity;
pub(crate) mod lineage;
mod recent_puts;
mod retries;
pub(crate) mod setup;
pub(crate) mod stores;
pub(crate) mod sweep;
pub(crate) mod trust;

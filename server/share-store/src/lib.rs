//! Share stores: each holds one share of every wallet key, and reveals it only to whoever knows the
//! share's credential.
//!
//! [`ShareStore`] is what every store can do. [`StoreFile`] is a store in a SQLite file; stores on
//! other machines will implement the same trait. The tests in `tests/contract.rs` hold for all of
//! them.
//!
//! A store does not decide which shares a vault has: the server's main database does. A share that
//! is put into a store is pending until the store learns that a commit has named it.

mod contract;
mod disk_fault;
mod file;
pub mod space;
pub mod sqlite;

pub use contract::{Contents, Key, Listed, MAX_PENDING, Memory, ShareStore, State, StoreError};
pub use disk_fault::DiskFault;
pub use file::StoreFile;
pub use file::lane::{CALL_TIMEOUT, MAX_CALLS, within_limit};
pub use file::open::{FileError, STORE_CACHE_KIB, create, memory_of, migrate, read_id, read_memory, schema};

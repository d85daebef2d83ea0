//! A device that signs states of a vault and nothing else: no engine, no storage, no network.

mod device;
mod join;
mod records;
mod vault;

pub use join::HistoryMismatch;
pub use vault::Writer;

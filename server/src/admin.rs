//! The operator's commands on a data folder: backup, restore, doctor, accounts, and
//! stores.
//!
//! Each command runs in its own process next to the server, so it may make blocking calls. None of
//! them needs a key.

mod accounts;
mod backup;
mod copy;
mod doctor;
mod draft;
mod files;
mod format;
mod manifest;
mod prune;
mod restore;
mod stores;
mod vault;

pub use accounts::{
    Account, AccountDetails, AccountError, Accounts, Deleted, delete_account, list_accounts, show_account,
};
pub use backup::{Backup, BackupError, backup};
pub use doctor::{DoctorError, Problem, Report, doctor};
pub use manifest::MissingStore;
pub use prune::{PruneError, prune};
pub use restore::{RestoreError, Restored, restore};
pub use stores::{
    StoreDetails, StoreState, StoreSummary, StoresError, acknowledge_stores, confirm_database, create_stores,
    list_stores,
};

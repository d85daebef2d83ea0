//! The Crystallum server. It stores ciphertext and returns it, and cannot read any of it.
//!
//! Routes and their handlers are in `http`, and the SQL is in `store`.
//! [`Server::start`] runs a server from [`Settings`]. The binary adds a command line and logging.

mod admin;
mod app;
mod auth;
mod http;
mod shares;
mod store;
mod vault;

pub use admin::{
    Account, AccountDetails, AccountError, Accounts, Backup, BackupError, Deleted, DoctorError, MissingStore,
    Problem, PruneError, Report, RestoreError, Restored, StoreDetails, StoreState, StoreSummary, StoresError,
    acknowledge_stores, backup, confirm_database, create_stores, delete_account, doctor, list_accounts,
    list_stores, prune, restore, show_account,
};
pub use app::clock::Clock;
pub use app::data_folder::DataError;
pub use app::error::{Crashed, StartError};
pub use app::logs::log_to_stderr;
pub use app::network::{Network, NetworkError};
pub use app::origin::OriginError;
pub use app::runtime::runtime;
pub use app::settings::Settings;
pub use app::start::Server;
pub use auth::invites::{InviteError, invite};
pub use shares::identity::IdentityError;

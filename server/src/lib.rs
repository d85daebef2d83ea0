//! The Crystallum server. It stores ciphertext and returns it, and cannot read any of it.
//!
//! Routes are in `router`, their handlers in `controllers`, and the SQL in `store`.
//! [`Server::start`] runs a server from [`Settings`]. The binary adds a command line and logging.

mod admin;
mod app;
mod boot;
mod ceremonies;
mod clock;
mod controllers;
mod encoding;
mod error;
mod extract;
mod head;
mod invite;
mod labels;
mod layers;
mod limits;
mod listener;
mod lock;
mod logs;
mod metrics;
mod openapi;
mod origin;
mod passkeys;
mod proof;
mod recovery;
mod router;
mod rules;
mod session;
mod settings;
mod shares;
mod statics;
mod store;
mod vault;

pub use admin::{
    Backup, BackupError, DoctorError, Problem, Report, RestoreError, Restored, backup, doctor, restore,
};
pub use boot::{DataError, Server, StartError};
pub use clock::Clock;
pub use invite::{InviteError, invite};
pub use logs::log_to_stderr;
pub use origin::OriginError;
pub use settings::Settings;

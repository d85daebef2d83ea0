//! The server of Crystallum: stores ciphertext and hands it back, and can read none of it.
//!
//! Routes are in `router`, what they do in `controllers`, what they keep in `store`. [`Server::start`] runs all of it
//! from [`Settings`]; the binary adds a command line and logs.

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

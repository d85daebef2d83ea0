//! What an operator does with a data folder: back it up, restore it, check it.
//!
//! Each runs in a process of its own beside the server, so blocking calls hold nobody up. None of them needs a key.

mod backup;
mod copy;
mod doctor;
mod draft;
mod files;
mod format;
mod manifest;
mod restore;
mod vault;

pub use backup::{Backup, BackupError, backup};
pub use doctor::{DoctorError, Problem, Report, doctor};
pub use restore::{RestoreError, Restored, restore};

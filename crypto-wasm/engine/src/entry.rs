//! Opening a vault: creating, unlocking, joining and recovering it.

mod code_login;
pub(crate) mod create;
mod device_record;
pub(crate) mod finish_recovery;
mod genesis;
pub(crate) mod join;
mod made_passkey;
pub(crate) mod new_from_copy;
pub(crate) mod open;
pub(crate) mod opened;
mod platform;
pub(crate) mod preload;
pub(crate) mod recover;
pub(crate) mod renew;
pub(crate) mod unlock;

//! What this device stores of its vaults, in the browser's IndexedDB.

pub(crate) mod alarms;
pub(crate) mod aside;
pub(crate) mod batch;
pub(crate) mod gone_over;
pub(crate) mod heads;
pub(crate) mod joins;
pub(crate) mod load;
pub(crate) mod load_error;
pub(crate) mod notes;
mod read;
mod schema;
pub(crate) mod verified;

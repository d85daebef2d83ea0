//! The open vault: its keys, verified state, ciphertext, lists and pending write. Nothing in here
//! talks to the server or to the device's storage.

pub(crate) mod alarm;
pub(crate) mod aside;
pub(crate) mod catalogue;
pub(crate) mod change;
pub(crate) mod copy;
pub(crate) mod describe;
pub(crate) mod disowned;
pub(crate) mod fresh_sheet;
pub(crate) mod gone_over;
pub(crate) mod history;
pub(crate) mod ids;
pub(crate) mod index;
pub(crate) mod join;
pub(crate) mod kept_content;
pub(crate) mod listing;
pub(crate) mod live_objects;
pub(crate) mod lost_write;
pub(crate) mod objects;
pub(crate) mod open_vault;
pub(crate) mod orphans;
pub(crate) mod part;
pub(crate) mod pending;
pub(crate) mod received;
pub(crate) mod seal;
pub(crate) mod slots;
pub(crate) mod text;
pub(crate) mod unlisted;
pub(crate) mod verified_heads;
pub(crate) mod verified_vault;
pub(crate) mod wrap_bytes;

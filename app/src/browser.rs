//! Adapters to the browser: its address, clipboard, storage and passkeys.

pub(crate) mod clipboard;
pub(crate) mod clipboard_mark;
pub(crate) mod download;
pub(crate) mod fingerprint;
pub(crate) mod keys;
pub(crate) mod local_items;
pub(crate) mod passkey;
pub(crate) mod print;
pub(crate) mod router;
pub(crate) mod storage;
pub(crate) mod time;

//! One folder for each feature, with its pages, its components, its words and its styles.

pub(crate) mod about;
pub(crate) mod devices;
pub(crate) mod entry;
pub(crate) mod keys;
pub(crate) mod new_from_copy;
pub(crate) mod records;
pub(crate) mod security;
pub(crate) mod settings;
pub(crate) mod sheet;
pub(crate) mod shell;
pub(crate) mod trash;
pub(crate) mod wallets;

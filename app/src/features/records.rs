//! What keys and wallets have in common: loading one, its form, and deleting it.

pub(crate) mod about_card;
pub(crate) mod delete_dialog;
pub(crate) mod label_fields;
pub(crate) mod loaded;
pub(crate) mod record_form;
pub(crate) mod words;

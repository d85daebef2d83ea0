//! One file for each page. A page asks the engine for data and arranges components.

pub(crate) mod about;
pub(crate) mod add;
pub(crate) mod alarm;
pub(crate) mod blocked;
pub(crate) mod create;
pub(crate) mod detail;
pub(crate) mod edit;
pub(crate) mod not_found;
pub(crate) mod nothing_open;
pub(crate) mod notice;
pub(crate) mod recover;
pub(crate) mod routes;
pub(crate) mod security;
pub(crate) mod settings;
pub(crate) mod trash;
pub(crate) mod unlock;
pub(crate) mod vault;
pub(crate) mod vault_layout;
pub(crate) mod wallets;
pub(crate) mod welcome;

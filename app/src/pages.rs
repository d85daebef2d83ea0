//! One file for each page: it asks the engine and arranges components.

pub(crate) mod add;
pub(crate) mod alarm;
pub(crate) mod blocked;
pub(crate) mod create;
pub(crate) mod detail;
pub(crate) mod edit;
pub(crate) mod not_found;
pub(crate) mod nothing_open;
pub(crate) mod notice;
pub(crate) mod unlock;
pub(crate) mod vault;
pub(crate) mod welcome;

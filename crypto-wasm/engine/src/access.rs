//! Sign-in methods and devices: listing, naming, adding and removing them, and the recovery sheet.

pub(crate) mod confirmation;
pub(crate) mod delete;
pub(crate) mod devices;
pub(crate) mod edit;
pub(crate) mod joins;
pub(crate) mod methods;
pub(crate) mod roots;
pub(crate) mod settle;
pub(crate) mod sheet;
pub(crate) mod vault_login;

//! Wallets: recovery phrases whose key exists only as shares on separate stores.

pub(crate) mod cold_root;
pub(crate) mod deal;
pub(crate) mod deletion;
pub(crate) mod edit;
pub(crate) mod phrase;
pub(crate) mod purge;
pub(crate) mod purge_confirmed;
pub(crate) mod rebuild;
pub(crate) mod shares;
pub(crate) mod split;
pub(crate) mod stores;
pub(crate) mod view;

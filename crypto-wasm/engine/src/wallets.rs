//! Wallets: recovery phrases whose key exists only as shares on separate stores.

pub(crate) mod collect;
pub(crate) mod deal;
pub(crate) mod phrase;
pub(crate) mod stores;
pub(crate) mod wallet;

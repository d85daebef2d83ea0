//! What this device stores of its vaults.

pub(crate) mod load;

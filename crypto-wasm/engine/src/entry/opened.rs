//! An open vault as the page sees it.

use crystallum_messages::{Opened, VaultId};

use crate::access::methods::count_methods;
use crate::vault::open_vault::OpenVault;

pub(crate) fn describe_vault(vault: &OpenVault) -> Opened {
    Opened {
        id: VaultId(*vault.id().as_bytes()),
        name: vault.name.clone(),
        change: vault.counter(),
        records: u32::try_from(vault.index.len()).unwrap_or(u32::MAX),
        sign_in_methods: count_methods(vault),
        sync: vault.sync,
    }
}

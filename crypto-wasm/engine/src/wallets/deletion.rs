//! Asking the stores to delete shares.

use crystallum_core::{ColdRoot, ShareId, ShareLeaf};
use crystallum_messages::VaultFailure;
use zeroize::Zeroizing;

use crate::ports::Ports;
use crate::sync::catch_up::catch_up;
use crate::vault::open_vault::OpenVault;
use crate::wire::client::Client;
use crate::wire::refusal::CallFailed;
use crate::wire::shares::ShareAddress;

/// A request to delete shares. It holds the credential of each store, and no key that opens
/// anything.
pub(crate) struct ShareDeletion(Vec<(ShareAddress, Zeroizing<[u8; 32]>)>);

impl ShareDeletion {
    pub(crate) fn new(vault: &OpenVault, cold: &ColdRoot, shares: &[(ShareId, ShareLeaf)]) -> Self {
        let each = shares.iter().map(|(share, leaf)| {
            let keys = cold.store_keys(vault.id(), vault.keys.epoch(), leaf.store);
            // EXPOSE: each store gets its own credential only, which opens nothing but its own
            // share.
            (ShareAddress { store: leaf.store, share: *share }, Zeroizing::new(*keys.expose_credential()))
        });
        Self(each.collect())
    }

    /// Asks the stores to delete shares that the vault does not name any more, once the server has
    /// shown the head that removes them: its word that a change was stored proves nothing, and
    /// other devices would still need the shares. A store that is not asked, or does not answer,
    /// deletes them on its own after a day.
    pub(crate) async fn request<P: Ports>(
        self,
        ports: &mut P,
        vault: &mut OpenVault,
    ) -> Result<(), VaultFailure> {
        match catch_up(ports, vault).await {
            Ok(_) => self.send(ports).await,
            Err(alarm @ VaultFailure::Alarm(_)) => return Err(alarm),
            Err(_) => {}
        }
        Ok(())
    }

    /// Asks the stores to delete shares that no head has named.
    pub(crate) async fn send<P: Ports>(self, ports: &P) {
        for (at, credential) in &self.0 {
            // All stores are reached through the same server, so if one is unreachable, the next
            // ones are too.
            if Client(ports.transport()).delete_share(*at, credential).await == Err(CallFailed::Unreachable) {
                return;
            }
        }
    }
}

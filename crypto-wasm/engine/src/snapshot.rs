//! The snapshot of the overviews: what unlocking reads instead of opening every overview. It is
//! written when the device has nothing else to do.

use crate::local::notes;
use crate::ports::Ports;
use crate::vault::open_vault::OpenVault;

/// Returns whether the stored snapshot is to be written anew. After an alarm nothing is written.
pub(crate) fn is_due(vault: &OpenVault) -> bool {
    vault.snapshot_due && vault.alarm.is_none()
}

/// Seals and stores a snapshot of the overviews, if the stored one differs.
pub(crate) async fn renew_snapshot<P: Ports>(ports: &mut P, vault: &mut OpenVault) {
    if !is_due(vault) {
        return;
    }
    vault.snapshot_due = false;
    // What the lists show is taken for what the leaves commit to.
    vault.relist();
    // One that is too long is not kept.
    let sealed = vault.keys.seal_snapshot(&vault.take_snapshot(), ports.entropy());
    // Without it the next unlock takes longer, which is no reason to tell anybody.
    let _saved = notes::save_snapshot(ports.store(), vault.state.head(), sealed.as_ref()).await;
}

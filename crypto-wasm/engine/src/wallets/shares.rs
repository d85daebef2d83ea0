//! The live shares of a wallet, as the signed tree names them.

use crystallum_core::{Overview, RecordId, ShareId, ShareLeaf};
use crystallum_messages::{ShareState, ShareView, StoreId};

use crate::vault::open_vault::OpenVault;

/// Returns the shares of a wallet, in the trash or not. Returns `None` for other records.
pub(crate) fn shares_of(vault: &OpenVault, id: RecordId) -> Option<Vec<(ShareId, ShareLeaf)>> {
    match vault.open_overview(id, vault.parts(id)?) {
        Ok(Overview::Wallet(_)) => Some(shares_by_index(vault, id)),
        _ => None,
    }
}

/// Returns a wallet's shares by index.
pub(crate) fn shares_by_index(vault: &OpenVault, wallet: RecordId) -> Vec<(ShareId, ShareLeaf)> {
    let mut shares: Vec<_> = vault.state.shares_of(wallet).map(|(id, leaf)| (id, *leaf)).collect();
    shares.sort_by_key(|(_, leaf)| leaf.index);
    shares
}

/// Describes a wallet's shares by index, without asking the stores.
pub(crate) fn share_views(vault: &OpenVault, wallet: RecordId) -> Vec<ShareView> {
    shares_by_index(vault, wallet).iter().map(|(_, leaf)| share_view(leaf, 0, ShareState::Unknown)).collect()
}

/// Describes a share for the page.
pub(crate) fn share_view(leaf: &ShareLeaf, number: u8, state: ShareState) -> ShareView {
    ShareView { index: leaf.index, store: StoreId(*leaf.store.as_bytes()), number, state }
}

//! Wallets as the page sees them.

use crystallum_core::{RecordId, WalletOverview};
use crystallum_messages::{VaultFailure, WalletDetail, WalletRow};

use crate::vault::ids::record_id;
use crate::vault::open_vault::OpenVault;
use crate::wallets::shares::share_views;

/// Lists every wallet by label.
pub(crate) fn list_wallets(vault: &OpenVault) -> Vec<WalletRow> {
    vault.catalogue.wallets.iter().map(|(id, wallet)| wallet_row(*id, wallet)).collect()
}

/// Describes one wallet, with what is known of its shares without asking the stores.
pub(crate) fn open_wallet(vault: &OpenVault, id: RecordId) -> Result<WalletDetail, VaultFailure> {
    let wallet = vault.catalogue.wallet(id).ok_or(VaultFailure::NoSuchRecord)?;
    let parts = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?;
    Ok(WalletDetail {
        row: wallet_row(id, wallet),
        note: wallet.note.clone(),
        created: wallet.created,
        dealt: wallet.dealt,
        epoch: wallet.share_epoch,
        version: parts.overview.overview_version(),
        shares: share_views(vault, id),
    })
}

fn wallet_row(id: RecordId, wallet: &WalletOverview) -> WalletRow {
    WalletRow {
        id: record_id(id),
        label: wallet.label.clone(),
        words: wallet.words,
        k: wallet.k,
        n: wallet.n,
        updated: wallet.updated,
    }
}

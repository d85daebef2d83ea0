//! Editing the label and the note of a wallet.

use crystallum_core::{Overview, RecordId};
use crystallum_messages::{Saved, VaultFailure, WalletEdit, wallets::Failure};

use crate::opaque::read_to_edit;
use crate::ports::{Clock, Ports};
use crate::sync::commit::commit_record;
use crate::sync::plan::RecordPlan;
use crate::sync::preflight::ensure_synced;
use crate::sync::secrets::require_secret;
use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;
use crate::vault::seal::seal_overview;
use crate::vault::text;

/// Changes the label and the note of a wallet.
pub(crate) async fn edit_wallet<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    edit: WalletEdit,
) -> Result<Saved, Failure> {
    let id = RecordId::new(edit.id.0);
    let label = edit.label.as_deref().map(text::parse_label).transpose()?;
    let note = edit.note.as_deref().map(text::parse_note).transpose()?;
    let connectivity = ensure_synced(ports, vault).await?;
    require_secret(ports, vault, id).await?;
    let mut wallet = vault.catalogue.wallet(id).ok_or(VaultFailure::NoSuchRecord)?.clone();
    let old = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?.clone();
    if edit.base != old.overview.overview_version() {
        return Err(VaultFailure::Changed.into());
    }
    read_to_edit(ports, vault, id, &old)?;
    wallet.label = label.unwrap_or(wallet.label);
    wallet.note = note.unwrap_or(wallet.note);
    wallet.updated = ports.clock().now();
    let version = old.overview.next_version()?;
    let overview = seal_overview(ports.entropy(), &vault.keys, id, version, &Overview::Wallet(wallet))?;
    let plan = RecordPlan::new(id, Some(Parts { overview, secret: old.secret }));
    let id = commit_record(ports, vault, connectivity, plan).await?;
    Ok(vault.saved(id))
}

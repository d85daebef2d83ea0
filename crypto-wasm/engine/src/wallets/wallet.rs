//! Wallets: recovery phrases whose key exists only as shares on separate stores.

use crystallum_api as api;
use crystallum_core::{
    ColdRoot, Op, Opener, Overview, PrfOutput, PrfRejected, RecordId, Scope, Secret, ShareId, ShareLeaf,
    ShareSetId, WalletContext, WalletOverview,
};
use crystallum_messages::{
    self as messages, CeremonyReason, Failure, Rebuilt, Saved, ShareView, Split, WalletDetail, WalletDraft,
    WalletEdit, WalletRow,
};

use crate::access::roots;
use crate::entry::unlock;
use crate::keys::convert;
use crate::keys::records::{saved, seal_overview, seal_secret, version_of};
use crate::passkeys::options as ceremonies;
use crate::ports::{Authenticator, Clock, Ports};
use crate::sync::atomic::{self, AtomicChange};
use crate::sync::push::{self, RecordPlan};
use crate::vault::objects::{Part, Parts, share_to_wire};
use crate::vault::open_vault::{ENVIRONMENT, OpenVault, passkey_ids, record_context};
use crate::wallets::deal::{self, ShareDeletion};
use crate::wallets::{collect, phrase, stores};

/// Lists every wallet by label.
pub(crate) fn list_wallets(vault: &OpenVault) -> Vec<WalletRow> {
    vault.catalogue.wallets.iter().map(|(id, wallet)| wallet_row(*id, wallet)).collect()
}

/// Returns the shares of a wallet, in the trash or not. Returns `None` for other records.
pub(crate) fn shares_of(vault: &OpenVault, id: RecordId) -> Option<Vec<(ShareId, ShareLeaf)>> {
    match vault.open_overview(id, vault.parts(id)?) {
        Ok(Overview::Wallet(wallet)) => Some(stores::shares_by_index(vault, wallet.set)),
        _ => None,
    }
}

/// Describes one wallet, with what is known of its shares without asking the stores.
pub(crate) fn open_wallet(vault: &OpenVault, id: RecordId) -> Result<WalletDetail, Failure> {
    let wallet = vault.catalogue.wallet(id).ok_or(Failure::NoSuchRecord)?;
    let parts = vault.parts(id).ok_or(Failure::NoSuchRecord)?;
    Ok(WalletDetail {
        row: wallet_row(id, wallet),
        note: wallet.note.clone(),
        created: wallet.created,
        dealt: wallet.dealt,
        epoch: wallet.share_epoch,
        version: version_of(&parts.overview),
        shares: stores::share_views(vault, wallet.set),
    })
}

/// Adds a wallet by splitting its phrase. Every share is written to its store and read back before
/// anything is committed.
pub(crate) async fn add_wallet<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    draft: WalletDraft,
) -> Result<Saved, Failure> {
    let label = convert::parse_label(&draft.label)?;
    let note = convert::parse_note(&draft.note)?;
    let phrase = phrase::parse_phrase(&draft.phrase).map_err(Failure::PhraseRejected)?;
    let stores = stores::choose_stores(ports, &draft.split).await?;
    atomic::require_online(ports, vault).await?;
    let cold = obtain_cold_root(ports, rp_id, vault).await?;

    let id = RecordId::random(ports.entropy());
    let set = ShareSetId::random(ports.entropy());
    let context = wallet_context(vault, id, set, 1, &draft.split)?;
    let dealt = deal::deal_shares(ports, vault, &cold, context, &phrase, &stores).await?;
    drop(cold);

    atomic::require_online(ports, vault).await?;
    let now = ports.clock().now();
    let overview = Overview::Wallet(WalletOverview {
        label,
        note,
        created: now,
        updated: now,
        words: phrase.words(),
        set,
        share_epoch: 1,
        k: context.k,
        n: context.n,
        dealt: now,
        deleted: None,
    });
    let parts = Parts {
        overview: seal_overview(ports.entropy(), vault, id, 1, &overview)?,
        secret: seal_secret(ports.entropy(), vault, id, 1, &Secret::Wallet(dealt.phrase))?,
    };
    let mut changes = vec![parts.change_from(id, None)];
    changes.extend(dealt.shares.iter().map(|(id, leaf)| share_to_wire(*id, leaf)));
    atomic::commit_atomic(ports, vault, AtomicChange { op: Op::Wallet, changes, request: None }).await?;
    Ok(saved(vault, id))
}

/// Collects shares and rebuilds the phrase. Every share is requested, so that a bad one is reported
/// even if the others suffice.
pub(crate) async fn rebuild_phrase<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    id: RecordId,
) -> Result<Rebuilt, Failure> {
    vault.catalogue.wallet(id).ok_or(Failure::NoSuchRecord)?;
    let cold = obtain_cold_root(ports, rp_id, vault).await?;
    let collected = collect::collect_shares(ports, vault, &cold, id).await?;
    drop(cold);
    let (phrase, shares) = collected.open_phrase(vault, id)?;
    Ok(Rebuilt { phrase: phrase::phrase_text(&phrase)?, shares })
}

/// Reshares a wallet: deals new shares of a new key. The old shares are deleted once the new ones
/// are part of the vault.
pub(crate) async fn reshare<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    id: RecordId,
    split: &Split,
) -> Result<Saved, Failure> {
    let stores = stores::choose_stores(ports, split).await?;
    atomic::require_online(ports, vault).await?;
    vault.catalogue.wallet(id).ok_or(Failure::NoSuchRecord)?;
    let cold = obtain_cold_root(ports, rp_id, vault).await?;
    let (phrase, _) = collect::collect_shares(ports, vault, &cold, id).await?.open_phrase(vault, id)?;
    let mut wallet = vault.catalogue.wallet(id).ok_or(Failure::NoSuchRecord)?.clone();
    let gone: Vec<_> = vault.state.shares_of(wallet.set).map(|(id, leaf)| (id, *leaf)).collect();
    let epoch = wallet.share_epoch.checked_add(1).ok_or(Failure::Confused)?;
    let context = wallet_context(vault, id, wallet.set, epoch, split)?;
    let dealt = deal::deal_shares(ports, vault, &cold, context, &phrase, &stores).await?;
    let deletion = ShareDeletion::new(vault, &cold, &gone);
    drop(cold);

    atomic::require_online(ports, vault).await?;
    let old = vault.parts(id).ok_or(Failure::NoSuchRecord)?.clone();
    if vault.catalogue.wallet(id).is_none_or(|now| now.share_epoch != wallet.share_epoch) {
        return Err(Failure::Overtaken);
    }
    let now = ports.clock().now();
    (wallet.share_epoch, wallet.k, wallet.n) = (epoch, context.k, context.n);
    (wallet.dealt, wallet.updated) = (now, now);
    let next = |part: &Part| part.version.checked_add(1).ok_or(Failure::Confused);
    let overview = Overview::Wallet(wallet);
    let secret = Secret::Wallet(dealt.phrase);
    let parts = Parts {
        overview: seal_overview(ports.entropy(), vault, id, next(&old.overview)?, &overview)?,
        secret: seal_secret(ports.entropy(), vault, id, next(&old.secret)?, &secret)?,
    };
    let mut changes = vec![parts.change_from(id, vault.state.record(id))];
    changes.extend(gone.iter().map(|(id, _)| api::Change::ShareGone { id: api::Id(*id.as_bytes()) }));
    changes.extend(dealt.shares.iter().map(|(id, leaf)| share_to_wire(*id, leaf)));
    atomic::commit_atomic(ports, vault, AtomicChange { op: Op::Wallet, changes, request: None }).await?;
    deletion.request(ports).await;
    Ok(saved(vault, id))
}

/// Changes the label and the note of a wallet.
pub(crate) async fn edit_wallet<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    edit: WalletEdit,
) -> Result<Saved, Failure> {
    let id = RecordId::new(edit.id.0);
    let label = edit.label.as_deref().map(convert::parse_label).transpose()?;
    let note = edit.note.as_deref().map(convert::parse_note).transpose()?;
    let connectivity = push::ensure_synced(ports, vault).await?;
    let mut wallet = vault.catalogue.wallet(id).ok_or(Failure::NoSuchRecord)?.clone();
    let old = vault.parts(id).ok_or(Failure::NoSuchRecord)?.clone();
    if edit.base != version_of(&old.overview) {
        return Err(Failure::Changed);
    }
    wallet.label = label.unwrap_or(wallet.label);
    wallet.note = note.unwrap_or(wallet.note);
    wallet.updated = ports.clock().now();
    let version = old.overview.version.checked_add(1).ok_or(Failure::Confused)?;
    let overview = seal_overview(ports.entropy(), vault, id, version, &Overview::Wallet(wallet))?;
    let plan = RecordPlan { record: id, parts: Some(Parts { overview, secret: old.secret }) };
    let id = push::commit_record(ports, vault, connectivity, plan).await?;
    Ok(saved(vault, id))
}

/// Purges a wallet and its shares. The stores do not need to keep any of them afterwards.
pub(crate) async fn purge_wallet<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: RecordId,
    set: ShareSetId,
) -> Result<(), Failure> {
    let leaf = vault.state.record(id).ok_or(Failure::NoSuchRecord)?;
    let version = leaf.overview_version.max(leaf.secret_version).checked_add(1).ok_or(Failure::Confused)?;
    let shares =
        vault.state.shares_of(set).map(|(id, _)| api::Change::ShareGone { id: api::Id(*id.as_bytes()) });
    let mut changes: Vec<_> = shares.collect();
    changes.push(api::Change::Tombstone { id: api::Id(*id.as_bytes()), version });
    atomic::commit_atomic(ports, vault, AtomicChange { op: Op::Wallet, changes, request: None }).await
}

/// Opens the cold root with a ceremony of its own. The session's keys cannot open it.
pub(crate) async fn obtain_cold_root<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &OpenVault,
) -> Result<ColdRoot, Failure> {
    let challenge = ceremonies::local_challenge(ports.entropy());
    let allow = passkey_ids(&vault.state, &vault.objects);
    let options = ceremonies::get_options(CeremonyReason::Wallet, rp_id, &challenge, allow);
    let mut asserted = ports.authenticator().get(options).await.map_err(ceremonies::map_refusal)?;
    unlock::vault_of_assertion(&mut asserted, Some(vault.id()))?;
    let output = asserted.prf.first.as_deref().ok_or(Failure::PrfMissing)?;
    let output = PrfOutput::parse(output).map_err(|PrfRejected| Failure::PrfMissing)?;
    let key = crystallum_core::KeyEncryptionKey::from_passkey(&output, rp_id, Scope::Cold, &asserted.raw_id)
        .map_err(|PrfRejected| Failure::Unsupported)?;
    let opener = Opener::Passkey { credential_id: &asserted.raw_id };
    roots::open_cold_root(&vault.state, &vault.objects, opener, &key)
}

fn wallet_context(
    vault: &OpenVault,
    record: RecordId,
    set: ShareSetId,
    share_epoch: u32,
    split: &Split,
) -> Result<WalletContext, Failure> {
    let n = u8::try_from(split.stores.len()).map_err(|_| Failure::SplitRejected)?;
    Ok(WalletContext {
        vault: vault.id(),
        epoch: vault.keys.epoch(),
        record,
        set,
        share_epoch,
        k: split.k,
        n,
        environment: ENVIRONMENT,
    })
}

/// Opens the secret of a wallet, which is its sealed phrase.
pub(super) fn sealed_phrase(
    vault: &OpenVault,
    id: RecordId,
) -> Result<crystallum_core::SealedPhrase, Failure> {
    let parts = vault.parts(id).ok_or(Failure::NoSuchRecord)?;
    match vault.keys.open_secret(record_context(id, parts.secret.version), &parts.secret.blob) {
        Ok(Secret::Wallet(sealed)) => Ok(sealed),
        _ => Err(Failure::Confused),
    }
}

fn wallet_row(id: RecordId, wallet: &WalletOverview) -> WalletRow {
    WalletRow {
        id: convert::record_id(id),
        label: wallet.label.clone(),
        words: wallet.words,
        k: wallet.k,
        n: wallet.n,
        updated: wallet.updated,
    }
}

/// Describes a share for the page.
pub(super) fn share_view(leaf: &ShareLeaf, number: u8, state: messages::ShareState) -> ShareView {
    ShareView { index: leaf.index, store: messages::StoreId(*leaf.store.as_bytes()), number, state }
}

//! Splitting a phrase into shares, for a new wallet or again for one that exists.

use crystallum_core::{Op, Overview, RecordId, Secret, ShareSetId, Tags, WalletContext, WalletOverview};
use crystallum_messages::{ImpossibleState, Saved, Split, VaultFailure, WalletDraft, wallets::Failure};

use crate::ports::{Clock, Ports};
use crate::sync::commit::commit_atomic;
use crate::sync::plan::AtomicChange;
use crate::sync::preflight::require_online;
use crate::vault::change::SealedChange;
use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;
use crate::vault::seal::{ENVIRONMENT, seal_new_record, seal_overview, seal_secret};
use crate::vault::text;
use crate::wallets::cold_root::obtain_cold_root;
use crate::wallets::deletion::ShareDeletion;
use crate::wallets::{deal, phrase, rebuild, stores};

/// Adds a wallet by splitting its phrase. Every share is written to its store and read back before
/// anything is committed.
pub(crate) async fn add_wallet<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    draft: WalletDraft,
) -> Result<Saved, Failure> {
    let label = text::parse_label(&draft.label)?;
    let note = text::parse_note(&draft.note)?;
    let phrase = phrase::parse_phrase(&draft.phrase).map_err(Failure::PhraseRejected)?;
    let stores = stores::choose_stores(ports, &draft.split).await?;
    require_online(ports, vault).await?;
    let cold = obtain_cold_root(ports, rp_id, vault).await?;

    let id = RecordId::random(ports.entropy());
    let set = ShareSetId::random(ports.entropy());
    let context = wallet_context(vault, id, set, 1, &draft.split)?;
    let dealt = deal::deal_shares(ports, vault, &cold, context, &phrase, &stores).await?;
    drop(cold);

    require_online(ports, vault).await?;
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
        favourite: false,
        tags: Tags::default(),
    });
    let secret = Secret::Wallet(dealt.phrase);
    let parts = seal_new_record(ports.entropy(), &vault.keys, id, &overview, &secret)?;
    let mut changes = vec![parts.change_from(id, None)];
    changes.extend(dealt.shares.iter().map(|(id, leaf)| SealedChange::Share(*id, *leaf)));
    commit_atomic(ports, vault, AtomicChange { op: Op::Wallet, changes, request: None }).await?;
    Ok(vault.saved(id))
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
    require_online(ports, vault).await?;
    vault.catalogue.wallet(id).ok_or(VaultFailure::NoSuchRecord)?;
    let cold = obtain_cold_root(ports, rp_id, vault).await?;
    let (phrase, _) = rebuild::collect_shares(ports, vault, &cold, id).await?.open_phrase(vault, id)?;
    let wallet = vault.catalogue.wallet(id).ok_or(VaultFailure::NoSuchRecord)?.clone();
    let gone: Vec<_> = vault.state.shares_of(id).map(|(id, leaf)| (id, *leaf)).collect();
    let epoch = wallet.share_epoch.checked_add(1).ok_or(ImpossibleState::LastVersion)?;
    let context = wallet_context(vault, id, wallet.set, epoch, split)?;
    let dealt = deal::deal_shares(ports, vault, &cold, context, &phrase, &stores).await?;
    let deletion = ShareDeletion::new(vault, &cold, &gone);
    drop(cold);

    require_online(ports, vault).await?;
    let old = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?.clone();
    // Another device may have changed the label or the note while the shares were dealt.
    let current = vault.catalogue.wallet(id).filter(|current| current.share_epoch == wallet.share_epoch);
    let mut wallet = current.ok_or(VaultFailure::Overtaken)?.clone();
    let now = ports.clock().now();
    (wallet.share_epoch, wallet.k, wallet.n) = (epoch, context.k, context.n);
    (wallet.dealt, wallet.updated) = (now, now);
    let overview = Overview::Wallet(wallet);
    let secret = Secret::Wallet(dealt.phrase);
    let parts = Parts {
        overview: seal_overview(ports.entropy(), &vault.keys, id, old.overview.next_version()?, &overview)?,
        secret: seal_secret(ports.entropy(), &vault.keys, id, old.secret.next_version()?, &secret)?,
    };
    let mut changes = vec![parts.change_from(id, vault.state.record(id))];
    changes.extend(gone.iter().map(|(id, _)| SealedChange::ShareRemoved(*id)));
    changes.extend(dealt.shares.iter().map(|(id, leaf)| SealedChange::Share(*id, *leaf)));
    commit_atomic(ports, vault, AtomicChange { op: Op::Wallet, changes, request: None }).await?;
    deletion.request(ports, vault).await?;
    Ok(vault.saved(id))
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

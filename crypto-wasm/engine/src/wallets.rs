//! Wallets: phrases whose key exists only as shares on separate stores.

mod collect;
mod deal;
mod stores;

pub(crate) use deal::Deletion;
pub(crate) use stores::{check, list_stores};

use crystallum_api as api;
use crystallum_core::{
    ColdRoot, Op, Opener, Overview, PrfOutput, PrfRejected, RecordId, Scope, Secret, ShareId, ShareLeaf,
    ShareSetId, WalletContext, WalletOverview,
};
use crystallum_messages::{
    self as messages, Failure, Rebuilt, Saved, ShareView, Split, Touch, WalletDetail, WalletDraft,
    WalletEdit, WalletRow,
};

use crate::ceremonies;
use crate::convert;
use crate::objects::{Part, Parts, wire_share};
use crate::phrase;
use crate::ports::{Authenticator, Clock, Ports};
use crate::records::{saved, seal_overview, seal_secret, version_of};
use crate::roots;
use crate::unlock;
use crate::vault::{ENVIRONMENT, OpenVault, context, passkeys};
use crate::write::{self, Plan, Whole};

/// Every wallet, by label.
pub(crate) fn list(vault: &OpenVault) -> Vec<WalletRow> {
    vault.catalogue.wallets.iter().map(|(id, wallet)| row(*id, wallet)).collect()
}

/// The shares of a record that is a wallet, in the trash or not.
pub(crate) fn shares_of(vault: &OpenVault, id: RecordId) -> Option<Vec<(ShareId, ShareLeaf)>> {
    match vault.open_overview(id, vault.parts(id)?) {
        Ok(Overview::Wallet(wallet)) => Some(stores::sorted(vault, wallet.set)),
        _ => None,
    }
}

/// One wallet, with what is known of its shares without asking anybody.
pub(crate) fn open(vault: &OpenVault, id: RecordId) -> Result<WalletDetail, Failure> {
    let wallet = vault.catalogue.wallet(id).ok_or(Failure::NoSuchRecord)?;
    let parts = vault.parts(id).ok_or(Failure::NoSuchRecord)?;
    Ok(WalletDetail {
        row: row(id, wallet),
        note: wallet.note.clone(),
        created: wallet.created,
        dealt: wallet.dealt,
        epoch: wallet.share_epoch,
        version: version_of(&parts.overview),
        shares: stores::views(vault, wallet.set),
    })
}

/// Splits a phrase: every share is on its store and was read back before anything of it is committed.
pub(crate) async fn add<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    draft: WalletDraft,
) -> Result<Saved, Failure> {
    let label = convert::label(&draft.label)?;
    let note = convert::note(&draft.note)?;
    let phrase = phrase::parse(&draft.phrase).map_err(Failure::PhraseRejected)?;
    let stores = stores::chosen(ports, &draft.split).await?;
    write::ready(ports, vault).await?;
    let cold = touch(ports, rp_id, vault).await?;

    let id = RecordId::random(ports.entropy());
    let set = ShareSetId::random(ports.entropy());
    let place = wallet_context(vault, id, set, 1, &draft.split)?;
    let dealt = deal::deal(ports, vault, &cold, place, &phrase, &stores).await?;
    drop(cold);

    write::ready(ports, vault).await?;
    let now = ports.clock().now();
    let overview = Overview::Wallet(WalletOverview {
        label,
        note,
        created: now,
        updated: now,
        words: phrase.words(),
        set,
        share_epoch: 1,
        k: place.k,
        n: place.n,
        dealt: now,
        deleted: None,
    });
    let parts = Parts {
        overview: seal_overview(ports.entropy(), vault, id, 1, &overview)?,
        secret: seal_secret(ports.entropy(), vault, id, 1, &Secret::Wallet(dealt.phrase))?,
    };
    let mut changes = vec![parts.change_from(id, None)];
    changes.extend(dealt.shares.iter().map(|(id, leaf)| wire_share(*id, leaf)));
    write::whole(ports, vault, Whole { op: Op::Wallet, changes, ways: None }).await?;
    Ok(saved(vault, id))
}

/// Collects shares and rebuilds the phrase. Every share is asked for, so that a bad one is named though others suffice.
pub(crate) async fn rebuild<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    id: RecordId,
) -> Result<Rebuilt, Failure> {
    vault.catalogue.wallet(id).ok_or(Failure::NoSuchRecord)?;
    let cold = touch(ports, rp_id, vault).await?;
    let collected = collect::collect(ports, vault, &cold, id).await?;
    drop(cold);
    let (phrase, shares) = collected.open(vault, id)?;
    Ok(Rebuilt { phrase: phrase::text(&phrase)?, shares })
}

/// Deals new shares under a new key; the old ones are deleted once the new ones are part of the vault.
pub(crate) async fn refresh<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    id: RecordId,
    split: &Split,
) -> Result<Saved, Failure> {
    let stores = stores::chosen(ports, split).await?;
    write::ready(ports, vault).await?;
    vault.catalogue.wallet(id).ok_or(Failure::NoSuchRecord)?;
    let cold = touch(ports, rp_id, vault).await?;
    let (phrase, _) = collect::collect(ports, vault, &cold, id).await?.open(vault, id)?;
    let mut wallet = vault.catalogue.wallet(id).ok_or(Failure::NoSuchRecord)?.clone();
    let gone: Vec<_> = vault.state.shares_of(wallet.set).map(|(id, leaf)| (id, *leaf)).collect();
    let epoch = wallet.share_epoch.checked_add(1).ok_or(Failure::Confused)?;
    let place = wallet_context(vault, id, wallet.set, epoch, split)?;
    let dealt = deal::deal(ports, vault, &cold, place, &phrase, &stores).await?;
    let deletion = Deletion::of(vault, &cold, &gone);
    drop(cold);

    write::ready(ports, vault).await?;
    let old = vault.parts(id).ok_or(Failure::NoSuchRecord)?.clone();
    if vault.catalogue.wallet(id).is_none_or(|now| now.share_epoch != wallet.share_epoch) {
        return Err(Failure::Overtaken);
    }
    let now = ports.clock().now();
    (wallet.share_epoch, wallet.k, wallet.n) = (epoch, place.k, place.n);
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
    changes.extend(dealt.shares.iter().map(|(id, leaf)| wire_share(*id, leaf)));
    write::whole(ports, vault, Whole { op: Op::Wallet, changes, ways: None }).await?;
    deletion.ask(ports).await;
    Ok(saved(vault, id))
}

/// Changes what a wallet is called.
pub(crate) async fn edit<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    edit: WalletEdit,
) -> Result<Saved, Failure> {
    let id = RecordId::new(edit.id.0);
    let label = edit.label.as_deref().map(convert::label).transpose()?;
    let note = edit.note.as_deref().map(convert::note).transpose()?;
    let reached = write::before(ports, vault).await?;
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
    let plan = Plan { record: id, parts: Some(Parts { overview, secret: old.secret }) };
    let id = write::write(ports, vault, reached, plan).await?;
    Ok(saved(vault, id))
}

/// Deletes a wallet and its shares for good: from then on no store has to keep any.
pub(crate) async fn purge<P: Ports>(
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
    write::whole(ports, vault, Whole { op: Op::Wallet, changes, ways: None }).await
}

/// The cold root, by a touch of its own: the session has no path to it.
pub(crate) async fn touch<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &OpenVault,
) -> Result<ColdRoot, Failure> {
    let challenge = ceremonies::own_challenge(ports.entropy());
    let allow = passkeys(&vault.state, &vault.objects);
    let options = ceremonies::get_options(Touch::Wallet, rp_id, &challenge, allow);
    let mut asserted = ports.authenticator().get(options).await.map_err(ceremonies::refusal)?;
    unlock::named(&mut asserted, Some(vault.id()))?;
    let output = asserted.prf.first.as_deref().ok_or(Failure::PrfMissing)?;
    let output = PrfOutput::parse(output).map_err(|PrfRejected| Failure::PrfMissing)?;
    let key = crystallum_core::KeyEncryptionKey::from_passkey(&output, rp_id, Scope::Cold, &asserted.raw_id)
        .map_err(|PrfRejected| Failure::Unsupported)?;
    let opener = Opener::Passkey { credential_id: &asserted.raw_id };
    roots::open_cold(&vault.state, &vault.objects, opener, &key)
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

/// The sealed phrase of a wallet.
fn sealed_phrase(vault: &OpenVault, id: RecordId) -> Result<crystallum_core::SealedPhrase, Failure> {
    let parts = vault.parts(id).ok_or(Failure::NoSuchRecord)?;
    match vault.keys.open_secret(context(id, parts.secret.version), &parts.secret.blob) {
        Ok(Secret::Wallet(sealed)) => Ok(sealed),
        _ => Err(Failure::Confused),
    }
}

fn row(id: RecordId, wallet: &WalletOverview) -> WalletRow {
    WalletRow {
        id: convert::record_id(id),
        label: wallet.label.clone(),
        words: wallet.words,
        k: wallet.k,
        n: wallet.n,
        updated: wallet.updated,
    }
}

/// A share as screens name it.
fn view(leaf: &ShareLeaf, number: u8, state: messages::ShareState) -> ShareView {
    ShareView { index: leaf.index, store: messages::StoreId(*leaf.store.as_bytes()), number, state }
}

//! The share stores: which ones exist, and what they report about the shares that they hold.

use std::collections::BTreeSet;

use crystallum_core::limits::MAX_SHARES;
use crystallum_core::{RecordId, ShareId, ShareLeaf, StoreId};
use crystallum_messages::{
    self as messages, Event, ServerFailure, ShareState, Split, StoreView, VaultFailure, WalletDetail,
    wallets::Failure,
};

use crate::ports::{Ports, Transport};
use crate::vault::open_vault::OpenVault;
use crate::wallets::shares::{share_view, shares_by_index};
use crate::wallets::view::open_wallet;
use crate::wire::client::Client;
use crate::wire::refusal::{CallFailed, Refusal};
use crate::wire::shares::ShareAddress;

/// A store that was chosen for a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChosenStore {
    pub(super) id: StoreId,
    pub(super) number: u8,
}

/// Lists the stores of the server. An answer that names a store twice is refused.
pub(crate) async fn list_stores<P: Ports>(ports: &P) -> Result<Vec<StoreView>, ServerFailure> {
    let stores = Client(ports.transport()).stores().await?;
    let ids: BTreeSet<messages::StoreId> = stores.iter().map(|store| store.id).collect();
    let numbers: BTreeSet<u8> = stores.iter().map(|store| store.number).collect();
    if ids.len() != stores.len() || numbers.len() != stores.len() || numbers.contains(&0) {
        return Err(ServerFailure::StrangeAnswer);
    }
    Ok(stores)
}

/// Returns the stores of a split: at least as many as the threshold, all different and available.
pub(super) async fn choose_stores<P: Ports>(ports: &P, split: &Split) -> Result<Vec<ChosenStore>, Failure> {
    let wanted: BTreeSet<_> = split.stores.iter().collect();
    let fits = split.k >= 2
        && usize::from(split.k) <= split.stores.len()
        && split.stores.len() <= usize::from(MAX_SHARES)
        && wanted.len() == split.stores.len();
    if !fits {
        return Err(Failure::SplitRejected);
    }
    let known = list_stores(ports).await?;
    let find = |id: &messages::StoreId| match known.iter().find(|store| store.id == *id) {
        Some(store) if store.available => Ok(ChosenStore { id: StoreId::new(id.0), number: store.number }),
        Some(store) => Err(Failure::StoreFailed { number: store.number }),
        None => Err(Failure::SplitRejected),
    };
    split.stores.iter().map(find).collect()
}

/// Returns the number of a store as the user sees it, or 0 if it is not listed.
pub(super) fn store_number(stores: &[StoreView], store: StoreId) -> u8 {
    stores.iter().find(|view| view.id.0 == *store.as_bytes()).map_or(0, |view| view.number)
}

/// Asks every store of a wallet what it holds. The answers are the stores' own claims; only
/// rebuilding proves them.
pub(crate) async fn check_wallet<P: Ports>(
    ports: &P,
    vault: &OpenVault,
    id: RecordId,
) -> Result<WalletDetail, VaultFailure> {
    let mut detail = open_wallet(vault, id)?;
    let stores = list_stores(ports).await?;
    detail.shares.clear();
    for (share, leaf) in shares_by_index(vault, id) {
        let state = share_state(&Client(ports.transport()), share, &leaf).await;
        let seen = share_view(&leaf, store_number(&stores, leaf.store), state);
        ports.emit(Event::Share(seen.clone()));
        detail.shares.push(seen);
    }
    Ok(detail)
}

async fn share_state(client: &Client<'_, impl Transport>, share: ShareId, leaf: &ShareLeaf) -> ShareState {
    match client.share_hash(ShareAddress { store: leaf.store, share }).await {
        Ok(held) if held == leaf.hash => ShareState::Held,
        Ok(_) => ShareState::Wrong,
        Err(CallFailed::Refused(Refusal::NotFound)) => ShareState::Missing,
        Err(_) => ShareState::Unreachable,
    }
}

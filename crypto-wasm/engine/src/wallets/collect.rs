//! Collecting shares: each is held against the signed tree before it is opened, and a bad one is named.

use crystallum_api as api;
use crystallum_core::{
    ColdRoot, CombineFailed, DealtShare, Phrase, RecordId, SealedShare, ShareId, ShareLeaf, StoreKeys,
    WalletContext,
};
use crystallum_messages::{Event, Failure, ShareState, ShareView};

use super::deal::access;
use super::stores::{list_stores, number_of, sorted};
use super::{sealed_phrase, view};
use crate::client::{Client, ShareAt};
use crate::ports::{Ports, Transport};
use crate::vault::{ENVIRONMENT, OpenVault};

/// What the stores gave.
pub(super) struct Collected {
    place: WalletContext,
    good: Vec<DealtShare>,
    seen: Vec<ShareView>,
}

/// Asks every store of a wallet for its share.
pub(super) async fn collect<P: Ports>(
    ports: &P,
    vault: &OpenVault,
    cold: &ColdRoot,
    id: RecordId,
) -> Result<Collected, Failure> {
    let wallet = vault.catalogue.wallet(id).ok_or(Failure::NoSuchRecord)?;
    let place = WalletContext {
        vault: vault.id(),
        epoch: vault.keys.epoch(),
        record: id,
        set: wallet.set,
        share_epoch: wallet.share_epoch,
        k: wallet.k,
        n: wallet.n,
        environment: ENVIRONMENT,
    };
    let stores = list_stores(ports).await.unwrap_or_default();
    let mut collected = Collected { place, good: Vec::new(), seen: Vec::new() };
    for (share, leaf) in sorted(vault, wallet.set) {
        let keys = cold.store_keys(vault.id(), vault.keys.epoch(), leaf.store);
        let found = fetch(&Client(ports.transport()), share, &leaf, &keys, &place).await;
        let state = match &found {
            Ok(_) => ShareState::Good,
            Err(state) => *state,
        };
        let seen = view(&leaf, number_of(&stores, leaf.store), state);
        ports.emit(Event::Share(seen.clone()));
        collected.seen.push(seen);
        collected.good.extend(found);
    }
    Ok(collected)
}

/// One share, authenticated by the tree and opened by its store's key.
async fn fetch(
    client: &Client<'_, impl Transport>,
    share: ShareId,
    leaf: &ShareLeaf,
    keys: &StoreKeys,
    place: &WalletContext,
) -> Result<DealtShare, ShareState> {
    let at = ShareAt { store: leaf.store, share };
    let read = client.read_share(at, &access(keys)).await.map_err(|failed| match failed.code() {
        Some(api::Code::NotFound) => ShareState::Missing,
        Some(api::Code::ProofRejected) => ShareState::Wrong,
        _ => ShareState::Unreachable,
    })?;
    let sealed = SealedShare::from_bytes(read.share.as_slice()).map_err(|_| ShareState::Wrong)?;
    if sealed.leaf() != *leaf {
        return Err(ShareState::Wrong);
    }
    sealed.open(keys, place, leaf.index).map_err(|_| ShareState::Wrong)
}

impl Collected {
    /// Combines the good shares and opens the phrase; what is missing is named otherwise.
    pub(super) fn open(
        mut self,
        vault: &OpenVault,
        id: RecordId,
    ) -> Result<(Phrase, Vec<ShareView>), Failure> {
        let have = u8::try_from(self.good.len()).unwrap_or(u8::MAX);
        let missing = |shares| Failure::SharesMissing { have, need: self.place.k, shares };
        let combined = match crystallum_core::WalletKey::combine(&self.place, &self.good) {
            Ok(combined) => combined,
            Err(CombineFailed::TooFew { .. } | CombineFailed::Wrong) => return Err(missing(self.seen)),
            Err(CombineFailed::Duplicate { .. } | CombineFailed::MixedDealings) => {
                return Err(Failure::Confused);
            }
        };
        for seen in &mut self.seen {
            if combined.left_out.contains(&seen.index) {
                seen.state = ShareState::Wrong;
            }
        }
        let sealed = sealed_phrase(vault, id)?;
        let phrase = combined.key.open_phrase(&self.place, &sealed).map_err(|_| Failure::Confused)?;
        Ok((phrase, self.seen))
    }
}

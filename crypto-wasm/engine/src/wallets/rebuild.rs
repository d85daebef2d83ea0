//! Collecting shares. Each is compared with the signed tree before it is opened, and a bad one is
//! reported.

use crystallum_core::{
    ColdRoot, CombineError, DealtShare, Phrase, RecordId, SealedPhrase, SealedShare, Secret, ShareId,
    ShareLeaf, StoreKeys, WalletContext, WalletKey,
};
use crystallum_messages::{
    Event, ImpossibleState, Rebuilt, ShareState, ShareView, VaultFailure, wallets::Failure,
};

use crate::ports::{Ports, Transport};
use crate::sync::secrets::require_secret;
use crate::vault::open_vault::OpenVault;
use crate::vault::seal::ENVIRONMENT;
use crate::wallets::cold_root::obtain_cold_root;
use crate::wallets::phrase;
use crate::wallets::shares::{share_view, shares_by_index};
use crate::wallets::stores::{list_stores, store_number};
use crate::wire::client::Client;
use crate::wire::refusal::{CallFailed, Refusal};
use crate::wire::shares::ShareAddress;

/// Collects shares and rebuilds the phrase. Every share is requested, so that a bad one is reported
/// even if the others suffice.
pub(crate) async fn rebuild_phrase<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    id: RecordId,
) -> Result<Rebuilt, Failure> {
    vault.catalogue.wallet(id).ok_or(VaultFailure::NoSuchRecord)?;
    require_secret(ports, vault, id).await?;
    let cold = obtain_cold_root(ports, rp_id, vault).await?;
    let collected = collect_shares(ports, vault, &cold, id).await?;
    drop(cold);
    let (phrase, shares) = collected.open_phrase(vault, id)?;
    Ok(Rebuilt { phrase: phrase::phrase_text(&phrase)?, shares })
}

/// The shares that the stores returned.
pub(super) struct CollectedShares {
    context: WalletContext,
    good: Vec<DealtShare>,
    seen: Vec<ShareView>,
}

/// Requests the share of every store of a wallet.
pub(super) async fn collect_shares<P: Ports>(
    ports: &P,
    vault: &OpenVault,
    cold: &ColdRoot,
    id: RecordId,
) -> Result<CollectedShares, Failure> {
    let wallet = vault.catalogue.wallet(id).ok_or(VaultFailure::NoSuchRecord)?;
    let context = WalletContext {
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
    let mut collected = CollectedShares { context, good: Vec::new(), seen: Vec::new() };
    for (share, leaf) in shares_by_index(vault, id) {
        let keys = cold.store_keys(vault.id(), vault.keys.epoch(), leaf.store);
        let found = fetch_share(&Client(ports.transport()), share, &leaf, &keys, &context).await;
        let state = match &found {
            Ok(_) => ShareState::Good,
            Err(state) => *state,
        };
        let seen = share_view(&leaf, store_number(&stores, leaf.store), state);
        ports.emit(Event::Share(seen.clone()));
        collected.seen.push(seen);
        collected.good.extend(found);
    }
    Ok(collected)
}

/// Fetches one share, authenticates it with the tree and opens it with its store's key.
async fn fetch_share(
    client: &Client<'_, impl Transport>,
    share: ShareId,
    leaf: &ShareLeaf,
    keys: &StoreKeys,
    context: &WalletContext,
) -> Result<DealtShare, ShareState> {
    let at = ShareAddress { store: leaf.store, share };
    // EXPOSE: each store gets its own credential only, which opens nothing but its own share.
    let read = client.read_share(at, keys.expose_credential()).await.map_err(|failed| match failed {
        CallFailed::Refused(Refusal::NotFound) => ShareState::Missing,
        CallFailed::Refused(Refusal::ProofRejected) => ShareState::Wrong,
        _ => ShareState::Unreachable,
    })?;
    let sealed = SealedShare::from_bytes(&read).map_err(|_| ShareState::Wrong)?;
    if sealed.leaf() != *leaf {
        return Err(ShareState::Wrong);
    }
    sealed.open(keys, context, leaf.index).map_err(|_| ShareState::Wrong)
}

impl CollectedShares {
    /// Combines the good shares and opens the phrase. Reports the missing shares if there are too
    /// few.
    pub(super) fn open_phrase(
        mut self,
        vault: &OpenVault,
        id: RecordId,
    ) -> Result<(Phrase, Vec<ShareView>), Failure> {
        let have = u8::try_from(self.good.len()).unwrap_or(u8::MAX);
        let missing = |shares| Failure::SharesMissing { have, need: self.context.k, shares };
        let combined = match WalletKey::combine(&self.context, &self.good) {
            Ok(combined) => combined,
            Err(CombineError::TooFewShares { .. } | CombineError::NoMatchingKey) => {
                return Err(missing(self.seen));
            }
            Err(CombineError::DuplicateShare { .. } | CombineError::MixedDealings) => {
                return Err(ImpossibleState::DealingUnusable.into());
            }
        };
        for seen in &mut self.seen {
            if combined.left_out.contains(&seen.index) {
                seen.state = ShareState::Wrong;
            }
        }
        let sealed = sealed_phrase(vault, id)?;
        let phrase =
            combined.key.open_phrase(&self.context, &sealed).map_err(|_| ImpossibleState::DealingUnusable)?;
        Ok((phrase, self.seen))
    }
}

/// Opens the secret of a wallet, which is its sealed phrase.
fn sealed_phrase(vault: &OpenVault, id: RecordId) -> Result<SealedPhrase, VaultFailure> {
    let parts = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?;
    match vault.open_secret(id, parts)? {
        Secret::Wallet(sealed) => Ok(sealed),
        _ => Err(ImpossibleState::SecretOfOtherKind.into()),
    }
}

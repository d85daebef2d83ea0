//! Dealing a new wallet key: one share for each store, each written, read back and verified before
//! anything is committed.

use crystallum_core::{
    ColdRoot, Phrase, SealedPhrase, SealedShare, ShareId, ShareLeaf, StoreKeys, WalletContext, WalletKey,
    blob_hash,
};
use crystallum_messages::{Event, ImpossibleState, ServerFailure, ShareState, wallets::Failure};

use crate::ports::{Ports, Transport};
use crate::vault::open_vault::OpenVault;
use crate::wallets::deletion::ShareDeletion;
use crate::wallets::shares::share_view;
use crate::wallets::stores::ChosenStore;
use crate::wire::client::Client;
use crate::wire::refusal::{CallFailed, Refusal};
use crate::wire::shares::ShareAddress;

/// A phrase that is sealed under a new key, and the shares of that key.
pub(super) struct NewDealing {
    pub(super) phrase: SealedPhrase,
    pub(super) shares: Vec<(ShareId, ShareLeaf)>,
}

/// Deals a new key for a phrase. If a store fails, the shares on the other stores are deleted again
/// if those stores answer.
pub(super) async fn deal_shares<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    cold: &ColdRoot,
    context: WalletContext,
    phrase: &Phrase,
    stores: &[ChosenStore],
) -> Result<NewDealing, Failure> {
    let key = WalletKey::random(ports.entropy());
    let sealed = key.seal_phrase(&context, phrase, ports.entropy());
    let dealt = key.deal(&context, ports.entropy()).map_err(|_| Failure::SplitRejected)?;
    let (mut shares, mut back) = (Vec::new(), Vec::new());
    for (part, store) in dealt.iter().zip(stores) {
        let keys = cold.store_keys(context.vault, context.epoch, store.id);
        let share = part.seal(&keys, ports.entropy());
        let id = ShareId::random(ports.entropy());
        let (leaf, at) = (share.leaf(), ShareAddress { store: store.id, share: id });
        shares.push((id, leaf));
        match put_and_read_back(&Client(ports.transport()), at, &share, &keys).await {
            Ok(read) => match read.open(&keys, &context, leaf.index) {
                Ok(opened) if read.leaf() == leaf => back.push(opened),
                _ => return Err(abandon_dealing(ports, vault, cold, &shares, store).await),
            },
            Err(CallFailed::Refused(Refusal::SessionExpired)) => {
                return Err(ServerFailure::SessionExpired.into());
            }
            Err(_) => return Err(abandon_dealing(ports, vault, cold, &shares, store).await),
        }
        ports.emit(Event::Share(share_view(&leaf, store.number, ShareState::Good)));
    }
    // The shares that were read back must open the phrase, so that nothing is committed that cannot
    // be opened.
    let again = WalletKey::combine(&context, &back).map_err(|_| ImpossibleState::DealingUnusable)?;
    again.key.open_phrase(&context, &sealed).map_err(|_| ImpossibleState::DealingUnusable)?;
    Ok(NewDealing { phrase: sealed, shares })
}

/// Writes a share and reads it back.
async fn put_and_read_back(
    client: &Client<'_, impl Transport>,
    at: ShareAddress,
    share: &SealedShare,
    keys: &StoreKeys,
) -> Result<SealedShare, CallFailed> {
    // EXPOSE: each store gets its own credential only, which opens nothing but its own share.
    let credential = keys.expose_credential();
    let access_hash = blob_hash(credential);
    let mut answer = client.put_share(at, share, access_hash).await;
    if answer == Err(CallFailed::Unreachable) {
        answer = client.put_share(at, share, access_hash).await;
    }
    answer?;
    let read = client.read_share(at, credential).await?;
    SealedShare::from_bytes(&read).map_err(|_| CallFailed::InvalidAnswer)
}

/// Reports a store that failed and deletes the shares that were written so far.
async fn abandon_dealing<P: Ports>(
    ports: &P,
    vault: &OpenVault,
    cold: &ColdRoot,
    shares: &[(ShareId, ShareLeaf)],
    store: &ChosenStore,
) -> Failure {
    if let Some((_, leaf)) = shares.last() {
        ports.emit(Event::Share(share_view(leaf, store.number, ShareState::Unreachable)));
    }
    ShareDeletion::new(vault, cold, shares).send(ports).await;
    Failure::StoreFailed { number: store.number }
}

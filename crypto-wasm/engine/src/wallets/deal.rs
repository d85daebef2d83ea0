//! Dealing: a new wallet key, one share for each store, written, read back and verified before anything is committed.

use crystallum_api as api;
use crystallum_core::{
    ColdRoot, Phrase, SealedPhrase, SealedShare, ShareId, ShareLeaf, StoreKeys, WalletContext, WalletKey,
    blob_hash,
};
use crystallum_messages::{Event, Failure, ShareState};

use zeroize::Zeroizing;

use super::stores::Chosen;
use super::view;
use crate::client::{CallFailed, Client, ShareAt};
use crate::ports::{Ports, Transport};
use crate::vault::OpenVault;

/// A phrase under a new key, and where that key's shares are.
pub(super) struct Dealt {
    pub(super) phrase: SealedPhrase,
    pub(super) shares: Vec<(ShareId, ShareLeaf)>,
}

/// Deals a new key for a phrase. When a store fails, the shares that others took are deleted again, as far as they answer.
pub(super) async fn deal<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    cold: &ColdRoot,
    place: WalletContext,
    phrase: &Phrase,
    stores: &[Chosen],
) -> Result<Dealt, Failure> {
    let key = WalletKey::random(ports.entropy());
    let sealed = key.seal_phrase(&place, phrase, ports.entropy());
    let dealt = key.deal(&place, ports.entropy()).map_err(|_| Failure::SplitRejected)?;
    let (mut shares, mut back) = (Vec::new(), Vec::new());
    for (part, store) in dealt.iter().zip(stores) {
        let keys = cold.store_keys(place.vault, place.epoch, store.id);
        let share = part.seal(&keys, ports.entropy());
        let id = ShareId::random(ports.entropy());
        let (leaf, at) = (share.leaf(), ShareAt { store: store.id, share: id });
        shares.push((id, leaf));
        match put(&Client(ports.transport()), at, &share, &keys).await {
            Ok(read) => match read.open(&keys, &place, leaf.index) {
                Ok(opened) if read.leaf() == leaf => back.push(opened),
                _ => return Err(failed(ports, vault, cold, &shares, store).await),
            },
            Err(CallFailed::Refused(failure)) if failure.code == api::Code::SessionExpired => {
                return Err(Failure::SessionExpired);
            }
            Err(_) => return Err(failed(ports, vault, cold, &shares, store).await),
        }
        ports.emit(Event::Share(view(&leaf, store.number, ShareState::Good)));
    }
    // What was read back rebuilds the key that opens the phrase: nothing is committed that could not be opened.
    let again = WalletKey::combine(&place, &back).map_err(|_| Failure::Confused)?;
    again.key.open_phrase(&place, &sealed).map_err(|_| Failure::Confused)?;
    Ok(Dealt { phrase: sealed, shares })
}

/// Writes a share and reads it back.
async fn put(
    client: &Client<'_, impl Transport>,
    at: ShareAt,
    share: &SealedShare,
    keys: &StoreKeys,
) -> Result<SealedShare, CallFailed> {
    // EXPOSE: each store is told its own credential, which opens nothing but its own share.
    let credential = keys.expose_credential();
    let access_hash = blob_hash(credential).to_vec().into();
    let body = api::PutShare { share: share.to_bytes().into(), access_hash };
    let mut answer = client.put_share(at, &body).await;
    if answer == Err(CallFailed::Unreachable) {
        answer = client.put_share(at, &body).await;
    }
    answer?;
    let read = client.read_share(at, &access(keys)).await?;
    SealedShare::from_bytes(read.share.as_slice()).map_err(|_| CallFailed::Strange)
}

pub(super) fn access(keys: &StoreKeys) -> api::ShareAccess {
    // EXPOSE: each store is told its own credential, which opens nothing but its own share.
    api::ShareAccess { credential: keys.expose_credential().to_vec().into() }
}

async fn failed<P: Ports>(
    ports: &P,
    vault: &OpenVault,
    cold: &ColdRoot,
    shares: &[(ShareId, ShareLeaf)],
    store: &Chosen,
) -> Failure {
    if let Some((_, leaf)) = shares.last() {
        ports.emit(Event::Share(view(leaf, store.number, ShareState::Unreachable)));
    }
    Deletion::of(vault, cold, shares).ask(ports).await;
    Failure::StoreFailed { number: store.number }
}

/// What it takes to have shares deleted: each store's own credential, and no key that opens anything.
pub(crate) struct Deletion(Vec<(ShareAt, Zeroizing<[u8; 32]>)>);

impl Deletion {
    pub(crate) fn of(vault: &OpenVault, cold: &ColdRoot, shares: &[(ShareId, ShareLeaf)]) -> Self {
        let each = shares.iter().map(|(share, leaf)| {
            let keys = cold.store_keys(vault.id(), vault.keys.epoch(), leaf.store);
            // EXPOSE: each store is told its own credential, which opens nothing but its own share.
            (ShareAt { store: leaf.store, share: *share }, Zeroizing::new(*keys.expose_credential()))
        });
        Self(each.collect())
    }

    /// Asks the stores to forget shares that the vault does not name. Those that are not asked, or do not answer, forget them by themselves after a day.
    pub(crate) async fn ask<P: Ports>(self, ports: &P) {
        for (at, credential) in &self.0 {
            let access = api::ShareAccess { credential: credential.as_slice().into() };
            // All stores are reached through one server: where one is out of reach, the next would only cost another wait.
            if Client(ports.transport()).delete_share(*at, &access).await == Err(CallFailed::Unreachable) {
                return;
            }
        }
    }
}

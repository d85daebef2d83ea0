//! Verified states of the accounts that wrote last, so that a write costs what it changes and not
//! what the vault holds.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crystallum_api::Id;
use crystallum_format::state::VaultState;
use tokio::sync::{Notify, OwnedMutexGuard};

use crate::app::settings::Settings;
use crate::vault::quota::ACCESS_ENTRIES;

/// Returns how many leaves all states that are kept have together, if a vault may have so many
/// entries: enough for any vault, and not fewer than by default, since a server of small vaults
/// keeps many of them. `app::capacity` adds up their memory with the rest, about 26 MB by default,
/// and once more for the one that is being read.
pub(crate) const fn max_kept_leaves(vault_entries: u64) -> u64 {
    let least = Settings::VAULT_ENTRIES;
    ACCESS_ENTRIES + if vault_entries > least { vault_entries } else { least }
}

/// Returns how many branches the tree of a vault with so many leaves may have. Ids are hashed, so a
/// tree has 1.44 for each leaf and hardly more. Whoever chooses ids whose hashes begin alike could
/// make as many as memory holds.
pub(crate) const fn max_branches(leaves: u64) -> u64 {
    leaves + leaves / 2 + 1_000
}

/// The states that are kept.
pub(crate) struct States {
    kept: Mutex<Kept>,
    /// Held while a state is read and verified, and until there is room for it.
    pub(super) restoring: Arc<tokio::sync::Mutex<()>>,
    /// Told when there may be room.
    room: Notify,
    max_leaves: AtomicU64,
}

#[derive(Default)]
struct Kept {
    by_account: HashMap<Id, Entry>,
    leaves: u64,
    uses: u64,
}

/// The place of a state.
struct Entry {
    /// The number of the use that kept it.
    used: u64,
    leaves: u64,
    /// The state, or `None` while a write has it. It does not lose its place meanwhile.
    state: Option<VaultState>,
}

/// A state that was handed to a write before that waits for the database. It goes back to its
/// place, unless the write takes it out.
pub(crate) struct Prepared {
    states: Arc<States>,
    account: Id,
    state: Option<VaultState>,
    has_place: bool,
    /// Held by a state for which there is no place, so that there is one of them at a time.
    _alone: Option<OwnedMutexGuard<()>>,
}

impl States {
    /// Returns an empty cache for vaults that may have so many entries.
    pub(crate) fn new(vault_entries: u64) -> Self {
        Self {
            kept: Mutex::default(),
            restoring: Arc::default(),
            room: Notify::new(),
            max_leaves: AtomicU64::new(max_kept_leaves(vault_entries)),
        }
    }

    /// Hands out the state of an account, if it is kept and has a head with this hash. Whoever asks
    /// has the account's turn.
    pub(super) fn lend(self: &Arc<Self>, account: Id, head: &[u8; 32]) -> Option<Prepared> {
        let mut kept = self.lock();
        let state = kept.by_account.get_mut(&account)?.state.take();
        if let Some(state) = state.filter(|state| hash(state) == *head) {
            return Some(Prepared::new(self, account, state));
        }
        kept.remove(account);
        None
    }

    /// Hands out a state that was just read. It gets a place, for which those make room that were
    /// not used for the longest time; those that writes have keep theirs, so this may have to wait.
    /// A state for which there could never be a place costs the others nothing.
    pub(super) async fn admit(
        self: &Arc<Self>,
        account: Id,
        state: VaultState,
        alone: OwnedMutexGuard<()>,
    ) -> Prepared {
        loop {
            let max = self.max_leaves.load(Ordering::Relaxed);
            if leaves(&state) > max {
                let (states, state) = (Arc::clone(self), Some(state));
                return Prepared { states, account, state, has_place: false, _alone: Some(alone) };
            }
            if self.lock().reserve(account, leaves(&state), max) {
                return Prepared::new(self, account, state);
            }
            self.room.notified().await;
        }
    }

    /// Hands out no state.
    pub(crate) fn nothing(self: &Arc<Self>, account: Id) -> Prepared {
        Prepared { states: Arc::clone(self), account, state: None, has_place: false, _alone: None }
    }

    /// Keeps a state that is on disk. Those that were not used for the longest time make room; one
    /// for which there is no room at all is dropped, and costs the others nothing.
    pub(super) fn keep(&self, account: Id, state: VaultState) {
        let mut kept = self.lock();
        kept.remove(account);
        let max = self.max_leaves.load(Ordering::Relaxed);
        if kept.reserve(account, leaves(&state), max)
            && let Some(entry) = kept.by_account.get_mut(&account)
        {
            entry.state = Some(state);
        }
        drop(kept);
        self.room.notify_one();
    }

    /// Drops the state of an account.
    pub(crate) fn forget(&self, account: Id) {
        self.lock().remove(account);
        self.room.notify_one();
    }

    /// Sets how many leaves all states together may have. Only tests use this.
    pub(crate) fn set_max_leaves(&self, leaves: u64) {
        self.max_leaves.store(leaves, Ordering::Relaxed);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Makes a place for a state with so many leaves. Returns false if there is no room, because
    /// the state is too large or writes have the others.
    fn reserve(&mut self, account: Id, leaves: u64, max: u64) -> bool {
        let lent: u64 =
            self.by_account.values().filter(|entry| entry.state.is_none()).map(|e| e.leaves).sum();
        if lent + leaves > max {
            return false;
        }
        while self.leaves + leaves > max {
            let unused = self.by_account.iter().filter(|(_, entry)| entry.state.is_some());
            let Some(oldest) = unused.min_by_key(|(_, entry)| entry.used).map(|(oldest, _)| *oldest) else {
                break;
            };
            self.remove(oldest);
        }
        self.uses += 1;
        self.leaves += leaves;
        self.by_account.insert(account, Entry { used: self.uses, leaves, state: None });
        true
    }

    fn remove(&mut self, account: Id) {
        if let Some(entry) = self.by_account.remove(&account) {
            self.leaves -= entry.leaves;
        }
    }
}

impl Prepared {
    /// Hands out a state that has a place.
    fn new(states: &Arc<States>, account: Id, state: VaultState) -> Self {
        Self { states: Arc::clone(states), account, state: Some(state), has_place: true, _alone: None }
    }

    /// Returns the state.
    pub(crate) fn state(&self) -> Option<&VaultState> {
        self.state.as_ref()
    }

    /// Takes the state out for a write, if it has a head with this hash.
    pub(super) fn take(&mut self, head: &[u8; 32]) -> Option<VaultState> {
        self.state.take_if(|state| hash(state) == *head)
    }

    /// Puts a state back that the write did not change.
    pub(super) fn put_back(&mut self, state: VaultState) {
        self.state = Some(state);
    }

    /// Keeps the state after a write that is on disk.
    pub(super) fn finish(mut self, state: VaultState) {
        self.has_place = false;
        self.states.keep(self.account, state);
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        if !self.has_place {
            return;
        }
        let mut kept = self.states.lock();
        if let Some(entry) = kept.by_account.get_mut(&self.account).filter(|entry| entry.state.is_none()) {
            match self.state.take() {
                Some(state) => entry.state = Some(state),
                None => kept.remove(self.account),
            }
        }
        drop(kept);
        self.states.room.notify_one();
    }
}

fn leaves(state: &VaultState) -> u64 {
    counted_leaves(state.head().body().leaves, state.branches())
}

/// Returns how many leaves a state counts for: as many as have one and a half branches each.
fn counted_leaves(leaves: u64, branches: u64) -> u64 {
    leaves.max((branches * 2).div_ceil(3))
}

fn hash(state: &VaultState) -> [u8; 32] {
    state.head().body().hash()
}

#[cfg(test)]
mod tests;

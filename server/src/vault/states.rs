//! Verified states of the accounts that wrote last, so that a write costs what it changes and not
//! what the vault holds.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crystallum_api::Id;
use crystallum_format::state::VaultState;

/// How many leaves all states that are kept have together, and how many one vault may have: about
/// 20 MB, which `app::capacity` adds up with the rest, once more for the one that is being read. A
/// vault of 10,000 records is a quarter of it.
pub(crate) const MAX_LEAVES: u64 = 40_000;

/// The states that are kept.
pub(crate) struct States {
    kept: Mutex<Kept>,
    /// Held while a state is read and verified.
    pub(super) restoring: tokio::sync::Mutex<()>,
    max_leaves: AtomicU64,
}

#[derive(Default)]
struct Kept {
    /// Each state with the number of the use that kept it.
    by_account: HashMap<Id, (u64, VaultState)>,
    leaves: u64,
    uses: u64,
}

impl Default for States {
    fn default() -> Self {
        Self {
            kept: Mutex::default(),
            restoring: tokio::sync::Mutex::default(),
            max_leaves: AtomicU64::new(MAX_LEAVES),
        }
    }
}

impl States {
    /// Returns whether the state of an account is kept and is the one at this counter.
    pub(super) fn has(&self, account: Id, counter: u64) -> bool {
        let kept = self.lock();
        kept.by_account.get(&account).is_some_and(|(_, state)| state.head().body().counter == counter)
    }

    /// Takes the state of an account, if it is the one at this counter. Whoever takes it keeps it
    /// again after the write is on disk, or drops it if the write is not made.
    pub(super) fn take(&self, account: Id, counter: u64) -> Option<VaultState> {
        let state = self.lock().remove(account)?;
        (state.head().body().counter == counter).then_some(state)
    }

    /// Keeps a state that is on disk. Those that were not used for the longest time make room; one
    /// for which there is no room at all is dropped, and costs the others nothing.
    pub(super) fn keep(&self, account: Id, state: VaultState) {
        let mut kept = self.lock();
        drop(kept.remove(account));
        let max_leaves = self.max_leaves.load(Ordering::Relaxed);
        if leaves(&state) > max_leaves {
            return;
        }
        kept.uses += 1;
        let use_number = kept.uses;
        kept.leaves += leaves(&state);
        kept.by_account.insert(account, (use_number, state));
        while kept.leaves > max_leaves {
            let Some(oldest) = kept.by_account.iter().min_by_key(|(_, (used, _))| *used) else { break };
            let oldest = *oldest.0;
            drop(kept.remove(oldest));
        }
    }

    /// Drops the state of an account.
    pub(crate) fn forget(&self, account: Id) {
        drop(self.lock().remove(account));
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
    fn remove(&mut self, account: Id) -> Option<VaultState> {
        let (_, state) = self.by_account.remove(&account)?;
        self.leaves -= leaves(&state);
        Some(state)
    }
}

fn leaves(state: &VaultState) -> u64 {
    state.head().body().leaves
}

#[cfg(test)]
mod tests {
    use crystallum_format::samples::{genesis, written};

    use super::*;

    const ACCOUNT: Id = Id([7; 16]);

    #[test]
    fn a_state_is_taken_once_and_at_its_counter_only() {
        let states = States::default();
        assert!(states.take(ACCOUNT, 1).is_none());
        states.keep(ACCOUNT, genesis());
        assert!(states.take(ACCOUNT, 1).is_some());
        assert!(states.take(ACCOUNT, 1).is_none());
        states.keep(ACCOUNT, written());
        assert!(states.take(ACCOUNT, 1).is_none(), "another counter");
        states.keep(ACCOUNT, written());
        states.forget(ACCOUNT);
        assert!(states.take(ACCOUNT, 2).is_none());
        assert_eq!(states.lock().leaves, 0);
    }

    #[test]
    fn what_was_used_least_lately_makes_room() {
        let (states, room) = (States::default(), 5);
        states.set_max_leaves(room * leaves(&genesis()));
        let account = |number: u64| Id(u128::from(number).to_be_bytes());
        for number in 0..room {
            states.keep(account(number), genesis());
        }
        let first = states.take(account(0), 1).expect("there was room");
        states.keep(account(0), first);
        states.keep(account(room), genesis());
        assert!(states.take(account(1), 1).is_none(), "used longest ago");
        assert!(states.take(account(0), 1).is_some() && states.take(account(room), 1).is_some());
        // A state that is too large for the room is not kept.
        states.set_max_leaves(1);
        states.keep(account(0), genesis());
        assert!(states.take(account(0), 1).is_none());
    }

    #[test]
    fn a_state_that_is_too_large_costs_the_others_nothing() {
        let states = States::default();
        let small = Id([1; 16]);
        states.set_max_leaves(leaves(&genesis()));
        states.keep(small, genesis());
        states.keep(ACCOUNT, written());
        assert!(!states.has(ACCOUNT, 2) && states.has(small, 1));
    }
}

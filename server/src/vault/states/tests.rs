use crystallum_format::samples::{genesis, written};

use super::*;

const ACCOUNT: Id = Id([7; 16]);

fn account(number: u64) -> Id {
    Id(u128::from(number).to_be_bytes())
}

/// Returns whether the state of an account is kept.
fn has(states: &Arc<States>, account: Id, state: &VaultState) -> bool {
    states.lend(account, &hash(state)).is_some()
}

async fn alone(states: &States) -> OwnedMutexGuard<()> {
    Arc::clone(&states.restoring).lock_owned().await
}

#[test]
fn a_state_is_handed_out_once_and_for_its_head_only() {
    let states = Arc::new(States::new(Settings::VAULT_ENTRIES));
    assert!(!has(&states, ACCOUNT, &genesis()));
    states.keep(ACCOUNT, genesis());
    let lent = states.lend(ACCOUNT, &hash(&genesis())).unwrap();
    assert!(states.lock().by_account[&ACCOUNT].state.is_none());
    drop(lent);
    assert!(has(&states, ACCOUNT, &genesis()), "it went back");
    // Another state with the same counter, as after another process has made the account again.
    let mut other = hash(&genesis());
    other[0] ^= 1;
    assert!(states.lend(ACCOUNT, &other).is_none());
    assert!(!has(&states, ACCOUNT, &genesis()), "what is stale is dropped");
    states.keep(ACCOUNT, written());
    states.forget(ACCOUNT);
    assert!(!has(&states, ACCOUNT, &written()));
    assert_eq!(states.lock().leaves, 0);
}

#[test]
fn what_a_write_took_out_comes_back_changed_or_not_at_all() {
    let states = Arc::new(States::new(Settings::VAULT_ENTRIES));
    states.keep(ACCOUNT, genesis());
    let mut lent = states.lend(ACCOUNT, &hash(&genesis())).unwrap();
    assert!(lent.take(&hash(&written())).is_none(), "another head");
    drop(lent.take(&hash(&genesis())).unwrap());
    lent.finish(written());
    assert!(has(&states, ACCOUNT, &written()));
    let mut lent = states.lend(ACCOUNT, &hash(&written())).unwrap();
    let unchanged = lent.take(&hash(&written())).unwrap();
    lent.put_back(unchanged);
    drop(lent);
    let mut lent = states.lend(ACCOUNT, &hash(&written())).unwrap();
    // As when the transaction fails.
    drop(lent.take(&hash(&written())).unwrap());
    drop(lent);
    assert!(!has(&states, ACCOUNT, &written()));
    assert!(states.lock().by_account.is_empty());
    assert_eq!(states.lock().leaves, 0);
}

#[test]
fn what_was_used_least_lately_makes_room() {
    let (states, room) = (Arc::new(States::new(Settings::VAULT_ENTRIES)), 5);
    states.set_max_leaves(room * leaves(&genesis()));
    for number in 0..room {
        states.keep(account(number), genesis());
    }
    states.lend(account(0), &hash(&genesis())).expect("there was room").finish(genesis());
    states.keep(account(room), genesis());
    assert!(!has(&states, account(1), &genesis()), "used longest ago");
    assert!(has(&states, account(0), &genesis()) && has(&states, account(room), &genesis()));
    // A state that is too large for the room is not kept.
    states.set_max_leaves(1);
    states.keep(account(0), genesis());
    assert!(!has(&states, account(0), &genesis()));
}

#[test]
fn a_state_that_is_too_large_costs_the_others_nothing() {
    let states = Arc::new(States::new(Settings::VAULT_ENTRIES));
    let small = Id([1; 16]);
    states.set_max_leaves(leaves(&genesis()));
    states.keep(small, genesis());
    states.keep(ACCOUNT, written());
    assert!(!has(&states, ACCOUNT, &written()) && has(&states, small, &genesis()));
}

/// Otherwise a write would find nothing and would have to read it while the database is locked.
#[tokio::test]
async fn what_a_write_has_keeps_its_place() {
    let states = Arc::new(States::new(Settings::VAULT_ENTRIES));
    states.set_max_leaves(2 * leaves(&genesis()));
    states.keep(account(0), genesis());
    let first = states.lend(account(0), &hash(&genesis())).unwrap();
    for number in 1..9 {
        let second = states.admit(account(number), genesis(), alone(&states).await).await;
        assert_eq!(states.lock().leaves, 2 * leaves(&genesis()));
        drop(second);
    }
    states.keep(account(9), genesis());
    let mut first = first;
    assert!(first.take(&hash(&genesis())).is_some());
    first.finish(genesis());
    assert!(has(&states, account(0), &genesis()) && has(&states, account(9), &genesis()));
}

#[tokio::test]
async fn a_state_that_was_read_waits_for_room() {
    let states = Arc::new(States::new(Settings::VAULT_ENTRIES));
    states.set_max_leaves(leaves(&genesis()));
    let first = states.admit(account(0), genesis(), alone(&states).await).await;
    let mut second = Box::pin(states.admit(account(1), genesis(), alone(&states).await));
    tokio::select! {
        biased;
        _ = &mut second => panic!("there is no room"),
        () = std::future::ready(()) => {}
    }
    assert!(states.restoring.try_lock().is_err(), "nobody reads another one meanwhile");
    drop(first);
    drop(second.await);
    assert!(has(&states, account(1), &genesis()) && states.restoring.try_lock().is_ok());
    assert_eq!(states.lock().leaves, leaves(&genesis()));
    // One that could never have a place is the only one.
    let large = states.admit(account(2), written(), alone(&states).await).await;
    assert!(states.restoring.try_lock().is_err() && has(&states, account(1), &genesis()));
    drop(large);
    assert!(states.restoring.try_lock().is_ok());
}

#[test]
fn a_state_counts_for_its_leaves_or_for_its_branches() {
    assert_eq!(counted_leaves(10_000, 14_427), 10_000, "as a vault is");
    assert_eq!(counted_leaves(80, max_branches(80)), 747, "as somebody has made one");
    // Whatever it is like, a vault has a place.
    for entries in [1_000, Settings::VAULT_ENTRIES, 250_000] {
        let states = States::new(entries);
        let (leaves, place) = (entries + ACCESS_ENTRIES, states.max_leaves.into_inner());
        assert!(counted_leaves(leaves, leaves * 3 / 2) <= place, "{entries}");
        assert!(place >= 40_300, "small vaults leave the room that there is");
    }
}

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use crystallum_core::{DeviceId, HeadBody, Op, RecordId, VaultVerifier};

use super::*;
use crate::local::schema::CHANGES;
use crate::ports::{Batch, WriteFailed};
use crate::vault::verified_heads::KEPT_HEADS;

const VAULT: VaultId = VaultId::new([7; 16]);

/// A store in memory.
#[derive(Clone, Default)]
struct Memory(Rc<RefCell<BTreeMap<String, Vec<u8>>>>);

impl LocalStore for Memory {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreFailed> {
        Ok(self.0.borrow().get(key).cloned())
    }

    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreFailed> {
        let values = self.0.borrow();
        let found = values.iter().filter(|(key, _)| key.starts_with(prefix));
        Ok(found.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    async fn write(&self, batch: Batch) -> Result<(), WriteFailed> {
        let values = batch.writes.into_iter().filter_map(|(key, value)| Some((key, value?)));
        self.0.borrow_mut().extend(values);
        Ok(())
    }
}

/// Returns the result of a future that waits for nothing.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("a store in memory answers at once"),
    }
}

fn change(counter: u64) -> SealedChange {
    SealedChange::Tombstone(RecordId::new([3; 16]), counter)
}

fn heads(counters: impl Iterator<Item = u64>) -> VerifiedHeads {
    let mut heads = VerifiedHeads::default();
    for counter in counters {
        let body = HeadBody {
            min_format: 1,
            op: Op::Write,
            vault: VAULT,
            epoch: 1,
            counter,
            prev: Some([1; 32]),
            history: [2; 32],
            root: [3; 32],
            leaves: 4,
            writer: DeviceId::new([5; 16]),
            time: 6,
            vault_key: VaultVerifier::from_bytes([7; 32]),
        };
        heads.push(SignedHead::new(body, [8; 64], [9; 64]), &[change(counter)]);
    }
    heads
}

/// Adds heads to a store in steps of these sizes.
fn stored(sizes: impl Iterator<Item = u64>) -> BTreeMap<String, Vec<u8>> {
    let (store, mut next) = (Memory::default(), 1);
    for size in sizes {
        let LogWrites(writes) = ready(log_heads(&store, VAULT, &heads(next..next + size))).unwrap();
        ready(store.write(Batch { expect: None, writes })).unwrap();
        next += size;
    }
    store.0.take()
}

#[test]
fn the_log_is_the_same_however_the_heads_arrive() {
    let all: Vec<[u8; 32]> = heads(1..=200).hashes().to_vec();
    let at_once = stored(std::iter::once(200));
    let log: Vec<u8> =
        at_once.iter().filter(|(key, _)| key.contains(LOG)).flat_map(|(_, v)| v.clone()).collect();
    assert_eq!(log, all.as_flattened());
    assert_eq!(at_once.len(), 4 + 2 * 200, "four blocks, the heads and what they changed");
    assert_eq!(stored(std::iter::repeat_n(1, 200)), at_once);
    assert_eq!(stored([63, 1, 1, 63, 72].into_iter()), at_once);
}

#[test]
fn a_log_may_begin_later() {
    for first in [2_u64, 64, 65, 100] {
        let mut before = History::default();
        heads(1..=first - 1).hashes().iter().for_each(|hash| before.push(hash));
        let store = Memory::default();
        let LogWrites(writes) = begin_log(VAULT, &before, &heads(first..=first + 5));
        ready(store.write(Batch { expect: None, writes })).unwrap();
        let LogWrites(writes) = ready(log_heads(&store, VAULT, &heads(first + 6..=first + 70))).unwrap();
        ready(store.write(Batch { expect: None, writes })).unwrap();
        let values = store.0.take();
        let log: Vec<u8> =
            values.iter().filter(|(key, _)| key.contains(LOG)).flat_map(|(_, value)| value.clone()).collect();
        let filler = usize::try_from(first - 1).unwrap() % HASHES_IN_BLOCK * 32;
        assert_eq!(&log[filler..], heads(first..=first + 70).hashes().as_flattened(), "from {first} on");
        assert_eq!(values[&log_start_key(VAULT)], before.to_bytes());
    }
}

#[test]
fn as_many_whole_heads_are_kept_as_put_back_can_need() {
    let kept = u64::from(KEPT_HEADS);
    let stored = stored([kept, 5].into_iter());
    for room in [WHOLE, CHANGES] {
        assert_eq!(stored.keys().filter(|key| key.contains(room)).count(), usize::from(KEPT_HEADS));
    }
    let head = |at: u64| SignedHead::from_bytes(&stored[&head_key(VAULT, at)]).unwrap();
    assert_eq!(head(6).body().counter, 6);
    assert_eq!(head(5).body().counter, kept + 5);
    let store = Memory(Rc::new(RefCell::new(stored.clone())));
    for at in [6, kept, kept + 5] {
        assert_eq!(ready(kept_changes(&store, VAULT, at)), Ok(Some(vec![change(at)])));
        assert_eq!(ready(whole_head(&store, VAULT, at)).unwrap().unwrap().body().counter, at);
    }
    for gone in [1, 5, kept + 6] {
        assert_eq!(ready(kept_changes(&store, VAULT, gone)), Ok(None), "another one has its place");
        assert_eq!(ready(whole_head(&store, VAULT, gone)), Ok(None));
    }
    let mut more = heads(1..=kept + 2);
    more.append(heads(kept + 3..=kept + 5));
    assert_eq!((more.hashes().len(), more.newest().count()), (2_005, 2_000));
    assert_eq!(more.newest().next().unwrap().body().counter, 6);
}

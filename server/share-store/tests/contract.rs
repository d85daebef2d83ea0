//! What every share store does, whatever it is made of. A new kind of store is added to `stores`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crystallum_api::Id;
use crystallum_share_store::{
    CALL_TIMEOUT, Contents, Key, Listed, MAX_CALLS, MAX_PENDING, Memory, ShareStore, State, StoreError,
    StoreFile, create,
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const ACCOUNT: Id = Id([1; 16]);
const CREDENTIAL: [u8; 32] = [7; 32];
const NOW: i64 = 1_800_000_000;

/// Returns an empty store of every kind, and the folder that must outlive them.
async fn stores() -> (Vec<Box<dyn ShareStore>>, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shares.db");
    let id = Id([9; 16]);
    create(&file, id).await.unwrap();
    (vec![Box::new(StoreFile::new(1, id, file))], folder)
}

fn key(share: u8) -> Key {
    Key { account: ACCOUNT, share: Id([share; 16]) }
}

fn memory(mark: u64) -> Memory {
    Memory { server: Id([5; 16]), run: Some(Id([6; 16])), mark }
}

fn contents(share: &[u8]) -> Contents {
    Contents { share: share.to_vec(), access_hash: Sha256::digest(CREDENTIAL).into() }
}

#[tokio::test]
async fn a_share_comes_back_to_whoever_knows_its_credential() {
    for store in stores().await.0 {
        store.check().await.unwrap();
        store.put(key(1), &contents(b"share"), NOW).await.unwrap();
        let hash = Sha256::digest(b"share").into();
        assert_eq!(store.state(key(1)).await, Ok(State { hash, claimed: false }));
        assert_eq!(store.read(key(1), &CREDENTIAL).await, Ok(b"share".to_vec()));
        assert_eq!(store.read(key(1), &[8; 32]).await, Err(StoreError::Rejected));
        assert_eq!(store.delete(key(1), &[8; 32]).await, Err(StoreError::Rejected));
        store.delete(key(1), &CREDENTIAL).await.unwrap();
        for gone in [store.read(key(1), &CREDENTIAL).await.map(drop), store.state(key(1)).await.map(drop)] {
            assert_eq!(gone, Err(StoreError::NotFound));
        }
        assert_eq!(store.delete(key(1), &CREDENTIAL).await, Err(StoreError::NotFound));
    }
}

#[tokio::test]
async fn putting_again_is_harmless_and_other_contents_are_refused() {
    for store in stores().await.0 {
        store.put(key(1), &contents(b"share"), NOW).await.unwrap();
        store.put(key(1), &contents(b"share"), NOW + 5).await.unwrap();
        assert_eq!(store.list(None).await.unwrap().first().unwrap().created, NOW + 5);
        assert_eq!(store.put(key(1), &contents(b"other"), NOW).await, Err(StoreError::Taken));
        let other = Contents { access_hash: [0; 32], ..contents(b"share") };
        assert_eq!(store.put(key(1), &other, NOW).await, Err(StoreError::Taken));
        assert_eq!(store.read(key(1), &CREDENTIAL).await, Ok(b"share".to_vec()));
    }
}

#[tokio::test]
async fn the_newest_pending_shares_of_an_account_are_kept() {
    for store in stores().await.0 {
        let most = u8::try_from(MAX_PENDING).unwrap();
        store.put(key(0), &contents(b"share"), NOW).await.unwrap();
        store.claim(&[key(0)], memory(1)).await.unwrap();
        for number in 1..=most {
            store.put(key(number), &contents(b"share"), NOW).await.unwrap();
        }
        let other = Key { account: Id([2; 16]), ..key(255) };
        store.put(other, &contents(b"share"), NOW).await.unwrap();
        // The oldest was put again and is among the newest now.
        store.put(key(1), &contents(b"share"), NOW + 1).await.unwrap();
        store.put(key(255), &contents(b"share"), NOW + 2).await.unwrap();
        assert_eq!(store.pending().await, Ok(u64::from(MAX_PENDING) + 1));
        assert_eq!(store.state(key(2)).await, Err(StoreError::NotFound));
        for kept in [key(0), key(1), key(3), key(255), other] {
            store.state(kept).await.unwrap();
        }
    }
}

#[tokio::test]
async fn claims_and_orphans_are_remembered_and_can_be_repeated() {
    for store in stores().await.0 {
        store.put(key(1), &contents(b"share"), NOW).await.unwrap();
        for _ in 0..2 {
            // A share that the store does not have is ignored.
            store.claim(&[key(1), key(2)], memory(1)).await.unwrap();
            assert!(store.state(key(1)).await.unwrap().claimed);
        }
        store.orphan(&[key(1), key(2)], NOW).await.unwrap();
        store.orphan(&[key(1)], NOW + 5).await.unwrap();
        assert_eq!(store.list(None).await.unwrap().first().unwrap().orphaned_at, Some(NOW));
        store.claim(&[key(1)], memory(1)).await.unwrap();
        assert_eq!(store.list(None).await.unwrap().first().unwrap().orphaned_at, None);
        assert_eq!(store.state(key(2)).await, Err(StoreError::NotFound));
    }
}

#[tokio::test]
async fn every_share_is_listed_once_and_in_order() {
    for store in stores().await.0 {
        let mut expected = Vec::new();
        for account in 1..=12 {
            for share in 1..=42 {
                let key = Key { account: Id([account; 16]), share: Id([share; 16]) };
                store.put(key, &contents(b"share"), NOW).await.unwrap();
                expected.push(key);
            }
        }
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = store.list(after).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.key);
            found.extend(page.iter().map(|listed| listed.key));
        }
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn shares_go_one_by_one_or_with_their_account() {
    for store in stores().await.0 {
        let other = Key { account: Id([2; 16]), ..key(1) };
        for key in [key(1), key(2), other] {
            store.put(key, &contents(b"share"), NOW).await.unwrap();
        }
        let mut listed = store.list(None).await.unwrap();
        listed.retain(|listed| listed.key == key(1));
        listed.push(Listed { key: key(3), ..listed[0] });
        store.discard(&listed).await.unwrap();
        assert_eq!(store.state(key(1)).await, Err(StoreError::NotFound));
        store.delete_account(ACCOUNT).await.unwrap();
        assert_eq!(store.state(key(2)).await, Err(StoreError::NotFound));
        store.state(other).await.unwrap();
    }
}

#[tokio::test]
async fn a_file_that_is_missing_or_another_stores_is_unavailable() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shares.db");
    let store = StoreFile::new(1, Id([9; 16]), file.clone());
    assert_eq!(store.check().await, Err(StoreError::Unavailable));
    create(&file, Id([8; 16])).await.unwrap();
    assert_eq!(store.put(key(1), &contents(b"share"), NOW).await, Err(StoreError::Unavailable));
    assert_eq!(StoreFile::new(1, Id([8; 16]), file).pending().await, Ok(0));
}

#[tokio::test]
async fn the_largest_mark_of_a_run_is_remembered() {
    for store in stores().await.0 {
        assert_eq!(store.memory().await, Ok(None));
        // A claim tells no store that was not told before.
        store.claim(&[], memory(7)).await.unwrap();
        assert_eq!(store.memory().await, Ok(None));
        store.remember(memory(7)).await.unwrap();
        store.remember(memory(5)).await.unwrap();
        assert_eq!(store.memory().await, Ok(Some(memory(7))));
        store.claim(&[], memory(9)).await.unwrap();
        store.claim(&[], memory(3)).await.unwrap();
        for other in [
            Memory { server: Id([8; 16]), ..memory(99) },
            Memory { run: Some(Id([8; 16])), ..memory(99) },
            Memory { run: None, ..memory(99) },
        ] {
            store.claim(&[], other).await.unwrap();
        }
        assert_eq!(store.memory().await, Ok(Some(memory(9))));
        let other = Memory { run: Some(Id([8; 16])), ..memory(2) };
        store.remember(other).await.unwrap();
        assert_eq!(store.memory().await, Ok(Some(other)));
    }
}

#[tokio::test]
async fn what_changed_since_it_was_listed_is_not_discarded() {
    for store in stores().await.0 {
        for number in 1..=3 {
            store.put(key(number), &contents(b"share"), NOW).await.unwrap();
        }
        let listed = store.list(None).await.unwrap();
        store.put(key(1), &contents(b"share"), NOW + 1).await.unwrap();
        store.claim(&[key(2)], memory(1)).await.unwrap();
        store.discard(&listed).await.unwrap();
        assert_eq!(keys(&*store).await, [key(1), key(2)]);
    }
}

async fn keys(store: &dyn ShareStore) -> Vec<Key> {
    store.list(None).await.unwrap().iter().map(|listed| listed.key).collect()
}

/// As on a disk that does not answer. Each call has a thread, which cannot be stopped.
#[tokio::test]
async fn a_store_that_does_not_answer_has_few_calls_and_refuses_the_others_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shares.db");
    create(&file, Id([9; 16])).await.unwrap();
    let store = StoreFile::new(1, Id([9; 16]), file);
    store.put(key(1), &contents(b"share"), NOW).await.unwrap();
    let listed = store.list(None).await.unwrap();
    store.hold(true, false);
    tokio::time::pause();
    let start = tokio::time::Instant::now();
    let calls = (0..60).map(|_| {
        let (store, listed) = (store.clone(), listed.clone());
        tokio::spawn(async move { store.discard(&listed).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), Err(StoreError::Unavailable));
    }
    assert_eq!(start.elapsed().as_secs(), CALL_TIMEOUT.as_secs());
    assert!(store.calls() == MAX_CALLS && !store.works());
    // Nobody else waits.
    assert_eq!(store.state(key(1)).await, Err(StoreError::Unavailable));
    store.recheck().await;
    assert_eq!((start.elapsed().as_secs(), store.calls()), (CALL_TIMEOUT.as_secs(), MAX_CALLS));
    // The disk answers again. What nobody waits for any more is not carried out.
    tokio::time::resume();
    store.hold(false, false);
    while store.calls() > 0 {
        tokio::task::yield_now().await;
    }
    tokio::task::yield_now().await;
    store.recheck().await;
    assert!(store.works());
    store.state(key(1)).await.unwrap();
}

//! Putting shares into stores and reading them back.

use crystallum_api::{Bytes, Code, MAX_SHARE, ReadShare, ShareAccess, ShareState, StoreLocation};

use crate::dealing::{Share, stores};
use crate::fixture::Fixture;
use crate::person::Person;
use crate::writes::id;

async fn person_and_share(fixture: &Fixture) -> (Person, Share) {
    let mut person = Person::new(fixture, "anna").await;
    let store = stores(&mut person.browser).await[0].id;
    (person, Share::new("share", store))
}

#[tokio::test]
async fn there_are_five_stores_with_ids_of_their_own() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let stores = stores(&mut person.browser).await;
    assert_eq!(stores.iter().map(|store| store.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert!(stores.iter().all(|store| store.available && store.location == StoreLocation::SameMachine));
    let mut ids: Vec<_> = stores.iter().map(|store| store.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
    let elsewhere = Fixture::start().await;
    let mut other = Person::new(&elsewhere, "anna").await;
    assert!(crate::dealing::stores(&mut other.browser).await.iter().all(|store| !ids.contains(&store.id)));
}

#[tokio::test]
async fn a_share_comes_back_as_it_was_put() {
    let fixture = Fixture::start().await;
    let (mut person, share) = person_and_share(&fixture).await;
    assert_eq!(share.state(&mut person.browser).await.code(), Code::NotFound);
    assert_eq!(share.read(&mut person.browser).await.code(), Code::NotFound);
    assert_eq!(share.delete(&mut person.browser).await.code(), Code::NotFound);
    let reply = share.put(&mut person.browser).await;
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    let state: ShareState = share.state(&mut person.browser).await.json();
    assert_eq!(state, ShareState { hash: share.hash(), claimed: false });
    let read: ReadShare = share.read(&mut person.browser).await.json();
    assert_eq!(read.share.0, share.bytes);
    let reply = share.delete(&mut person.browser).await;
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    assert_eq!(share.state(&mut person.browser).await.code(), Code::NotFound);
    // The id can be used again, since no vault has had it.
    assert_eq!(share.put(&mut person.browser).await.status, 204);
}

#[tokio::test]
async fn an_id_stands_for_one_content() {
    let fixture = Fixture::start().await;
    let (mut person, share) = person_and_share(&fixture).await;
    for _ in 0..3 {
        assert_eq!(share.put(&mut person.browser).await.status, 204);
    }
    let other_bytes = Share { bytes: vec![1; 320], ..share.clone() };
    let other_credential = Share { credential: [1; 32], ..share.clone() };
    for other in [other_bytes, other_credential] {
        assert_eq!(other.put(&mut person.browser).await.code(), Code::CommitIdReused);
    }
    assert!(share.is_stored(&mut person.browser).await);
    // The same id in another store is a different share.
    let store = stores(&mut person.browser).await[1].id;
    let elsewhere = Share { store, bytes: vec![2; 300], ..share.clone() };
    assert_eq!(elsewhere.put(&mut person.browser).await.status, 204);
    assert!(share.is_stored(&mut person.browser).await && elsewhere.is_stored(&mut person.browser).await);
}

#[tokio::test]
async fn the_credential_lets_a_share_out() {
    let fixture = Fixture::start().await;
    let (mut person, share) = person_and_share(&fixture).await;
    share.put(&mut person.browser).await;
    for wrong in [[0; 32], [0xff; 32]] {
        let wrong = Share { credential: wrong, ..share.clone() };
        assert_eq!(wrong.read(&mut person.browser).await.code(), Code::ProofRejected);
        assert_eq!(wrong.delete(&mut person.browser).await.code(), Code::ProofRejected);
    }
    let mut near = share.clone();
    near.credential[31] ^= 1;
    assert_eq!(near.read(&mut person.browser).await.code(), Code::ProofRejected);
    // The stored hash of the credential is not accepted as the credential.
    let kept = ShareAccess { credential: share.contents().access_hash };
    let reply = person.browser.post_json(&format!("{}/read", share.path()), &kept).await;
    assert_eq!(reply.code(), Code::ProofRejected);
    assert!(share.is_stored(&mut person.browser).await);
}

#[tokio::test]
async fn sizes_are_those_of_the_wire() {
    let fixture = Fixture::start().await;
    let (mut person, share) = person_and_share(&fixture).await;
    for length in [0, MAX_SHARE + 1] {
        let wrong = Share { bytes: vec![1; length], ..share.clone() };
        assert_eq!(wrong.put(&mut person.browser).await.code(), Code::BadRequest, "{length}");
    }
    for length in [0, 31, 33] {
        let mut wrong = share.contents();
        wrong.access_hash = Bytes(vec![1; length]);
        let reply = person.browser.post_json(&share.path(), &wrong).await;
        assert_eq!(reply.code(), Code::BadRequest, "{length}");
        for call in ["read", "delete"] {
            let access = ShareAccess { credential: Bytes(vec![1; length]) };
            let reply = person.browser.post_json(&format!("{}/{call}", share.path()), &access).await;
            assert_eq!(reply.code(), Code::BadRequest, "{call} {length}");
        }
    }
    let largest = Share { bytes: vec![1; MAX_SHARE], ..share };
    assert_eq!(largest.put(&mut person.browser).await.status, 204);
    assert!(largest.is_stored(&mut person.browser).await);
}

#[tokio::test]
async fn paths_name_a_store_and_a_share() {
    let fixture = Fixture::start().await;
    let (mut person, share) = person_and_share(&fixture).await;
    let nowhere = Share { store: id("no store"), ..share.clone() };
    assert_eq!(nowhere.put(&mut person.browser).await.code(), Code::NotFound);
    assert_eq!(nowhere.state(&mut person.browser).await.code(), Code::NotFound);
    assert_eq!(nowhere.read(&mut person.browser).await.code(), Code::NotFound);
    assert_eq!(nowhere.delete(&mut person.browser).await.code(), Code::NotFound);
    let good = share.store.to_string();
    for wrong in ["x", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA%3D", "%00", "AAAAAAAAAAAAAAAAAAAAAB"] {
        for path in
            [format!("/api/stores/{wrong}/shares/{good}"), format!("/api/stores/{good}/shares/{wrong}")]
        {
            assert_eq!(person.browser.get(&path).await.code(), Code::BadRequest, "{path}");
            let reply = person.browser.post_json(&path, &share.contents()).await;
            assert_eq!(reply.code(), Code::BadRequest, "{path}");
        }
    }
}

#[tokio::test]
async fn a_share_is_of_one_account() {
    let fixture = Fixture::start().await;
    let (mut anna, share) = person_and_share(&fixture).await;
    let mut otto = Person::new(&fixture, "otto").await;
    share.put(&mut anna.browser).await;
    // Not even with the right credential.
    assert_eq!(share.state(&mut otto.browser).await.code(), Code::NotFound);
    assert_eq!(share.read(&mut otto.browser).await.code(), Code::NotFound);
    assert_eq!(share.delete(&mut otto.browser).await.code(), Code::NotFound);
    let own = Share { bytes: vec![7; 200], ..share.clone() };
    assert_eq!(own.put(&mut otto.browser).await.status, 204);
    assert!(own.is_stored(&mut otto.browser).await);
    assert_eq!(own.delete(&mut otto.browser).await.status, 204);
    assert!(share.is_stored(&mut anna.browser).await);
}

#[tokio::test]
async fn without_a_session_no_store_answers() {
    let fixture = Fixture::start().await;
    let (mut person, share) = person_and_share(&fixture).await;
    share.put(&mut person.browser).await;
    let mut browser = fixture.browser();
    assert_eq!(browser.get("/api/stores").await.code(), Code::SessionExpired);
    assert_eq!(share.put(&mut browser).await.code(), Code::SessionExpired);
    assert_eq!(share.state(&mut browser).await.code(), Code::SessionExpired);
    assert_eq!(share.read(&mut browser).await.code(), Code::SessionExpired);
    assert_eq!(share.delete(&mut browser).await.code(), Code::SessionExpired);
    assert!(share.is_stored(&mut person.browser).await);
}

#[tokio::test]
async fn pending_shares_are_bounded() {
    let fixture = Fixture::start().await;
    let (mut person, first) = person_and_share(&fixture).await;
    let share = |number: u32| Share::new(&format!("share {number}"), first.store);
    for number in 0..64 {
        assert_eq!(share(number).put(&mut person.browser).await.status, 204);
    }
    assert_eq!(share(64).put(&mut person.browser).await.code(), Code::QuotaExceeded);
    // Putting the same share again does not count, and a deleted share no longer counts.
    assert_eq!(share(0).put(&mut person.browser).await.status, 204);
    assert_eq!(share(1).delete(&mut person.browser).await.status, 204);
    assert_eq!(share(64).put(&mut person.browser).await.status, 204);
    let mut other = Person::new(&fixture, "otto").await;
    assert_eq!(share(65).put(&mut other.browser).await.status, 204);
}

#[tokio::test]
async fn tries_are_counted_per_account() {
    let fixture = Fixture::start().await;
    let (mut person, share) = person_and_share(&fixture).await;
    share.put(&mut person.browser).await;
    let wrong = Share { credential: [0; 32], ..share.clone() };
    for _ in 0..60 {
        assert_eq!(wrong.read(&mut person.browser).await.code(), Code::ProofRejected);
        assert_eq!(wrong.delete(&mut person.browser).await.code(), Code::ProofRejected);
    }
    let refused = share.read(&mut person.browser).await.failure();
    assert_eq!(refused.code, Code::RateLimited);
    assert_eq!(share.state(&mut person.browser).await.status, 200);
    let mut other = Person::new(&fixture, "otto").await;
    assert_eq!(share.read(&mut other.browser).await.code(), Code::NotFound);
    fixture.clock.advance(refused.retry_after.unwrap().into());
    assert_eq!(share.read(&mut person.browser).await.status, 200);
}

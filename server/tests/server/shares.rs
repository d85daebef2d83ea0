//! Putting shares into stores and reading them back.

use crystallum_api::{Bytes, Code, MAX_SHARE, ReadShare, ShareAccess, ShareState, StoreLocation};
use crystallum_test_support::commits::{id, new_record};
use crystallum_test_support::{Dealing, Person, Share, stores};

use crate::fixture::Fixture;

async fn person_and_share(fixture: &Fixture) -> (Person, Share) {
    let person = Person::new(fixture, "anna").await;
    let store = stores(&person.browser).await[0].id;
    (person, Share::new("share", store))
}

#[tokio::test]
async fn there_are_five_stores_with_ids_of_their_own() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let stores = stores(&person.browser).await;
    assert_eq!(stores.iter().map(|store| store.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert!(stores.iter().all(|store| store.available && store.location == StoreLocation::SameMachine));
    let mut ids: Vec<_> = stores.iter().map(|store| store.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
    let elsewhere = Fixture::start().await;
    let other = Person::new(&elsewhere, "anna").await;
    assert!(
        crystallum_test_support::stores(&other.browser).await.iter().all(|store| !ids.contains(&store.id))
    );
}

#[tokio::test]
async fn a_share_is_read_back_unchanged() {
    let fixture = Fixture::start().await;
    let (person, share) = person_and_share(&fixture).await;
    assert_eq!(share.state(&person.browser).await.code(), Code::NotFound);
    assert_eq!(share.read(&person.browser).await.code(), Code::NotFound);
    assert_eq!(share.delete(&person.browser).await.code(), Code::NotFound);
    let reply = share.put(&person.browser).await;
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    let state: ShareState = share.state(&person.browser).await.json();
    assert_eq!(state, ShareState { hash: share.hash(), claimed: false });
    let read: ReadShare = share.read(&person.browser).await.json();
    assert_eq!(read.share.0, share.bytes);
    let reply = share.delete(&person.browser).await;
    assert_eq!((reply.status, reply.body.len()), (204, 0));
    assert_eq!(share.state(&person.browser).await.code(), Code::NotFound);
    // The id can be used again, since no vault has had it.
    assert_eq!(share.put(&person.browser).await.status, 204);
}

/// Attack T61 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_share_id_cannot_be_reused_for_other_content() {
    let fixture = Fixture::start().await;
    let (person, share) = person_and_share(&fixture).await;
    for _ in 0..3 {
        assert_eq!(share.put(&person.browser).await.status, 204);
    }
    let other_bytes = Share { bytes: vec![1; 320], ..share.clone() };
    let other_credential = Share { credential: [1; 32], ..share.clone() };
    for other in [other_bytes, other_credential] {
        assert_eq!(other.put(&person.browser).await.code(), Code::CommitIdReused);
    }
    assert!(share.is_stored(&person.browser).await);
    // The same id in another store is a different share.
    let store = stores(&person.browser).await[1].id;
    let elsewhere = Share { store, bytes: vec![2; 300], ..share.clone() };
    assert_eq!(elsewhere.put(&person.browser).await.status, 204);
    assert!(share.is_stored(&person.browser).await && elsewhere.is_stored(&person.browser).await);
}

#[tokio::test]
async fn reading_a_share_needs_its_credential() {
    let fixture = Fixture::start().await;
    let (person, share) = person_and_share(&fixture).await;
    share.put(&person.browser).await;
    for wrong in [[0; 32], [0xff; 32]] {
        let wrong = Share { credential: wrong, ..share.clone() };
        assert_eq!(wrong.read(&person.browser).await.code(), Code::ProofRejected);
        assert_eq!(wrong.delete(&person.browser).await.code(), Code::ProofRejected);
    }
    let mut near = share.clone();
    near.credential[31] ^= 1;
    assert_eq!(near.read(&person.browser).await.code(), Code::ProofRejected);
    // The stored hash of the credential is not accepted as the credential.
    let kept = ShareAccess { credential: share.contents().access_hash };
    let reply = person.browser.post_json(&format!("{}/read", share.path()), &kept).await;
    assert_eq!(reply.code(), Code::ProofRejected);
    assert!(share.is_stored(&person.browser).await);
}

#[tokio::test]
async fn sizes_are_checked() {
    let fixture = Fixture::start().await;
    let (person, share) = person_and_share(&fixture).await;
    for length in [0, MAX_SHARE + 1] {
        let wrong = Share { bytes: vec![1; length], ..share.clone() };
        assert_eq!(wrong.put(&person.browser).await.code(), Code::BadRequest, "{length}");
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
    assert_eq!(largest.put(&person.browser).await.status, 204);
    assert!(largest.is_stored(&person.browser).await);
}

#[tokio::test]
async fn paths_name_a_store_and_a_share() {
    let fixture = Fixture::start().await;
    let (person, share) = person_and_share(&fixture).await;
    let nowhere = Share { store: id("no store"), ..share.clone() };
    assert_eq!(nowhere.put(&person.browser).await.code(), Code::NotFound);
    assert_eq!(nowhere.state(&person.browser).await.code(), Code::NotFound);
    assert_eq!(nowhere.read(&person.browser).await.code(), Code::NotFound);
    assert_eq!(nowhere.delete(&person.browser).await.code(), Code::NotFound);
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
async fn a_share_belongs_to_one_account() {
    let fixture = Fixture::start().await;
    let (anna, share) = person_and_share(&fixture).await;
    let otto = Person::new(&fixture, "otto").await;
    share.put(&anna.browser).await;
    // Not even with the right credential.
    assert_eq!(share.state(&otto.browser).await.code(), Code::NotFound);
    assert_eq!(share.read(&otto.browser).await.code(), Code::NotFound);
    assert_eq!(share.delete(&otto.browser).await.code(), Code::NotFound);
    let own = Share { bytes: vec![7; 200], ..share.clone() };
    assert_eq!(own.put(&otto.browser).await.status, 204);
    assert!(own.is_stored(&otto.browser).await);
    assert_eq!(own.delete(&otto.browser).await.status, 204);
    assert!(share.is_stored(&anna.browser).await);
}

#[tokio::test]
async fn stores_need_a_session() {
    let fixture = Fixture::start().await;
    let (person, share) = person_and_share(&fixture).await;
    share.put(&person.browser).await;
    let browser = fixture.browser();
    assert_eq!(browser.get("/api/stores").await.code(), Code::SessionExpired);
    assert_eq!(share.put(&browser).await.code(), Code::SessionExpired);
    assert_eq!(share.state(&browser).await.code(), Code::SessionExpired);
    assert_eq!(share.read(&browser).await.code(), Code::SessionExpired);
    assert_eq!(share.delete(&browser).await.code(), Code::SessionExpired);
    assert!(share.is_stored(&person.browser).await);
}

#[tokio::test]
async fn pending_shares_are_bounded() {
    let fixture = Fixture::start().await;
    let (person, first) = person_and_share(&fixture).await;
    let share = |number: u32| Share::new(&format!("share {number}"), first.store);
    for number in 0..64 {
        assert_eq!(share(number).put(&person.browser).await.status, 204);
    }
    // Putting the same share again does not count, and a deleted share no longer counts.
    assert_eq!(share(1).put(&person.browser).await.status, 204);
    assert_eq!(share(63).delete(&person.browser).await.status, 204);
    assert_eq!(share(64).put(&person.browser).await.status, 204);
    assert!(share(0).is_stored(&person.browser).await);
    // A further one takes the place of the oldest.
    assert_eq!(share(65).put(&person.browser).await.status, 204);
    assert!(!share(0).is_stored(&person.browser).await);
    assert!(share(1).is_stored(&person.browser).await && share(65).is_stored(&person.browser).await);
    let other = Person::new(&fixture, "otto").await;
    assert_eq!(share(66).put(&other.browser).await.status, 204);
    assert!(share(1).is_stored(&person.browser).await);
}

#[tokio::test]
async fn wrong_credentials_are_rate_limited_per_account() {
    let fixture = Fixture::start().await;
    let (person, share) = person_and_share(&fixture).await;
    share.put(&person.browser).await;
    let wrong = Share { credential: [0; 32], ..share.clone() };
    for _ in 0..60 {
        assert_eq!(wrong.read(&person.browser).await.code(), Code::ProofRejected);
        assert_eq!(wrong.delete(&person.browser).await.code(), Code::ProofRejected);
    }
    let refused = share.read(&person.browser).await.failure();
    assert_eq!(refused.code, Code::RateLimited);
    assert_eq!(share.state(&person.browser).await.status, 200);
    let other = Person::new(&fixture, "otto").await;
    assert_eq!(share.read(&other.browser).await.code(), Code::NotFound);
    fixture.clock.advance(refused.retry_after.unwrap().into());
    assert_eq!(share.read(&person.browser).await.status, 200);
}

/// Whoever has stolen a cookie can put shares, but not keep the owner from splitting.
#[tokio::test]
async fn pending_shares_of_a_thief_make_way_for_those_of_the_owner() {
    let fixture = Fixture::with(|settings| settings.rate_scale = 100).await;
    let mut person = Person::new(&fixture, "anna").await;
    let stores = stores(&person.browser).await;
    let thief = fixture.browser();
    thief.set_cookie(person.browser.cookie());
    for number in 0..70 {
        for store in &stores {
            let share = Share::new(&format!("theirs {number} {}", store.number), store.id);
            assert_eq!(share.put(&thief).await.status, 204, "{number}");
        }
    }
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    let mut changes = vec![new_record("wallet")];
    changes.extend(dealing.changes());
    person.write("split", changes).await;
    assert_eq!(dealing.are_stored(&person).await, [true; 5]);
}

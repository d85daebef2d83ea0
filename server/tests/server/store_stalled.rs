//! A store whose disk does not answer holds up nobody who does not need it.

use crystallum_api::{Code, Health};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{Dealing, Person, stores};

use crate::fixture::Fixture;

async fn problems(fixture: &Fixture) -> Vec<String> {
    fixture.browser().get("/api/health").await.json::<Health>().problems
}

#[tokio::test]
async fn other_stores_and_all_other_work_go_on() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    let mut bernd = Person::new(&fixture, "bernd").await;
    let dealing = Dealing::new(&anna, "wallet", 1).await;
    dealing.put(&anna).await;
    let mut changes = vec![new_record("wallet")];
    changes.extend(dealing.changes());
    fixture.server.stall_store(2, true);
    // The store has accepted the share before.
    anna.write("split", changes).await;
    assert_eq!(problems(&fixture).await, ["store_unavailable"]);
    let other = Dealing::new(&bernd, "other", 1).await;
    for (number, share) in (1..).zip(&other.shares) {
        let reply = share.put(&bernd.browser).await;
        if number == 2 {
            assert_eq!(reply.code(), Code::StoreUnavailable);
            assert_eq!(share.state(&bernd.browser).await.code(), Code::StoreUnavailable);
            assert_eq!(share.delete(&bernd.browser).await.code(), Code::StoreUnavailable);
        } else {
            assert_eq!(reply.status, 204);
        }
    }
    let mut changes = vec![new_record("other")];
    changes.extend(other.changes());
    assert_eq!(bernd.try_write("split", changes).await.code(), Code::StoreUnavailable);
    bernd.write("key", vec![new_record("key")]).await;
    let available: Vec<bool> = stores(&anna.browser).await.iter().map(|store| store.available).collect();
    assert_eq!(available, [true, false, true, true, true]);
    fixture.server.sweep().await;
    fixture.server.check().await;
    assert_eq!(problems(&fixture).await, ["store_unavailable", "stores_not_swept"]);
    fixture.server.stall_store(2, false);
    while !problems(&fixture).await.is_empty() {
        fixture.server.check().await;
    }
    assert_eq!(dealing.are_stored(&anna).await, [true; 5]);
    other.shares[1].put(&bernd.browser).await;
    assert_eq!(other.are_stored(&bernd).await, [true; 5]);
}

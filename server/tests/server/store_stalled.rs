//! A store whose disk does not answer holds up nobody who does not need it.

use crystallum_api::{Code, Health};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{Dealing, Person, Share, stores};

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
    fixture.server.hold_store(2, true, true);
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
    fixture.server.hold_store(2, false, false);
    while !problems(&fixture).await.is_empty() {
        fixture.server.check().await;
    }
    assert_eq!(dealing.are_stored(&anna).await, [true; 5]);
    other.shares[1].put(&bernd.browser).await;
    assert_eq!(other.are_stored(&bernd).await, [true; 5]);
}

/// Whoever puts many shares at the same time waits for one of them, as with commits.
#[tokio::test]
async fn an_account_puts_one_share_at_a_time() {
    let fixture = Fixture::with(|settings| settings.rate_scale = 100).await;
    let anna = Person::new(&fixture, "anna").await;
    let bernd = Person::new(&fixture, "bernd").await;
    let all = stores(&anna.browser).await;
    fixture.server.hold_store(2, true, false);
    let put = |name: &str, store: usize| {
        let (share, browser) = (Share::new(name, all[store].id), fixture.browser());
        browser.set_cookie(anna.browser.cookie());
        tokio::spawn(async move { share.put(&browser).await.status })
    };
    let held = put("held", 1);
    // Both requests are under way while somebody else's are answered.
    for round in 0..20 {
        let share = Share::new(&format!("share {round}"), all[0].id);
        assert_eq!(share.put(&bernd.browser).await.status, 204);
    }
    let next = put("next", 0);
    for round in 20..40 {
        let share = Share::new(&format!("share {round}"), all[0].id);
        assert_eq!(share.put(&bernd.browser).await.status, 204);
    }
    assert!(!held.is_finished() && !next.is_finished());
    fixture.server.hold_store(2, false, false);
    assert_eq!((held.await.unwrap(), next.await.unwrap()), (204, 204));
}

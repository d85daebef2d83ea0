//! Commits that add and remove shares.

use crystallum_api::{Bytes, Change, Code, Committed, ShareState};
use crystallum_test_support::commits::{id, new_record, overview, record, secret, share_gone, tombstone};
use crystallum_test_support::signer::WRITE;
use crystallum_test_support::{Dealing, Person, Share};

use crate::fixture::Fixture;

fn split(dealing: &Dealing) -> Vec<Change> {
    let mut changes = vec![new_record(&dealing.name)];
    changes.extend(dealing.changes());
    changes
}

async fn refused(person: &mut Person, changes: Vec<Change>, code: Code) {
    assert_eq!(person.try_write("refused", changes).await.code(), code);
    assert_eq!(person.delta(0).await.counter, person.counter());
}

#[tokio::test]
async fn a_wallet_is_split_reshared_and_removed() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let first = Dealing::new(&person, "wallet", 1).await;
    first.put(&person).await;
    person.write("split", split(&first)).await;
    for share in &first.shares {
        let state: ShareState = share.state(&person.browser).await.json();
        assert_eq!(state, ShareState { hash: share.hash(), claimed: true });
    }
    let second = Dealing::new(&person, "wallet", 2).await;
    second.put(&person).await;
    let mut changes = vec![record("wallet", overview("wallet", 2), secret("wallet", 2))];
    changes.extend(second.changes());
    changes.extend(first.removals());
    person.write("refresh", changes.clone()).await;
    // Both dealings can be read until the old shares are deleted.
    assert_eq!(first.are_stored(&person).await, [true; 5]);
    assert_eq!(second.are_stored(&person).await, [true; 5]);
    for share in &first.shares {
        assert_eq!(share.delete(&person.browser).await.status, 204);
    }
    // The delta contains every share that the commits name.
    let told = person.delta(1).await.entries;
    assert_eq!(told[0].changes.get(1..), Some(first.changes().as_slice()));
    assert_eq!(told[1].changes.get(1..), changes.get(1..));
    let mut changes = vec![tombstone("wallet", 3)];
    changes.extend(second.removals());
    person.write("removal", changes).await;
    assert_eq!(first.are_stored(&person).await, [false; 5]);
    assert_eq!(second.are_stored(&person).await, [true; 5]);
}

#[tokio::test]
async fn a_repeated_split_gets_the_first_answer() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    let request = person.state.commit("split", split(&dealing));
    for _ in 0..3 {
        let reply = person.browser.post_json("/api/commit", &request).await;
        assert_eq!(reply.json::<Committed>(), Committed { counter: 2 });
    }
    assert_eq!(person.delta(0).await.entries.len(), 2);
}

#[tokio::test]
async fn only_what_a_store_holds_can_be_named() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    refused(&mut person, split(&dealing), Code::NotFound).await;
    for share in &dealing.shares[1..] {
        share.put(&person.browser).await;
    }
    refused(&mut person, split(&dealing), Code::NotFound).await;
    dealing.shares[0].put(&person.browser).await;
    let mut changes = split(&dealing);
    if let Change::Share { hash, .. } = &mut changes[1] {
        *hash = Bytes(vec![0; 32]);
    }
    refused(&mut person, changes, Code::BadRequest).await;
    let mut changes = split(&dealing);
    if let Change::Share { store, .. } = &mut changes[1] {
        *store = id("no store");
    }
    refused(&mut person, changes, Code::BadRequest).await;
    // The shares of another account do not count.
    let mut other = Person::new(&fixture, "otto").await;
    refused(&mut other, split(&dealing), Code::NotFound).await;
    person.write("split", split(&dealing)).await;
}

#[tokio::test]
async fn shares_of_a_vault_cannot_be_deleted() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    person.write("split", split(&dealing)).await;
    for share in &dealing.shares {
        assert_eq!(share.delete(&person.browser).await.code(), Code::BadRequest);
        let other = Share { bytes: vec![1; 100], ..share.clone() };
        assert_eq!(other.put(&person.browser).await.code(), Code::CommitIdReused);
        assert_eq!(share.put(&person.browser).await.status, 204);
    }
    assert_eq!(dealing.are_stored(&person).await, [true; 5]);
}

#[tokio::test]
async fn a_share_id_is_used_once() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    person.write("split", split(&dealing)).await;
    // The same shares cannot be those of another wallet, neither now nor later.
    let other = Dealing { name: "other wallet".to_owned(), set: id("other set"), ..dealing.clone() };
    refused(&mut person, split(&other), Code::BadRequest).await;
    let mut changes = vec![tombstone("wallet", 2)];
    changes.extend(dealing.removals());
    person.write("removal", changes).await;
    refused(&mut person, split(&other), Code::BadRequest).await;
    // It can neither be put after its removal nor be removed twice.
    assert_eq!(dealing.shares[0].put(&person.browser).await.code(), Code::CommitIdReused);
    person.write("new", vec![new_record("third wallet")]).await;
    let mut twice = vec![tombstone("third wallet", 2)];
    twice.extend(dealing.removals());
    refused(&mut person, twice, Code::BadRequest).await;
    refused(&mut person, vec![tombstone("third wallet", 2), share_gone("never there")], Code::BadRequest)
        .await;
}

#[tokio::test]
async fn a_refused_commit_claims_no_share() {
    let fixture = Fixture::with(|settings| settings.quota_records = 1).await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    refused(&mut person, split(&dealing), Code::QuotaExceeded).await;
    for share in &dealing.shares {
        assert!(!share.state(&person.browser).await.json::<ShareState>().claimed);
        assert_eq!(share.delete(&person.browser).await.status, 204);
    }
}

#[tokio::test]
async fn shares_come_by_wallet_operations_only() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    // All shares but one, and all shares without their record.
    let mut short = split(&dealing);
    short.pop();
    refused(&mut person, short, Code::BadRequest).await;
    refused(&mut person, dealing.changes(), Code::BadRequest).await;
    // With the operation of a write.
    let (_, request) = person.state.sign_as(WRITE, split(&dealing), id("as a write"));
    assert_eq!(person.browser.post_json("/api/commit", &request).await.code(), Code::BadRequest);
}

#[tokio::test]
async fn the_shares_of_a_vault_are_bounded() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    let mut database = crate::stores::open(&fixture.folder.path().join("data/vault.db")).await;
    let account = person.account;
    let mut add = async |number: u32| {
        let sql = "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < $2) \
            INSERT INTO shares (account, id, store, share_set, epoch, hash) \
            SELECT $1, randomblob(16), zeroblob(16), zeroblob(16), 1, zeroblob(32) FROM many";
        sqlx::query(sql).bind(account.0.to_vec()).bind(number).execute(&mut database).await.unwrap();
    };
    add(8_192 - 16).await;
    dealing.put(&person).await;
    add(1).await;
    let late = Share::new("late", dealing.shares[0].store);
    assert_eq!(late.put(&person.browser).await.code(), Code::QuotaExceeded);
    // A share that was put before the limit was reached can be named.
    person.write("split", split(&dealing)).await;
    add(10).await;
    let second = Dealing::new(&person, "second", 1).await;
    for share in &second.shares {
        assert_eq!(share.put(&person.browser).await.code(), Code::QuotaExceeded);
    }
}

//! The stores give back what they no longer need, and what they have free does not count.

use std::fs;

use crystallum_api::Health;
use crystallum_test_support::Person;
use sqlx::Connection;

use crate::fixture::Fixture;
use crate::stores::open;

async fn problems(fixture: &Fixture) -> Vec<String> {
    fixture.browser().get("/api/health").await.json::<Health>().problems
}

/// Fills a store with this many MiB that nobody needs, and deletes all of it.
async fn fill_and_empty(fixture: &Fixture, number: u8, mebibytes: i64) {
    let mut store = open(&fixture.store(number).join("shares.db")).await;
    let sql = "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < $1) \
        INSERT INTO shares (account, id, share, access_hash, created, claimed) \
        SELECT randomblob(16), randomblob(16), zeroblob(1048576), x'00', 0, 0 FROM many";
    sqlx::query(sql).bind(mebibytes).execute(&mut store).await.unwrap();
    sqlx::query("DELETE FROM shares").execute(&mut store).await.unwrap();
    store.close().await.unwrap();
}

fn length(fixture: &Fixture, file: &str) -> u64 {
    fs::metadata(fixture.folder.path().join("data").join(file)).map_or(0, |facts| facts.len())
}

#[tokio::test]
async fn the_space_of_deleted_shares_comes_back() {
    let fixture = Fixture::start().await;
    fill_and_empty(&fixture, 2, 6).await;
    assert!(length(&fixture, "stores/2/shares.db") > 6 << 20);
    fixture.server.sweep().await;
    // Some free pages are kept for what is put next.
    let left = length(&fixture, "stores/2/shares.db");
    assert!(left < 2 << 20, "{left}");
    assert_eq!(length(&fixture, "stores/2/shares.db-wal"), 0);
}

#[tokio::test]
async fn free_space_in_stores_does_not_count() {
    let fixture = Fixture::with(|settings| settings.quota_disk = 4 << 20).await;
    fill_and_empty(&fixture, 2, 6).await;
    fixture.server.check().await;
    assert!(problems(&fixture).await.is_empty());
    let anna = Person::without_account(&fixture, "anna");
    let request = anna.sign_up_request().await;
    assert_eq!(anna.browser.post_json("/api/accounts", &request).await.status, 200);
}

#[tokio::test]
async fn a_store_that_could_not_shrink_learns_it() {
    let fixture = Fixture::start().await;
    let fixture = fixture
        .restart(async |data| {
            let mut store = open(&data.join("stores/2/shares.db")).await;
            let old =
                "PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = 0; VACUUM; PRAGMA journal_mode = WAL";
            sqlx::raw_sql(old).execute(&mut store).await.unwrap();
            store.close().await.unwrap();
        })
        .await;
    fill_and_empty(&fixture, 2, 4).await;
    fixture.server.sweep().await;
    assert!(length(&fixture, "stores/2/shares.db") < 2 << 20);
}

#[tokio::test]
async fn the_sweep_truncates_the_write_ahead_log() {
    let fixture = Fixture::start().await;
    Person::new(&fixture, "anna").await;
    assert!(length(&fixture, "vault.db-wal") > 0);
    fixture.server.sweep().await;
    assert_eq!(length(&fixture, "vault.db-wal"), 0);
}

//! A main database that is empty, another server's or older than its stores destroys no shares.

use std::fs;
use std::path::Path;

use crystallum_api::Health;
use crystallum_server::{IdentityError, StartError, backup, restore};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{Dealing, Person};

use crate::fixture::Fixture;

const DAY: u64 = 86_400;

/// Signs somebody up and splits a wallet.
async fn split(fixture: &Fixture, name: &str) -> (Person, Dealing) {
    let mut person = Person::new(fixture, name).await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    let mut changes = vec![new_record("wallet")];
    changes.extend(dealing.changes());
    person.write("split", changes).await;
    (person, dealing)
}

/// Returns the contents of all stores.
fn stores(data: &Path) -> Vec<Vec<u8>> {
    (1..=5).map(|number| fs::read(data.join(format!("stores/{number}/shares.db"))).unwrap()).collect()
}

async fn assert_refused(
    fixture: Fixture,
    meanwhile: impl AsyncFnOnce(&Path),
    expected: fn(&IdentityError) -> bool,
) {
    let mut before = Vec::new();
    let (error, folder) = fixture
        .refused_after(async |data| {
            meanwhile(data).await;
            before = stores(data);
        })
        .await;
    assert!(matches!(&error, StartError::Identity(_, error) if expected(error)), "{error}");
    assert!(error.to_string().contains("Nothing was changed."), "{error}");
    let data = folder.path().join("data");
    assert_eq!(stores(&data), before);
    assert!(!data.join("vault.db-wal").exists(), "it would be applied to the right file");
}

/// Replaces the main database with a file.
fn replace(data: &Path, with: &[u8]) {
    for left in ["vault.db-wal", "vault.db-shm"] {
        assert!(!data.join(left).exists(), "the server has stopped");
    }
    fs::write(data.join("vault.db"), with).unwrap();
}

#[tokio::test]
async fn an_empty_database_is_refused() {
    let fixture = Fixture::start().await;
    split(&fixture, "anna").await;
    assert_refused(fixture, async |data| replace(data, b""), |error| matches!(error, IdentityError::Empty))
        .await;
}

/// Also if nobody has ever split a wallet: the accounts would be gone.
#[tokio::test]
async fn an_empty_database_beside_empty_stores_is_refused() {
    let fixture = Fixture::start().await;
    Person::new(&fixture, "anna").await;
    assert_refused(fixture, async |data| replace(data, b""), |error| matches!(error, IdentityError::Empty))
        .await;
}

#[tokio::test]
async fn another_servers_database_is_refused() {
    let fixture = Fixture::start().await;
    split(&fixture, "anna").await;
    let other = Fixture::start().await;
    split(&other, "bernd").await;
    let mut foreign = Vec::new();
    other.restart(async |data| foreign = fs::read(data.join("vault.db")).unwrap()).await;
    let wrong = async |data: &Path| replace(data, &foreign);
    assert_refused(fixture, wrong, |error| matches!(error, IdentityError::OtherServer)).await;
}

#[tokio::test]
async fn an_older_database_is_refused() {
    let fixture = Fixture::start().await;
    let mut older = Vec::new();
    let fixture = fixture.restart(async |data| older = fs::read(data.join("vault.db")).unwrap()).await;
    split(&fixture, "anna").await;
    let wrong = async |data: &Path| replace(data, &older);
    assert_refused(fixture, wrong, |error| matches!(error, IdentityError::Behind)).await;
}

/// A deletion, or an hour, is enough to notice.
#[tokio::test]
async fn a_database_from_before_the_last_sweep_is_refused() {
    let fixture = Fixture::start().await;
    let (_, _) = split(&fixture, "anna").await;
    let mut older = Vec::new();
    let fixture = fixture.restart(async |data| older = fs::read(data.join("vault.db")).unwrap()).await;
    fixture.server.sweep().await;
    let wrong = async |data: &Path| replace(data, &older);
    assert_refused(fixture, wrong, |error| matches!(error, IdentityError::Behind)).await;
}

#[tokio::test]
async fn a_server_stops_sweeping_a_store_that_is_ahead() {
    let fixture = Fixture::start().await;
    let (mut anna, dealing) = split(&fixture, "anna").await;
    // The database loses the shares and what it has told the stores.
    let mut database = crate::stores::open(&fixture.folder.path().join("data/vault.db")).await;
    sqlx::raw_sql("DELETE FROM shares; UPDATE server SET mark = 0").execute(&mut database).await.unwrap();
    for _ in 0..4 {
        fixture.clock.advance(DAY);
        fixture.server.sweep().await;
        // The sweep counts, but the stores are still ahead.
        sqlx::raw_sql("UPDATE server SET mark = 0").execute(&mut database).await.unwrap();
        anna.login().await;
        assert_eq!(dealing.are_stored(&anna).await, [true; 5]);
    }
    anna.reconnect(&fixture);
}

async fn problems(fixture: &Fixture) -> Vec<String> {
    fixture.browser().get("/api/health").await.json::<Health>().problems
}

/// The operator restores a backup from before a wallet was split, and puts the newer stores back.
#[tokio::test]
async fn a_restored_database_deletes_no_share_that_it_has_forgotten() {
    let fixture = Fixture::start().await;
    let (mut anna, kept) = split(&fixture, "anna").await;
    let copy = fixture.folder.path().join("backup");
    backup(&copy, &fixture.folder.path().join("data")).await.unwrap();
    let (bernd, lost) = split(&fixture, "bernd").await;
    let fixture = fixture
        .restart(async |data| {
            let aside = data.with_file_name("aside");
            fs::rename(data, &aside).unwrap();
            restore(&copy, data).await.unwrap();
            fs::remove_dir_all(data.join("stores")).unwrap();
            fs::rename(aside.join("stores"), data.join("stores")).unwrap();
        })
        .await;
    assert_eq!(problems(&fixture).await, ["restored_behind_stores"]);
    anna.reconnect(&fixture);
    anna.login().await;
    // Shares that come now and are never named are deleted as usual.
    let pending = Dealing::new(&anna, "pending", 1).await;
    fixture.clock.advance(1);
    pending.put(&anna).await;
    for _ in 0..3 {
        fixture.clock.advance(DAY);
        fixture.server.sweep().await;
    }
    anna.login().await;
    assert_eq!(kept.are_stored(&anna).await, [true; 5]);
    assert_eq!(pending.are_stored(&anna).await, [false; 5]);
    for number in 1..=5 {
        let mut store = crate::stores::open(&fixture.store(number).join("shares.db")).await;
        let sql = "SELECT count(*) FROM shares WHERE account = $1";
        let shares: i64 =
            sqlx::query_scalar(sql).bind(bernd.account.0.as_slice()).fetch_one(&mut store).await.unwrap();
        assert_eq!(shares, 1, "a share of {}", lost.name);
    }
    // A restart changes nothing, and neither does a normal day.
    let fixture = fixture.restart(async |_| ()).await;
    assert_eq!(problems(&fixture).await, ["restored_behind_stores"]);
    // A backup of the whole folder and its restore say that all of it belongs together.
    let whole = fixture.folder.path().join("whole");
    let fixture = fixture
        .restart(async |data| {
            backup(&whole, data).await.unwrap();
            fs::rename(data, data.with_file_name("behind")).unwrap();
            restore(&whole, data).await.unwrap();
        })
        .await;
    assert!(problems(&fixture).await.is_empty());
}

/// The first start after a restore ends before all stores were told.
#[tokio::test]
async fn an_interrupted_start_does_not_use_up_the_restore() {
    let fixture = Fixture::start().await;
    let copy = fixture.folder.path().join("backup");
    backup(&copy, &fixture.folder.path().join("data")).await.unwrap();
    // The stores hear of a run that the backup does not know.
    let fixture = fixture.restart(async |_| ()).await;
    let (_, lost) = split(&fixture, "bernd").await;
    let change_third = async |data: &Path, sql: &'static str| {
        let mut store = crate::stores::open(&data.join("stores/3/shares.db")).await;
        sqlx::raw_sql(sql).execute(&mut store).await.unwrap();
        sqlx::Connection::close(store).await.unwrap();
    };
    let fixture = fixture
        .restart(async |data| {
            let aside = data.with_file_name("aside");
            fs::rename(data, &aside).unwrap();
            restore(&copy, data).await.unwrap();
            fs::remove_dir_all(data.join("stores")).unwrap();
            fs::rename(aside.join("stores"), data.join("stores")).unwrap();
            let sql = "CREATE TRIGGER full BEFORE UPDATE ON store BEGIN SELECT RAISE(ABORT, 'full'); END";
            change_third(data, sql).await;
        })
        .await;
    let found = problems(&fixture).await;
    assert!(found.contains(&"restored_behind_stores".to_owned()), "{found:?}");
    let fixture = fixture.restart(async |data| change_third(data, "DROP TRIGGER full").await).await;
    assert_eq!(problems(&fixture).await, ["restored_behind_stores"]);
    for _ in 0..3 {
        fixture.clock.advance(DAY);
        fixture.server.sweep().await;
    }
    // Now it is used up. Nothing is ahead, and nothing that was forgotten was deleted.
    let mut database = crate::stores::open(&fixture.folder.path().join("data/vault.db")).await;
    let restored: i64 =
        sqlx::query_scalar("SELECT restored FROM server").fetch_one(&mut database).await.unwrap();
    assert_eq!(restored, 0);
    sqlx::Connection::close(database).await.unwrap();
    let fixture = fixture.restart(async |_| ()).await;
    assert_eq!(problems(&fixture).await, ["restored_behind_stores"]);
    for number in 1..=5 {
        let mut store = crate::stores::open(&fixture.store(number).join("shares.db")).await;
        let shares: i64 =
            sqlx::query_scalar("SELECT count(*) FROM shares").fetch_one(&mut store).await.unwrap();
        assert_eq!(shares, 1, "a share of {}", lost.name);
    }
}

#[tokio::test]
async fn an_ordinary_restore_is_swept_as_usual() {
    let fixture = Fixture::start().await;
    let (mut anna, kept) = split(&fixture, "anna").await;
    let pending = Dealing::new(&anna, "pending", 1).await;
    pending.put(&anna).await;
    let copy = fixture.folder.path().join("backup");
    backup(&copy, &fixture.folder.path().join("data")).await.unwrap();
    split(&fixture, "bernd").await;
    let fixture = fixture
        .restart(async |data| {
            fs::rename(data, data.with_file_name("aside")).unwrap();
            restore(&copy, data).await.unwrap();
        })
        .await;
    assert!(problems(&fixture).await.is_empty());
    anna.reconnect(&fixture);
    for _ in 0..2 {
        fixture.clock.advance(DAY);
        fixture.server.sweep().await;
    }
    anna.login().await;
    assert_eq!(kept.are_stored(&anna).await, [true; 5]);
    assert_eq!(pending.are_stored(&anna).await, [false; 5]);
}

//! Shares in no vault are deleted after a day, all others are kept.

use crystallum_api::{Change, ShareState};
use crystallum_test_support::commits::{new_record, overview, record, secret};
use crystallum_test_support::{Dealing, Person};

use crate::fixture::Fixture;

const DAY: u64 = 86_400;

fn with_record(dealing: &Dealing, version: u64) -> Vec<Change> {
    let name = dealing.name.as_str();
    let mut changes = vec![record(name, overview(name, version), secret(name, version))];
    changes.extend(dealing.changes());
    changes
}

/// Advances the clock, sweeps, and signs in again.
async fn wait(fixture: &Fixture, person: &mut Person, seconds: u64) {
    fixture.clock.advance(seconds);
    fixture.server.sweep().await;
    person.login().await;
}

#[tokio::test]
async fn pending_shares_are_deleted_after_a_day() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    wait(&fixture, &mut person, DAY - 1).await;
    assert_eq!(dealing.are_stored(&person).await, [true; 5]);
    // Putting a share again restarts its time.
    dealing.shares[0].put(&person.browser).await;
    wait(&fixture, &mut person, 1).await;
    assert_eq!(dealing.are_stored(&person).await, [true, false, false, false, false]);
    wait(&fixture, &mut person, DAY - 1).await;
    assert_eq!(dealing.are_stored(&person).await, [false; 5]);
}

#[tokio::test]
async fn shares_of_a_vault_are_never_deleted() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    person.write("split", with_record(&dealing, 1)).await;
    for _ in 0..3 {
        wait(&fixture, &mut person, 400 * DAY).await;
        assert_eq!(dealing.are_stored(&person).await, [true; 5]);
    }
}

#[tokio::test]
async fn shares_that_left_a_vault_are_deleted_after_a_day() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let first = Dealing::new(&person, "wallet", 1).await;
    first.put(&person).await;
    person.write("split", with_record(&first, 1)).await;
    wait(&fixture, &mut person, 10 * DAY).await;
    let second = Dealing::new(&person, "wallet", 2).await;
    second.put(&person).await;
    let mut changes = with_record(&second, 2);
    changes.extend(first.removals());
    person.write("refresh", changes).await;
    wait(&fixture, &mut person, DAY - 1).await;
    assert_eq!(first.are_stored(&person).await, [true; 5]);
    wait(&fixture, &mut person, 1).await;
    assert_eq!(first.are_stored(&person).await, [false; 5]);
    assert_eq!(second.are_stored(&person).await, [true; 5]);
}

/// As after a crash between the commit and the claims.
#[tokio::test]
async fn the_sweep_makes_missed_claims() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    person.write("split", with_record(&dealing, 1)).await;
    let fixture = fixture
        .restart(async |data| {
            for number in 1..=5 {
                let mut store = crate::stores::open(&data.join(format!("stores/{number}/shares.db"))).await;
                sqlx::query("UPDATE shares SET claimed = 0").execute(&mut store).await.unwrap();
                sqlx::Connection::close(store).await.unwrap();
            }
        })
        .await;
    person.reconnect(&fixture);
    wait(&fixture, &mut person, 400 * DAY).await;
    for share in &dealing.shares {
        assert!(share.state(&person.browser).await.json::<ShareState>().claimed);
    }
    assert_eq!(dealing.are_stored(&person).await, [true; 5]);
}

/// As when the main database has lost rows without anybody noticing.
#[tokio::test]
async fn a_share_that_the_main_database_forgot_is_kept_for_ninety_days() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    person.write("split", with_record(&dealing, 1)).await;
    let mut database = crate::stores::open(&fixture.folder.path().join("data/vault.db")).await;
    let forget = "CREATE TABLE aside AS SELECT * FROM shares; DELETE FROM shares";
    sqlx::raw_sql(forget).execute(&mut database).await.unwrap();
    wait(&fixture, &mut person, 400 * DAY).await;
    wait(&fixture, &mut person, 90 * DAY - 1).await;
    assert_eq!(dealing.are_stored(&person).await, [true; 5]);
    // One of the shares becomes known again in time.
    let remember = "INSERT INTO shares SELECT * FROM aside LIMIT 1";
    sqlx::raw_sql(remember).execute(&mut database).await.unwrap();
    wait(&fixture, &mut person, 1).await;
    let there = dealing.are_stored(&person).await;
    assert_eq!(there.iter().filter(|there| **there).count(), 1);
    wait(&fixture, &mut person, 100 * DAY).await;
    assert_eq!(dealing.are_stored(&person).await, there);
}

#[tokio::test]
async fn the_sweep_reaches_every_share() {
    let fixture = Fixture::start().await;
    let mut store = crate::stores::open(&fixture.store(4).join("shares.db")).await;
    // More than two pages of shares, of many accounts and of one.
    let sql = "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 1200) \
        INSERT INTO shares (account, id, share, access_hash, created, claimed) \
        SELECT CASE WHEN n < 600 THEN randomblob(16) ELSE zeroblob(16) END, randomblob(16), x'00', x'00', $1, 0 FROM many";
    sqlx::query(sql).bind(1_800_000_000_i64).execute(&mut store).await.unwrap();
    let mut count = async || -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM shares").fetch_one(&mut store).await.unwrap()
    };
    fixture.clock.advance(DAY - 1);
    fixture.server.sweep().await;
    assert_eq!(count().await, 1_200);
    fixture.clock.advance(1);
    fixture.server.sweep().await;
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn a_restart_runs_the_sweep() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    person.write("other", vec![new_record("other")]).await;
    fixture.clock.advance(DAY);
    let fixture = fixture.restart(async |_| ()).await;
    // The first sweep runs alongside the first requests, and the server does not stop during one.
    let fixture = fixture.restart(async |_| ()).await;
    person.reconnect(&fixture);
    person.login().await;
    assert_eq!(dealing.are_stored(&person).await, [false; 5]);
}

/// The server stops after each step of a resharing and a day passes. The vault then has all shares
/// of one dealing, and the stores have no others.
#[tokio::test]
async fn a_dealing_that_stops_at_any_step_leaves_one_complete_set() {
    let mut fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let old = Dealing::new(&person, "wallet", 1).await;
    old.put(&person).await;
    person.write("split", with_record(&old, 1)).await;
    for last in 0..=6 {
        let new = Dealing::new(&person, "wallet", 2 + u32::try_from(last).unwrap()).await;
        for share in new.shares.iter().take(last) {
            assert_eq!(share.put(&person.browser).await.status, 204);
        }
        if last == 6 {
            let mut changes = vec![record("wallet", overview("wallet", 2), secret("wallet", 2))];
            changes.extend(new.changes());
            changes.extend(old.removals());
            person.write("refresh", changes).await;
        }
        fixture = fixture.restart(async |_| ()).await;
        person.reconnect(&fixture);
        let (whole, other) = if last == 6 { (&new, &old) } else { (&old, &new) };
        assert_eq!(whole.are_stored(&person).await, [true; 5], "after step {last}");
        wait(&fixture, &mut person, DAY).await;
        assert_eq!(whole.are_stored(&person).await, [true; 5], "a day after step {last}");
        assert_eq!(other.are_stored(&person).await, [false; 5], "a day after step {last}");
    }
}

/// Its disk has room for the small write that shows whether it works, and for no sweep.
#[tokio::test]
async fn a_store_that_is_nearly_full_is_swept_ever_more_rarely() {
    let fixture = Fixture::start().await;
    let mut store = crate::stores::open(&fixture.store(3).join("shares.db")).await;
    let full = "CREATE TRIGGER full BEFORE UPDATE OF mark ON store BEGIN SELECT RAISE(ABORT, 'full'); END";
    sqlx::raw_sql(full).execute(&mut store).await.unwrap();
    fixture.server.sweep().await;
    let before = fixture.server.sweeps();
    // Ten minutes of the ten seconds after which a server with a problem looks again.
    for _ in 0..60 {
        fixture.clock.advance(10);
        fixture.server.check().await;
    }
    let sweeps = fixture.server.sweeps() - before;
    assert!((3..=7).contains(&sweeps), "{sweeps} sweeps");
    sqlx::raw_sql("DROP TRIGGER full").execute(&mut store).await.unwrap();
    fixture.clock.advance(600);
    fixture.server.check().await;
    let health = fixture.browser().get("/api/health").await.json::<crystallum_api::Health>();
    assert_eq!(health.problems, Vec::<String>::new());
}

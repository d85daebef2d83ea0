//! Stores that know of a later main database, or cannot say what they know, lose no shares.

use std::fs;
use std::path::Path;

use crystallum_api::{Health, ShareState};
use crystallum_server::{
    IdentityError, StartError, acknowledge_stores, confirm_database, create_stores, list_stores,
};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{Dealing, Person, stores};
use sqlx::Connection;

use crate::fixture::Fixture;
use crate::stores::open;

const DAY: u64 = 86_400;
/// What the stores hold after everything but the third was set back.
const AHEAD: [Option<i64>; 5] = [Some(0), Some(0), Some(1), Some(0), Some(0)];

async fn problems(fixture: &Fixture) -> Vec<String> {
    fixture.browser().get("/api/health").await.json::<Health>().problems
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// Splits a wallet and then sets everything back to before, except for the third store. It is not
/// mounted when the server starts, and mounted afterwards.
async fn set_back() -> Fixture {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    let fixture = fixture.restart(async |data| copy(data, &data.with_file_name("older"))).await;
    anna.reconnect(&fixture);
    anna.login().await;
    let dealing = Dealing::new(&anna, "wallet", 1).await;
    dealing.put(&anna).await;
    let mut changes = vec![new_record("wallet")];
    changes.extend(dealing.changes());
    anna.write("split", changes).await;
    let mut newer = Vec::new();
    let fixture = fixture
        .restart(async |data| {
            newer = fs::read(data.join("stores/3/shares.db")).unwrap();
            fs::remove_dir_all(data).unwrap();
            copy(&data.with_file_name("older"), data);
            fs::remove_file(data.join("stores/3/shares.db")).unwrap();
        })
        .await;
    fs::write(fixture.store(3).join("shares.db"), newer).unwrap();
    fixture
}

/// Lets some days pass with one sweep each. Returns the number of shares in each store, or `None`
/// if its file is not there.
async fn after_days(fixture: &Fixture, days: u64) -> Vec<Option<i64>> {
    for _ in 0..days {
        fixture.clock.advance(DAY);
        fixture.server.sweep().await;
    }
    let mut counts = Vec::new();
    for number in 1..=5 {
        let file = fixture.store(number).join("shares.db");
        if !file.exists() {
            counts.push(None);
            continue;
        }
        let mut store = open(&file).await;
        let count = sqlx::query_scalar("SELECT count(*) FROM shares").fetch_one(&mut store).await.unwrap();
        store.close().await.unwrap();
        counts.push(Some(count));
    }
    counts
}

#[tokio::test]
async fn a_store_that_is_ahead_is_not_outwaited() {
    let fixture = set_back().await;
    assert_eq!(after_days(&fixture, 30).await, AHEAD);
    assert_eq!(problems(&fixture).await, ["store_ahead", "stores_not_swept"]);
    // It is remembered even if the store's file changes.
    let file = fixture.store(3).join("shares.db");
    let newer = fs::read(&file).unwrap();
    fs::copy(fixture.folder.path().join("older/stores/3/shares.db"), &file).unwrap();
    fixture.server.check().await;
    assert_eq!(problems(&fixture).await, ["store_ahead", "stores_not_swept"]);
    let (error, folder) = fixture.refused_after(async |_| fs::write(&file, newer).unwrap()).await;
    assert!(matches!(error, StartError::Identity(_, IdentityError::Behind)), "{error}");
    assert!(error.to_string().contains("stores confirm"), "{error}");
    drop(folder);
}

#[tokio::test]
async fn an_operator_who_confirms_ends_it_and_nothing_is_deleted_at_once() {
    let fixture = set_back().await;
    fixture.server.sweep().await;
    assert_eq!(problems(&fixture).await, ["store_ahead", "stores_not_swept"]);
    let data = fixture.folder.path().join("data");
    let aside = fixture.folder.path().join("aside");
    fs::rename(fixture.store(5), &aside).unwrap();
    let refused = confirm_database(&data).await.unwrap_err();
    assert!(refused.to_string().starts_with("store 5 cannot be used"), "{refused}");
    fs::rename(&aside, fixture.store(5)).unwrap();
    assert!(!list_stores(&data).await.unwrap().are_sound());
    confirm_database(&data).await.unwrap();
    assert!(list_stores(&data).await.unwrap().are_sound());
    fixture.server.check().await;
    assert!(problems(&fixture).await.is_empty());
    assert_eq!(after_days(&fixture, 89).await, AHEAD);
    let fixture = fixture.restart(async |_| ()).await;
    assert!(problems(&fixture).await.is_empty());
    assert_eq!(after_days(&fixture, 1).await, [Some(0); 5]);
}

#[tokio::test]
async fn nothing_is_swept_while_a_store_cannot_be_read() {
    let fixture = Fixture::start().await;
    let anna = Person::new(&fixture, "anna").await;
    Dealing::new(&anna, "wallet", 1).await.put(&anna).await;
    let aside = fixture.folder.path().join("aside");
    fs::rename(fixture.store(2), &aside).unwrap();
    assert_eq!(after_days(&fixture, 3).await, [Some(1), None, Some(1), Some(1), Some(1)]);
    assert_eq!(problems(&fixture).await, ["store_unavailable", "stores_not_swept"]);
    fs::rename(&aside, fixture.store(2)).unwrap();
    fixture.server.check().await;
    assert_eq!(after_days(&fixture, 1).await, [Some(0); 5]);
    assert!(problems(&fixture).await.is_empty());
}

#[tokio::test]
async fn an_empty_mount_point_is_refused() {
    let fixture = Fixture::start().await;
    let (error, folder) = fixture
        .refused_after(async |data| {
            fs::rename(data.join("stores"), data.with_file_name("unmounted")).unwrap();
            fs::create_dir(data.join("stores")).unwrap();
        })
        .await;
    let stores = folder.path().join("data/stores");
    assert!(error.to_string().contains(stores.to_str().unwrap()), "{error}");
    assert_eq!(fs::read_dir(stores).unwrap().count(), 0, "nothing was made");
}

#[tokio::test]
async fn a_missing_store_is_not_made_again() {
    let fixture = Fixture::start().await;
    let aside = fixture.folder.path().join("aside");
    let fixture = fixture.restart(async |data| fs::rename(data.join("stores/2"), &aside).unwrap()).await;
    assert!(!fixture.store(2).exists());
    assert_eq!(problems(&fixture).await, ["store_unavailable"]);
    fs::rename(&aside, fixture.store(2)).unwrap();
    fixture.server.check().await;
    assert!(problems(&fixture).await.is_empty());
}

#[tokio::test]
async fn a_store_that_was_made_again_is_a_problem_until_it_is_acknowledged() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&anna, "wallet", 1).await;
    dealing.put(&anna).await;
    let mut changes = vec![new_record("wallet")];
    changes.extend(dealing.changes());
    anna.write("split", changes).await;
    let before = stores(&anna.browser).await;
    let data = fixture.folder.path().join("data");
    let refused = create_stores(&data, &[2]).await.unwrap_err();
    assert!(refused.to_string().contains("is there"), "{refused}");
    assert!(create_stores(&data, &[6]).await.is_err());
    // The folder of the third is an empty mount point.
    for lost in [2, 3] {
        fs::remove_dir_all(fixture.store(lost)).unwrap();
    }
    fs::create_dir(fixture.store(3)).unwrap();
    create_stores(&data, &[2, 3]).await.unwrap();
    fixture.server.check().await;
    assert_eq!(problems(&fixture).await, ["store_made_again"]);
    assert_eq!(stores(&anna.browser).await, before);
    assert_eq!(dealing.are_stored(&anna).await, [true, false, false, true, true]);
    // A lost share can be put again and is claimed by the next sweep.
    assert_eq!(dealing.shares[1].put(&anna.browser).await.status, 204);
    fixture.server.sweep().await;
    assert!(dealing.shares[1].state(&anna.browser).await.json::<ShareState>().claimed);
    acknowledge_stores(&data, &[2]).await.unwrap();
    let fixture = fixture.restart(async |_| ()).await;
    assert_eq!(problems(&fixture).await, ["store_made_again"]);
    acknowledge_stores(&data, &[3]).await.unwrap();
    fixture.server.check().await;
    assert!(problems(&fixture).await.is_empty());
}

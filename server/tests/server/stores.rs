//! Stores that are missing, damaged, swapped, or restored.

use std::fs;
use std::path::Path;

use crystallum_api::{Change, Code, Id, Session, ShareState};
use crystallum_test_support::commits::new_record;
use crystallum_test_support::{Dealing, Person, Share, stores};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use crate::fixture::Fixture;

/// Opens a database file without the server.
pub(crate) async fn open(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).connect().await.unwrap()
}

/// Creates a person with a split wallet.
async fn start() -> (Fixture, Person, Dealing) {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    let mut changes = vec![new_record("wallet")];
    changes.extend(dealing.changes());
    person.write("split", changes).await;
    (fixture, person, dealing)
}

async fn available(person: &mut Person) -> Vec<bool> {
    stores(&person.browser).await.iter().map(|store| store.available).collect()
}

async fn ids(person: &mut Person) -> Vec<Id> {
    stores(&person.browser).await.iter().map(|store| store.id).collect()
}

/// Asserts that every call to the second store fails and that the other stores still work.
async fn second_is_out(person: &mut Person, dealing: &Dealing) {
    assert_eq!(available(person).await, [true, false, true, true, true]);
    let share = &dealing.shares[1];
    assert_eq!(share.state(&person.browser).await.code(), Code::StoreUnavailable);
    assert_eq!(share.read(&person.browser).await.code(), Code::StoreUnavailable);
    assert_eq!(share.put(&person.browser).await.code(), Code::StoreUnavailable);
    let pending = Share::new("pending", share.store);
    assert_eq!(pending.delete(&person.browser).await.code(), Code::StoreUnavailable);
    for other in [0, 2, 3, 4] {
        assert!(dealing.shares[other].is_stored(&person.browser).await);
    }
    assert_eq!(person.browser.get("/api/session").await.json::<Session>().counter, person.counter());
}

#[tokio::test]
async fn a_removed_store_is_reported_and_can_return() {
    let (fixture, mut person, dealing) = start().await;
    let before = ids(&mut person).await;
    let aside = fixture.folder.path().join("aside");
    fs::rename(fixture.store(2), &aside).unwrap();
    second_is_out(&mut person, &dealing).await;
    assert_eq!(ids(&mut person).await, before);
    fixture.server.sweep().await;
    assert!(!fixture.store(2).exists());
    fs::rename(&aside, fixture.store(2)).unwrap();
    assert_eq!(available(&mut person).await, [true; 5]);
    assert_eq!(dealing.are_stored(&person).await, [true; 5]);
}

#[tokio::test]
async fn any_damage_disables_only_its_own_store() {
    let (fixture, mut person, dealing) = start().await;
    let before = ids(&mut person).await;
    let file = fixture.store(2).join("shares.db");
    let good = fs::read(&file).unwrap();
    let damages: [(&str, Option<Vec<u8>>); 5] = [
        ("missing", None),
        ("emptied", Some(Vec::new())),
        ("no database", Some(b"nothing of the kind".repeat(1_000))),
        ("cut", Some(good[..good.len() / 3].to_vec())),
        ("zeroed", Some(vec![0; good.len()])),
    ];
    for (name, damage) in damages {
        match &damage {
            None => fs::remove_file(&file).unwrap(),
            Some(bytes) => fs::write(&file, bytes).unwrap(),
        }
        second_is_out(&mut person, &dealing).await;
        fixture.server.sweep().await;
        // No new file was created.
        assert_eq!(fs::read(&file).ok(), damage, "{name}");
        assert_eq!(ids(&mut person).await, before, "{name}");
        fs::write(&file, &good).unwrap();
        assert_eq!(dealing.are_stored(&person).await, [true; 5], "{name}");
    }
}

#[tokio::test]
async fn damage_is_still_found_after_a_restart() {
    let (fixture, mut person, dealing) = start().await;
    let before = ids(&mut person).await;
    let file = fixture.store(2).join("shares.db");
    let good = fs::read(&file).unwrap();
    let mut fixture = fixture;
    for damage in [None, Some(Vec::new()), Some(vec![7; 9_000])] {
        fixture = fixture
            .restart(async |_| match &damage {
                None => fs::remove_file(&file).unwrap(),
                Some(bytes) => fs::write(&file, bytes).unwrap(),
            })
            .await;
        person.reconnect(&fixture);
        second_is_out(&mut person, &dealing).await;
        assert_eq!(fs::read(&file).ok(), damage);
        assert_eq!(ids(&mut person).await, before);
        fs::write(&file, &good).unwrap();
        assert_eq!(dealing.are_stored(&person).await, [true; 5]);
    }
}

#[tokio::test]
async fn swapped_store_files_are_detected() {
    let (fixture, mut person, dealing) = start().await;
    let (one, two) = (fixture.store(1), fixture.store(2));
    let swap = || {
        let aside = fixture.folder.path().join("aside");
        fs::rename(&one, &aside).unwrap();
        fs::rename(&two, &one).unwrap();
        fs::rename(&aside, &two).unwrap();
    };
    swap();
    assert_eq!(available(&mut person).await, [false, false, true, true, true]);
    for share in &dealing.shares[..2] {
        assert_eq!(share.read(&person.browser).await.code(), Code::StoreUnavailable);
    }
    swap();
    assert_eq!(dealing.are_stored(&person).await, [true; 5]);
}

#[tokio::test]
async fn an_older_copy_of_a_store_reports_what_it_holds() {
    let (fixture, person, dealing) = start().await;
    let file = fixture.store(2).join("shares.db");
    let old = fs::read(&file).unwrap();
    let mut store = open(&file).await;
    sqlx::query("UPDATE shares SET share = x'00'").execute(&mut store).await.unwrap();
    store.close().await.unwrap();
    let share = &dealing.shares[1];
    let state: ShareState = share.state(&person.browser).await.json();
    assert_ne!(state.hash, share.hash());
    fs::write(&file, old).unwrap();
    assert!(share.is_stored(&person.browser).await);
}

#[tokio::test]
async fn a_split_is_possible_when_a_store_fails_after_its_share() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    dealing.put(&person).await;
    let aside = fixture.folder.path().join("aside");
    fs::rename(fixture.store(2), &aside).unwrap();
    let mut changes: Vec<Change> = vec![new_record("wallet")];
    changes.extend(dealing.changes());
    person.write("split", changes).await;
    fs::rename(&aside, fixture.store(2)).unwrap();
    let share = &dealing.shares[1];
    assert!(!share.state(&person.browser).await.json::<ShareState>().claimed);
    fixture.clock.advance(400 * 86_400);
    fixture.server.sweep().await;
    person.login().await;
    assert!(share.state(&person.browser).await.json::<ShareState>().claimed);
    assert_eq!(dealing.are_stored(&person).await, [true; 5]);
}

/// A session alone must not be able to fill a vault with shares that nobody has.
#[tokio::test]
async fn a_share_that_no_store_has_accepted_is_not_believed() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let dealing = Dealing::new(&person, "wallet", 1).await;
    let mut changes: Vec<Change> = vec![new_record("wallet")];
    changes.extend(dealing.changes());
    let aside = fixture.folder.path().join("aside");
    fs::rename(fixture.folder.path().join("data/stores"), &aside).unwrap();
    assert_eq!(person.try_write("split", changes.clone()).await.code(), Code::StoreUnavailable);
    fs::rename(&aside, fixture.folder.path().join("data/stores")).unwrap();
    assert_eq!(person.try_write("split", changes.clone()).await.code(), Code::NotFound);
    for share in &dealing.shares {
        assert_eq!(share.put(&person.browser).await.status, 204);
    }
    // One of them was accepted, but with other contents than the commit says.
    let mut wrong = changes.clone();
    let Some(Change::Share { hash, .. }) = wrong.last_mut() else { panic!("a share") };
    hash.0[0] ^= 1;
    fs::rename(fixture.store(5), &aside).unwrap();
    assert_eq!(person.try_write("split", wrong).await.code(), Code::StoreUnavailable);
    person.write("split", changes).await;
}

#[tokio::test]
async fn a_half_created_store_is_recreated() {
    let fixture = Fixture::start().await;
    let fixture = fixture
        .restart(async |data| {
            // As after a crash during the creation of the third store.
            fs::rename(data.join("stores/3"), data.join("stores/3.new")).unwrap();
            fs::write(data.join("stores/3.new/shares.db"), b"half").unwrap();
            let mut database = open(&data.join("vault.db")).await;
            sqlx::query("DELETE FROM stores WHERE number = 3").execute(&mut database).await.unwrap();
            database.close().await.unwrap();
        })
        .await;
    let mut person = Person::new(&fixture, "anna").await;
    assert_eq!(available(&mut person).await, [true; 5]);
    assert!(!fixture.folder.path().join("data/stores/3.new").exists());
    // As after a crash before the store was recorded in the main database.
    let before = ids(&mut person).await;
    let fixture = fixture
        .restart(async |data| {
            let mut database = open(&data.join("vault.db")).await;
            sqlx::query("DELETE FROM stores WHERE number = 3").execute(&mut database).await.unwrap();
            database.close().await.unwrap();
        })
        .await;
    person.reconnect(&fixture);
    assert_eq!(ids(&mut person).await, before);
}

#[tokio::test]
async fn a_copied_store_is_not_accepted_as_another_store() {
    let fixture = Fixture::start().await;
    let fixture = fixture
        .restart(async |data| {
            let mut database = open(&data.join("vault.db")).await;
            sqlx::query("DELETE FROM stores WHERE number >= 4").execute(&mut database).await.unwrap();
            database.close().await.unwrap();
            fs::copy(data.join("stores/1/shares.db"), data.join("stores/4/shares.db")).unwrap();
            fs::write(data.join("stores/5/shares.db"), b"nothing").unwrap();
        })
        .await;
    let mut person = Person::new(&fixture, "anna").await;
    let numbers: Vec<u8> = stores(&person.browser).await.iter().map(|store| store.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(available(&mut person).await, [true; 3]);
}

#[cfg(unix)]
#[tokio::test]
async fn data_folders_are_private_to_their_owner() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::start().await;
    for number in 1..=5 {
        let mode = fs::metadata(fixture.store(number)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_requests_to_one_store_are_served() {
    let fixture = Fixture::with(|settings| settings.rate_scale = 100).await;
    let person = Person::new(&fixture, "anna").await;
    let store = stores(&person.browser).await[0].id;
    let visitors = (0..12).map(|number| {
        let browser = fixture.browser();
        browser.set_cookie(person.browser.cookie());
        let share = Share::new(&format!("share {number}"), store);
        tokio::spawn(async move {
            let mut statuses = Vec::new();
            for _ in 0..4 {
                statuses.push(share.put(&browser).await.status);
                statuses.push(share.state(&browser).await.status);
                statuses.push(share.read(&browser).await.status);
                assert!(stores(&browser).await.iter().all(|store| store.available));
                statuses.push(share.delete(&browser).await.status);
            }
            statuses
        })
    });
    for visitor in visitors.collect::<Vec<_>>() {
        assert_eq!(visitor.await.unwrap(), [204, 200, 200, 204].repeat(4));
    }
}

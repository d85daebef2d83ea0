//! The app crashes at any write to its storage, with any network fault. Everything that was
//! reported as saved is there afterwards, on every device.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{Credentials, Event, Exchange, Failure, KeyDraft, SecretText, SyncState};
use crystallum_system_tests::{Device, credentials, draft, read_by_a_phone, typed};
use crystallum_test_support::{Fault, Passkeys, Server};
use serde_json::json;

fn key(label: &str) -> KeyDraft {
    let passphrase = Some(SecretText::new("a passphrase".to_owned()));
    let credentials = Credentials { passphrase, ..credentials("key-of-a-crash", "secret of a crash") };
    draft(Exchange::Kucoin, label, "", credentials)
}

async fn labels(device: &mut Device) -> Vec<String> {
    device.list().await.unwrap().into_iter().map(|row| row.label).collect()
}

/// The labels after each step of the scenario.
const AFTER: [&[&str]; 6] = [&[], &["A"], &["A2"], &["A2", "B"], &["B"], &["B2"]];

/// Runs the scenario until a step fails. Returns how many steps were reported as saved.
async fn live(device: &mut Device) -> usize {
    let Ok(a) = device.add(key("A")).await else { return 0 };
    if device.rename(a.id, "A2").await.is_err() {
        return 1;
    }
    let Ok(b) = device.add(key("B")).await else { return 2 };
    if device.delete(a.id).await.is_err() {
        return 3;
    }
    if device.rename(b.id, "B2").await.is_err() { 4 } else { 5 }
}

/// Attack T50 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_failing_local_write_loses_nothing_that_was_saved() {
    let mut stopped_at = Vec::new();
    for fault in [None, Some(Fault::AnswerLost)] {
        for write in 1..=10 {
            let what = format!("write {write}, {fault:?}");
            let server = Server::start();
            let wallet = Passkeys::default();
            let mut device = Device::new(&server, &wallet);
            device.create("My vault").await.unwrap();
            if let Some(fault) = &fault {
                device.network.once("/api/commit", fault.clone());
            }
            device.profile.disk.fail_write(write);
            let saved = live(&mut device).await;
            stopped_at.push(saved);
            let mut device = device.reopened();
            device.network.heal();
            let opened = device.unlock().await.unwrap();
            assert_eq!(opened.sync, SyncState::Synced, "{what}");
            let found = labels(&mut device).await;
            let possible = &AFTER[saved..=(saved + 1).min(5)];
            assert!(possible.iter().any(|labels| found == *labels), "{what}: {found:?} after {saved} steps");
            let mut clean = Device::new(&server, &wallet);
            clean.meet().await.unwrap();
            clean.accept().await.unwrap();
            assert_eq!(labels(&mut clean).await, found, "{what}: elsewhere");
            for row in clean.list().await.unwrap() {
                assert_eq!(
                    clean.reveal(row.id).await.unwrap().api_secret.expose(),
                    "secret of a crash",
                    "{what}"
                );
            }
            assert_eq!(clean.add(key("Goes on")).await.unwrap().sync, SyncState::Synced, "{what}");
        }
    }
    assert!((0..5).all(|step| stopped_at.contains(&step)), "every step was hit: {stopped_at:?}");
}

#[tokio::test]
async fn a_vault_whose_creation_fails_locally_opens_with_its_passkey() {
    for write in 1..=2 {
        let server = Server::start();
        let wallet = Passkeys::default();
        let mut device = Device::new(&server, &wallet);
        device.profile.disk.fail_write(write);
        // The second write is only for the unlock page: the vault is open without it.
        let failed = (write == 1).then_some(Failure::StorageFailed);
        assert_eq!(device.create("My vault").await.err(), failed, "write {write}");
        let mut device = device.reopened();
        let opened = device.unlock_any().await.unwrap();
        assert_eq!((opened.name.as_str(), opened.records), ("My vault", 0), "write {write}");
        assert_eq!((wallet.len(), server.rows("accounts").await), (1, 1), "write {write}");
        assert_eq!(device.add(key("Works")).await.unwrap().sync, SyncState::Synced, "write {write}");
    }
}

#[tokio::test]
async fn a_join_that_fails_locally_can_be_repeated() {
    for write in 1..=2 {
        let server = Server::start();
        let wallet = Passkeys::default();
        Device::new(&server, &wallet).create("My vault").await.unwrap();
        let mut clean = Device::new(&server, &wallet);
        clean.meet().await.unwrap();
        clean.profile.disk.fail_write(write);
        let failed = (write == 1).then_some(Failure::StorageFailed);
        assert_eq!(clean.accept().await.err(), failed, "write {write}");
        let mut clean = clean.reopened();
        clean.unlock_any().await.unwrap();
        assert_eq!(clean.add(key("Works")).await.unwrap().sync, SyncState::Synced, "write {write}");
    }
}

/// The server says that another device was first, although it has taken the change.
#[tokio::test]
async fn a_join_that_the_server_denies_can_be_repeated() {
    for fails in [false, true] {
        let server = Server::start();
        let wallet = Passkeys::default();
        let mut laptop = Device::new(&server, &wallet);
        laptop.create("My vault").await.unwrap();
        let sheet = laptop.sheet().await.unwrap();
        laptop.confirm(&sheet).await.unwrap();
        let mut clean = Device::new(&server, &wallet);
        clean.meet().await.unwrap();
        // It follows another device, and what it has verified then counts once.
        Device::new(&server, &wallet).unlock_any().await.unwrap();
        clean.network.once("/api/commit", Fault::swap(|_| ()));
        clean.network.once("/api/commit", Fault::replace(409, &json!({ "code": "conflict" })));
        if fails {
            clean.profile.disk.fail_write(1);
            assert_eq!(clean.accept().await.err(), Some(Failure::StorageFailed));
        }
        clean.accept().await.unwrap();
        assert_eq!(clean.joins().await.unwrap().len(), 1, "{fails}");
        // A sheet is compared with the log of heads, in which each is once.
        let mut clean = clean.lock().await;
        clean.recover(&read_by_a_phone(&sheet)).await.unwrap();
        let mut clean = clean.reopened();
        assert_eq!(clean.unlock().await.unwrap().sync, SyncState::Synced, "{fails}");
        assert_eq!(clean.joins().await.unwrap().len(), 1, "{fails}");
        clean.add(key("Works")).await.unwrap();
        assert_eq!(server.rows("commits").await, 5, "a genesis, a sheet, two joins and a key");
    }
}

#[tokio::test]
async fn immediate_retries_create_nothing_twice() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut device = Device::new(&server, &wallet);
    device.profile.disk.fail_write(1);
    assert_eq!(device.create("My vault").await.err(), Some(Failure::StorageFailed));
    device.create("My vault").await.unwrap();
    assert_eq!((wallet.len(), server.rows("accounts").await), (1, 1));

    let mut clean = Device::new(&server, &wallet);
    clean.meet().await.unwrap();
    clean.profile.disk.fail_write(1);
    assert_eq!(clean.accept().await.err(), Some(Failure::StorageFailed));
    clean.accept().await.unwrap();
    assert_eq!(server.rows("commits").await, 2, "a genesis and one join");
    assert_eq!(clean.add(key("Works")).await.unwrap().sync, SyncState::Synced);
}

#[tokio::test]
async fn a_recovery_whose_join_fails_on_this_device_can_be_finished_on_the_spot() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    let sheet = device.sheet().await.unwrap();
    device.confirm(&sheet).await.unwrap();

    let mut clean = Device::new(&server, &Passkeys::default());
    clean.recover(&typed(&sheet)).await.unwrap();
    clean.profile.disk.fail_write(1);
    assert_eq!(clean.finish_recovery().await.err(), Some(Failure::StorageFailed));
    clean.finish_recovery().await.unwrap();
    assert_eq!(clean.add(key("Works")).await.unwrap().sync, SyncState::Synced);
    let mut clean = clean.reopened();
    clean.unlock().await.unwrap();
    assert_eq!(labels(&mut clean).await, ["Works"]);
}

#[tokio::test]
async fn the_server_keeps_what_it_confirmed_over_power_cuts() {
    let mut server = Server::start();
    let wallet = Passkeys::default();
    let mut device = Device::new(&server, &wallet);
    device.create("My vault").await.unwrap();
    for number in 0..5 {
        let saved = device.add(key(&format!("Key {number}"))).await.unwrap();
        assert_eq!(saved.sync, SyncState::Synced);
        server = server.crash_and_restart();
        device.sync().await.unwrap();
        assert!(device.events().iter().all(|event| !matches!(event, Event::Alarm(_))));
    }
    assert_eq!(server.rows("parts").await, 14);
    assert_eq!(labels(&mut device).await.len(), 5);
}

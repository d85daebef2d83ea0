//! The snapshot of the overviews, which a device seals for its own next unlock.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{DeviceId, Exchange, Failure, SyncState, access};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Passkeys, Server};

async fn add(device: &mut Device, label: &str) {
    let secret = credentials("4F1A9C0D7E2B58", "an api secret");
    device.add(draft(Exchange::Kraken, label, "a note", secret)).await.unwrap();
}

async fn labels(device: &mut Device) -> Vec<String> {
    device.list().await.unwrap().into_iter().map(|row| row.label).collect()
}

/// Returns the key and the value of the stored snapshot.
fn stored(device: &Device) -> Option<(String, Vec<u8>)> {
    device.profile.disk.snapshot().into_iter().find(|(key, _)| key.ends_with("/overviews"))
}

#[tokio::test]
async fn a_snapshot_of_any_age_and_in_any_condition_changes_nothing_that_is_shown() {
    let server = Server::start();
    let passkeys = Passkeys::default();
    let mut laptop = Device::new(&server, &passkeys);
    laptop.create("My vault").await.unwrap();
    for label in ["Main", "Bot", "Old"] {
        add(&mut laptop, label).await;
    }
    assert_eq!(stored(&laptop), None, "nothing is written before there is time for it");
    laptop.tidy().await;
    let (key, first) = stored(&laptop).expect("a snapshot");
    assert!(!first.windows(4).any(|bytes| bytes == b"Main"), "it is sealed");

    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    assert_eq!(labels(&mut laptop).await, ["Bot", "Main", "Old"]);
    laptop.tidy().await;
    assert_eq!(stored(&laptop), Some((key.clone(), first.clone())), "it is still good, and is not written");

    // Changes by this device and by another one.
    let row = laptop.search("Bot").await.unwrap().rows[0].id;
    laptop.rename(row, "Grid bot").await.unwrap();
    let row = laptop.search("Old").await.unwrap().rows[0].id;
    laptop.delete(row).await.unwrap();
    let mut laptop = laptop.lock().await;
    let mut phone = Device::new(&server, &passkeys);
    phone.unlock_any().await.unwrap();
    add(&mut phone, "Phone").await;
    assert_eq!(stored(&laptop), Some((key.clone(), first.clone())), "a change does not write it");
    assert_eq!(laptop.unlock().await.unwrap().sync, SyncState::Synced);
    assert_eq!(labels(&mut laptop).await, ["Grid bot", "Main", "Phone"]);
    assert_eq!(laptop.trash().await.unwrap().len(), 1);
    laptop.tidy().await;
    let (_, second) = stored(&laptop).expect("a snapshot");
    assert_ne!(second, first, "it was stale");

    // The first one again, a damaged one, an empty one, and none.
    let mut damaged = second.clone();
    damaged[100] ^= 1;
    for value in [Some(first), Some(damaged), Some(Vec::new()), None] {
        laptop = laptop.lock().await;
        let mut values = laptop.profile.disk.snapshot();
        match &value {
            Some(value) => values.insert(key.clone(), value.clone()),
            None => values.remove(&key),
        };
        laptop.profile.disk.restore(values);
        assert_eq!(laptop.unlock().await.unwrap().sync, SyncState::Synced);
        assert_eq!(labels(&mut laptop).await, ["Grid bot", "Main", "Phone"]);
        assert_eq!(laptop.trash().await.unwrap().len(), 1);
        laptop.tidy().await;
        assert_ne!(stored(&laptop).map(|(_, value)| value), value, "it is written again");
    }
}

#[tokio::test]
async fn what_is_deleted_for_good_leaves_the_snapshot() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    add(&mut laptop, "Main").await;
    laptop.tidy().await;
    let (_, first) = stored(&laptop).expect("a snapshot");
    let row = laptop.search("Main").await.unwrap().rows[0].id;
    laptop.delete(row).await.unwrap();
    laptop.tidy().await;
    assert_eq!(stored(&laptop).map(|(_, value)| value), Some(first.clone()), "it can come back");
    laptop.purge(row).await.unwrap();
    laptop.tidy().await;
    let (key, second) = stored(&laptop).expect("a snapshot");
    assert_ne!(second, first);

    // A snapshot that cannot be stored is written the next time.
    let mut laptop = laptop.lock().await;
    laptop.profile.disk.edit(&key, |value| value.truncate(10));
    laptop.unlock().await.unwrap();
    laptop.profile.disk.fail_write(1);
    laptop.tidy().await;
    assert_eq!(stored(&laptop).expect("what was there").1.len(), 10);
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    laptop.tidy().await;
    assert!(stored(&laptop).expect("a snapshot").1.len() > 1_000);
}

/// A change is stored and sent, and this device fails to store that the server has it.
#[tokio::test]
async fn a_change_that_is_confirmed_later_is_shown_and_is_in_the_snapshot() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    add(&mut laptop, "Main").await;
    let row = laptop.search("Main").await.unwrap().rows[0].id;
    laptop.profile.disk.fail_write(2);
    assert_eq!(laptop.rename(row, "Grid bot").await.err(), Some(Failure::StorageFailed));
    assert_eq!(labels(&mut laptop).await, ["Grid bot"], "it is on this device");
    // The next command confirms it and then fails, while a snapshot is due.
    let nobody = access::Command::RenameDevice { device: DeviceId([9; 16]), name: "Nobody".to_owned() };
    assert_eq!(laptop.done(nobody).await, Err(Failure::NoSuchRecord));
    laptop.tidy().await;
    assert!(stored(&laptop).is_some());
    let mut laptop = laptop.lock().await;
    assert_eq!(laptop.unlock().await.unwrap().sync, SyncState::Synced);
    assert_eq!(labels(&mut laptop).await, ["Grid bot"]);
}

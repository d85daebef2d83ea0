//! Two devices with one vault: each receives what the other writes, and no edit is lost if both
//! write.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crystallum_messages::{Event, Exchange, Failure, KeyDraft, RecordId, Reply, SyncState, entry};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, Server};

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Bybit, label, "", credentials("key-of-two-devices", "secret of two devices"))
}

async fn pair(server: &Server) -> (Device, Device, RecordId) {
    let wallet = Passkeys::default();
    let mut laptop = Device::new(server, &wallet);
    laptop.create("My vault").await.unwrap();
    let id = laptop.add(key("Original")).await.unwrap().id;
    let mut phone = Device::new(server, &wallet);
    phone.meet().await.unwrap();
    phone.accept().await.unwrap();
    laptop.sync().await.unwrap();
    (laptop, phone, id)
}

async fn labels(device: &mut Device) -> Vec<String> {
    device.list().await.unwrap().into_iter().map(|row| row.label).collect()
}

#[tokio::test]
async fn one_device_reads_what_another_wrote() {
    let server = Server::start();
    let (mut laptop, mut phone, id) = pair(&server).await;
    phone.add(key("From the phone")).await.unwrap();
    laptop.events();
    laptop.sync().await.unwrap();
    assert!(laptop.events().contains(&Event::Changed));
    assert_eq!(labels(&mut laptop).await, ["From the phone", "Original"]);
    laptop.rename(id, "From the laptop").await.unwrap();
    phone.sync().await.unwrap();
    assert_eq!(labels(&mut phone).await, ["From the laptop", "From the phone"]);
    phone.events();
    phone.sync().await.unwrap();
    assert!(!phone.events().contains(&Event::Changed), "nothing new is not a change");
}

#[tokio::test]
async fn writing_needs_no_sync_first() {
    let server = Server::start();
    let (mut laptop, mut phone, _) = pair(&server).await;
    laptop.add(key("Laptop")).await.unwrap();
    let saved = phone.add(key("Phone")).await.unwrap();
    assert_eq!(saved.sync, SyncState::Synced);
    assert_eq!(labels(&mut phone).await, ["Laptop", "Original", "Phone"]);
    laptop.sync().await.unwrap();
    assert_eq!(labels(&mut laptop).await, ["Laptop", "Original", "Phone"]);
}

#[tokio::test]
async fn two_edits_of_one_record_are_both_kept() {
    let server = Server::start();
    let (mut laptop, mut phone, id) = pair(&server).await;
    phone.network.set_offline(true);
    let saved = phone.rename(id, "Phone").await.unwrap();
    assert_eq!((saved.id, saved.sync), (id, SyncState::Waiting));
    laptop.rename(id, "Laptop").await.unwrap();
    phone.network.set_offline(false);
    phone.sync().await.unwrap();
    assert_eq!(labels(&mut phone).await, ["Laptop", "Phone"]);
    laptop.sync().await.unwrap();
    assert_eq!(labels(&mut laptop).await, ["Laptop", "Phone"]);
    assert_eq!(laptop.open(id).await.unwrap().row.label, "Laptop");
    for row in laptop.list().await.unwrap() {
        let revealed = laptop.reveal(row.id).await.unwrap();
        assert_eq!(revealed, credentials("key-of-two-devices", "secret of two devices"));
    }
}

#[tokio::test]
async fn a_form_filled_from_an_older_version_is_kept_beside_the_newer_one() {
    let server = Server::start();
    let (mut laptop, mut phone, id) = pair(&server).await;
    let base = phone.open(id).await.unwrap().version;
    laptop.rename(id, "Laptop").await.unwrap();
    phone.sync().await.unwrap();
    let edit = crystallum_messages::KeyEdit {
        id,
        base,
        label: Some("Phone".to_owned()),
        note: None,
        credentials: None,
    };
    let saved = phone.edit(edit).await.unwrap();
    assert_ne!(saved.id, id);
    assert_eq!(labels(&mut phone).await, ["Laptop", "Phone"]);
}

#[tokio::test]
async fn an_edit_wins_over_a_deletion_that_did_not_know_it() {
    let server = Server::start();
    let (mut laptop, mut phone, id) = pair(&server).await;
    phone.network.set_offline(true);
    assert_eq!(phone.delete(id).await.unwrap().sync, SyncState::Waiting);
    laptop.rename(id, "Edited").await.unwrap();
    phone.network.set_offline(false);
    phone.sync().await.unwrap();
    assert_eq!(labels(&mut phone).await, ["Edited"]);
    assert_eq!(server.rows("leaves WHERE kind = 2").await, 0);
}

#[tokio::test]
async fn a_record_that_changed_elsewhere_is_not_deleted() {
    let server = Server::start();
    let (mut laptop, mut phone, id) = pair(&server).await;
    laptop.rename(id, "Edited").await.unwrap();
    assert_eq!(phone.delete(id).await.err(), Some(Failure::Changed));
    assert_eq!(labels(&mut phone).await, ["Edited"], "the newer version is shown");
    // Another device writes after the check and before the commit.
    let (fault, release) = Fault::hold();
    phone.network.once("/api/commit", fault);
    let (deleted, ()) = tokio::join!(phone.delete(id), async {
        laptop.rename(id, "Edited again").await.unwrap();
        release.notify_one();
    });
    assert_eq!(deleted.err(), Some(Failure::Changed));
    assert_eq!(labels(&mut phone).await, ["Edited again"]);
    phone.delete(id).await.unwrap();
    assert!(labels(&mut phone).await.is_empty());
}

#[tokio::test]
async fn an_edit_of_what_was_deleted_elsewhere_becomes_a_new_record() {
    let server = Server::start();
    let (mut laptop, mut phone, id) = pair(&server).await;
    phone.network.set_offline(true);
    phone.rename(id, "Edited").await.unwrap();
    laptop.delete(id).await.unwrap();
    phone.network.set_offline(false);
    phone.sync().await.unwrap();
    assert_eq!(labels(&mut phone).await, ["Edited"]);
    assert_eq!(phone.open(id).await.err(), Some(Failure::NoSuchRecord));
    laptop.sync().await.unwrap();
    assert_eq!(labels(&mut laptop).await, ["Edited"]);
}

#[tokio::test]
async fn pending_changes_survive_the_end_of_the_app() {
    let server = Server::start();
    let (mut laptop, mut phone, _) = pair(&server).await;
    phone.network.set_offline(true);
    let saved = phone.add(key("Waiting")).await.unwrap();
    assert_eq!(saved.sync, SyncState::Waiting);
    assert_eq!(phone.add(key("Second")).await.err(), Some(Failure::WaitingForServer));
    let mut phone = phone.reopened();
    phone.network.set_offline(false);
    let opened = phone.unlock().await.unwrap();
    assert_eq!((opened.records, opened.sync), (2, SyncState::Synced));
    laptop.sync().await.unwrap();
    assert_eq!(labels(&mut laptop).await, ["Original", "Waiting"]);
}

#[tokio::test]
async fn a_known_vault_opens_without_the_server() {
    let server = Server::start();
    let (laptop, _, id) = pair(&server).await;
    let mut laptop = laptop.lock().await;
    let vault = laptop.hello().await.unwrap().vaults[0].id;
    laptop.network.set_offline(true);
    let opened = laptop.run(entry::Command::Unlock { vault: Some(vault) }).await;
    assert!(matches!(
        opened,
        Ok(Reply::Entry(entry::Reply::Opened(opened))) if opened.sync == SyncState::Offline
    ));
    assert_eq!(laptop.reveal(id).await.unwrap(), credentials("key-of-two-devices", "secret of two devices"));
    let saved = laptop.add(key("Written offline")).await.unwrap();
    assert_eq!(saved.sync, SyncState::Waiting);
    laptop.network.set_offline(false);
    // The ceremony was not for the server, so there is no new session; the old one is still valid.
    laptop.sync().await.unwrap();
    assert_eq!(server.rows("parts").await, 10, "the profile, two devices and two keys");
}

#[tokio::test]
async fn the_local_copy_is_read_during_the_ceremony() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    let vault = laptop.create("My vault").await.unwrap().id;
    laptop.add(key("Original")).await.unwrap();
    let mut laptop = laptop.lock().await;
    let (disk, records) = (laptop.profile.disk.clone(), format!("vault/{vault}/record/"));
    let (seen, before) = (Rc::new(Cell::new(0)), disk.scans().len());
    let read = {
        let (seen, disk, records) = (seen.clone(), disk.clone(), records.clone());
        move || seen.set(disk.scans().iter().skip(before).filter(|prefix| **prefix == records).count())
    };
    laptop.authenticator.meanwhile(read);
    laptop.run(entry::Command::Unlock { vault: Some(vault) }).await.unwrap();
    assert_eq!(seen.get(), 1, "read before the touch came");
    assert_eq!(
        disk.scans().iter().skip(before).filter(|prefix| **prefix == records).count(),
        1,
        "and only once"
    );
    assert_eq!(labels(&mut laptop).await, ["Original"]);
}

#[tokio::test]
async fn a_vault_that_another_tab_forgets_during_the_ceremony_is_treated_as_unknown() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    let vault = laptop.create("My vault").await.unwrap().id;
    laptop.add(key("Original")).await.unwrap();
    let mut laptop = laptop.lock().await;
    let disk = laptop.profile.disk.clone();
    laptop.authenticator.meanwhile(move || disk.restore(BTreeMap::new()));
    let reply = laptop.run(entry::Command::Unlock { vault: Some(vault) }).await.unwrap();
    assert!(matches!(reply, Reply::Entry(entry::Reply::Notice(_))), "{reply:?}");
    laptop.accept().await.unwrap();
    laptop.add(key("Saved")).await.unwrap();
    assert_eq!(labels(&mut laptop).await, ["Original", "Saved"]);
}

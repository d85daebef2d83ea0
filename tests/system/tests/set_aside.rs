//! A change of a record that the server refuses for good. It can be set aside: its content stays on
//! this device, its head is disowned, and later changes go on.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{
    Alarm, AsideKind, AsideRow, Event, Exchange, Failure, KeyDraft, RecordId, SyncState, session,
};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, PHRASE, Passkeys, Server};
use serde_json::json;

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "", credentials("api-key-set-aside", "a secret set aside"))
}

fn refused() -> Fault {
    Fault::forge(400, &json!({ "code": "bad_request" }))
}

async fn labels(device: &mut Device) -> Vec<String> {
    device.list().await.unwrap().into_iter().map(|row| row.label).collect()
}

async fn set_aside(device: &mut Device) -> Result<(), Failure> {
    device.done(session::Command::SetAside).await
}

fn kinds(rows: &[AsideRow]) -> Vec<(AsideKind, &str)> {
    rows.iter().map(|row| (row.kind, row.label.as_str())).collect()
}

/// Creates a vault with one key, whose next change the server refuses for good.
async fn vault(server: &Server) -> (Device, RecordId) {
    let mut device = Device::new(server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    let id = device.add(key("Stored")).await.unwrap().id;
    device.network.always("/api/commit", refused());
    (device, id)
}

#[tokio::test]
async fn a_full_account_refuses_a_change_and_a_deletion_makes_room() {
    // The profile, two devices and two keys.
    let server = Server::with(&["--quota-records", "5"]);
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let old = laptop.add(key("Old")).await.unwrap().id;
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    phone.network.set_offline(true);
    phone.add(key("Waits")).await.unwrap();
    laptop.add(key("Takes the last place")).await.unwrap();
    phone.network.set_offline(false);
    phone.events();
    phone.sync().await.unwrap();
    assert!(phone.events().contains(&Event::Sync(SyncState::Refused { full: true })));
    assert_eq!(phone.delete(old).await.err(), Some(Failure::EarlierRefused));
    assert_eq!(labels(&mut phone).await, ["Old", "Takes the last place", "Waits"], "it is still shown");

    set_aside(&mut phone).await.unwrap();
    assert!(phone.events().contains(&Event::Sync(SyncState::Synced)));
    assert_eq!(labels(&mut phone).await, ["Old", "Takes the last place"]);
    // It is there after locking, too.
    let mut phone = phone.lock().await;
    phone.unlock().await.unwrap();
    let aside = phone.aside().await.unwrap();
    assert_eq!(kinds(&aside), [(AsideKind::Key, "Waits")]);
    let again = session::Command::SaveAside { id: aside[0].id };
    assert_eq!(phone.done(again.clone()).await.err(), Some(Failure::QuotaExceeded));
    assert_eq!(phone.aside().await.unwrap(), aside, "nothing is lost");
    phone.erase(old).await.unwrap();
    phone.done(again).await.unwrap();
    assert!(phone.aside().await.unwrap().is_empty());
    laptop.sync().await.unwrap();
    assert_eq!(labels(&mut laptop).await, ["Takes the last place", "Waits"]);
    let row = laptop.search("Waits").await.unwrap().rows[0].id;
    assert_eq!(laptop.reveal(row).await.unwrap(), credentials("api-key-set-aside", "a secret set aside"));
}

#[tokio::test]
async fn an_edit_that_is_set_aside_can_be_saved_again_or_discarded() {
    let server = Server::start();
    let (mut device, id) = vault(&server).await;
    assert_eq!(device.rename(id, "Edited").await.unwrap().sync, SyncState::Refused { full: false });
    assert_eq!(device.rename(id, "Again").await.err(), Some(Failure::EarlierRefused));
    set_aside(&mut device).await.unwrap();
    assert_eq!(labels(&mut device).await, ["Stored"]);
    // A second edit of the same key does not take the place of the first.
    device.rename(id, "Edited twice").await.unwrap();
    set_aside(&mut device).await.unwrap();
    let aside = device.aside().await.unwrap();
    assert_eq!(kinds(&aside), [(AsideKind::Key, "Edited"), (AsideKind::Key, "Edited twice")]);

    device.network.heal();
    device.done(session::Command::SaveAside { id: aside[0].id }).await.unwrap();
    assert_eq!(labels(&mut device).await, ["Edited"]);
    // The other one was made on the version before, so it is kept beside the new one.
    device.done(session::Command::SaveAside { id: aside[1].id }).await.unwrap();
    assert_eq!(labels(&mut device).await, ["Edited", "Edited twice"]);

    device.network.always("/api/commit", refused());
    device.add(key("Never mind")).await.unwrap();
    set_aside(&mut device).await.unwrap();
    let aside = device.aside().await.unwrap();
    device.done(session::Command::DiscardAside { id: aside[0].id }).await.unwrap();
    assert!(device.aside().await.unwrap().is_empty());
    assert!(!device.profile.disk.snapshot().keys().any(|key| key.contains("/aside/")));
    let gone = device.done(session::Command::SaveAside { id: aside[0].id }).await;
    assert_eq!(gone.err(), Some(Failure::NoSuchRecord));
}

#[tokio::test]
async fn what_is_not_refused_for_good_is_not_set_aside() {
    let server = Server::start();
    let (mut device, id) = vault(&server).await;
    assert_eq!(set_aside(&mut device).await.err(), Some(Failure::NoSuchRecord), "nothing waits");
    device.network.heal();
    device.network.always("/api/commit", Fault::Html);
    device.rename(id, "Waits").await.unwrap();
    assert_eq!(set_aside(&mut device).await.err(), Some(Failure::WaitingForServer), "it may arrive yet");
    assert_eq!(labels(&mut device).await, ["Waits"]);
    device.network.heal();
    device.sync().await.unwrap();
    assert_eq!(device.open(id).await.unwrap().row.label, "Waits");
}

#[tokio::test]
async fn a_refusal_that_ends_by_itself_needs_nobody() {
    let server = Server::start();
    let (mut device, id) = vault(&server).await;
    device.rename(id, "In the end").await.unwrap();
    let mut device = device.reopened();
    assert_eq!(device.unlock().await.unwrap().sync, SyncState::Refused { full: false });
    device.network.heal();
    device.sync().await.unwrap();
    assert!(device.events().contains(&Event::Sync(SyncState::Synced)));
    assert_eq!(device.rename(id, "And on").await.unwrap().sync, SyncState::Synced);
}

#[tokio::test]
async fn a_deletion_that_is_set_aside_leaves_what_it_deleted() {
    let server = Server::start();
    let (mut device, id) = vault(&server).await;
    device.delete(id).await.unwrap();
    set_aside(&mut device).await.unwrap();
    assert_eq!(labels(&mut device).await, ["Stored"]);
    assert_eq!(kinds(&device.aside().await.unwrap()), [], "there is nothing to keep");
    device.network.heal();
    device.delete(id).await.unwrap();
    device.network.always("/api/commit", refused());
    device.purge(id).await.unwrap();
    set_aside(&mut device).await.unwrap();
    assert_eq!(kinds(&device.aside().await.unwrap()), []);
    assert_eq!(device.trash().await.unwrap().len(), 1);
    device.restore(id).await.unwrap();
    set_aside(&mut device).await.unwrap();
    assert_eq!((device.trash().await.unwrap().len(), device.aside().await.unwrap().len()), (1, 0));
}

#[tokio::test]
async fn names_of_wallets_and_sign_in_methods_are_set_aside_too() {
    let server = Server::start();
    let (mut device, _) = vault(&server).await;
    device.network.heal();
    let wallet = device.add_wallet("Cold", PHRASE, 2, 3).await.unwrap().id;
    device.network.always("/api/commit", refused());
    let version = device.wallet(wallet).await.unwrap().version;
    let edit = crystallum_messages::WalletEdit {
        id: wallet,
        base: version,
        label: Some("Colder".to_owned()),
        note: None,
    };
    device.run(crystallum_messages::wallets::Command::Edit(edit)).await.unwrap();
    set_aside(&mut device).await.unwrap();
    assert_eq!(device.wallets().await.unwrap()[0].label, "Cold");
    let method = device.sign_in_methods().await.unwrap()[0].id;
    let rename = crystallum_messages::access::Command::Rename { id: method, name: "Laptop".to_owned() };
    device.run(rename.clone()).await.unwrap();
    set_aside(&mut device).await.unwrap();
    let aside = device.aside().await.unwrap();
    assert_eq!(kinds(&aside), [(AsideKind::Wallet, "Colder"), (AsideKind::SignInMethod, "Laptop")]);
    device.network.heal();
    for row in &aside {
        device.done(session::Command::SaveAside { id: row.id }).await.unwrap();
    }
    assert_eq!(device.wallets().await.unwrap()[0].label, "Colder");
    assert_eq!(device.sign_in_methods().await.unwrap()[0].name, "Laptop");
}

#[tokio::test]
async fn a_change_that_was_set_aside_and_appears_is_an_alarm() {
    let server = Server::start();
    let (mut device, id) = vault(&server).await;
    device.network.heal();
    device.network.once("/api/commit", Fault::replace(413, &json!({ "code": "quota_exceeded" })));
    assert_eq!(device.rename(id, "Stored in secret").await.unwrap().sync, SyncState::Refused { full: true });
    set_aside(&mut device).await.unwrap();
    let mut device = device.lock().await;
    assert_eq!(device.unlock().await.unwrap().change, 2);
    assert!(device.events().contains(&Event::Alarm(Alarm::Disowned { offered: 3 })));
    assert_eq!(labels(&mut device).await, ["Stored"]);
    let aside = device.aside().await.unwrap();
    assert_eq!(kinds(&aside), [(AsideKind::Key, "Stored in secret")]);
    let alarm = Failure::Alarm(Alarm::Disowned { offered: 3 });
    assert_eq!(device.done(session::Command::SaveAside { id: aside[0].id }).await.err(), Some(alarm));
    assert_eq!(device.aside().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_crash_while_it_is_saved_again_loses_nothing_and_doubles_nothing() {
    for write in 1..=3 {
        let server = Server::start();
        let (mut device, _) = vault(&server).await;
        device.add(key("Aside")).await.unwrap();
        set_aside(&mut device).await.unwrap();
        let id = device.aside().await.unwrap()[0].id;
        device.network.heal();
        device.profile.disk.fail_write(write);
        let saved = device.done(session::Command::SaveAside { id }).await;
        let mut device = device.reopened();
        device.unlock().await.unwrap();
        let kept = device.aside().await.unwrap().len();
        let listed = labels(&mut device).await;
        assert_eq!(listed.len() + kept, 2, "write {write}: {saved:?}, {listed:?}");
    }
}

/// A wallet cannot be kept beside its newer version. What was set aside, saved again without a
/// connection and then overtaken is set aside once more.
#[tokio::test]
async fn a_note_that_is_saved_again_offline_is_not_lost_to_a_newer_one() {
    for restarts in [false, true] {
        let server = Server::start();
        let passkeys = Passkeys::default();
        let mut laptop = Device::new(&server, &passkeys);
        laptop.create("My vault").await.unwrap();
        let wallet = laptop.add_wallet("Cold", PHRASE, 2, 3).await.unwrap().id;
        let mut phone = Device::new(&server, &passkeys);
        phone.unlock_any().await.unwrap();
        laptop.sync().await.unwrap();

        phone.network.always("/api/commit", refused());
        rename_wallet(&mut phone, wallet, "From the phone").await;
        set_aside(&mut phone).await.unwrap();
        phone.network.heal();
        phone.network.set_offline(true);
        let id = phone.aside().await.unwrap()[0].id;
        phone.done(session::Command::SaveAside { id }).await.unwrap();
        assert!(phone.aside().await.unwrap().is_empty(), "it waits to be sent");

        rename_wallet(&mut laptop, wallet, "From the laptop").await;
        phone.network.set_offline(false);
        if restarts {
            phone = phone.reopened();
            phone.unlock().await.unwrap();
        } else {
            phone.sync().await.unwrap();
        }
        for _ in 0..2 {
            assert_eq!(phone.wallets().await.unwrap()[0].label, "From the laptop");
            assert_eq!(kinds(&phone.aside().await.unwrap()), [(AsideKind::Wallet, "From the phone")]);
            phone = phone.reopened();
            phone.unlock().await.unwrap();
        }
    }
}

async fn rename_wallet(device: &mut Device, id: RecordId, label: &str) {
    let base = device.wallet(id).await.unwrap().version;
    let edit = crystallum_messages::WalletEdit { id, base, label: Some(label.to_owned()), note: None };
    device.run(crystallum_messages::wallets::Command::Edit(edit)).await.unwrap();
}

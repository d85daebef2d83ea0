//! Two devices that change one key again and again, each without knowing of the other's change.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::collections::BTreeSet;

use crystallum_messages::{Exchange, Failure, KeyDraft, KeyEdit, RecordId, SyncState};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Passkeys, Server, deep};

/// How many keys are shown at most: the key, and its copies.
const MAX_SHOWN: usize = 4;

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Bybit, label, "", credentials("api-key-of-two", "a secret of two"))
}

async fn labels(device: &mut Device) -> BTreeSet<String> {
    device.list().await.unwrap().into_iter().map(|row| row.label).collect()
}

async fn scene(server: &Server) -> (Device, Device, RecordId) {
    let wallet = Passkeys::default();
    let mut laptop = Device::new(server, &wallet);
    laptop.create("My vault").await.unwrap();
    let id = laptop.add(key("First")).await.unwrap().id;
    let mut phone = Device::new(server, &wallet);
    phone.unlock_any().await.unwrap();
    phone.wait_for_secrets().await;
    laptop.sync().await.unwrap();
    (laptop, phone, id)
}

/// Attack T62 of `tests/ATTACKS.md`: forms that were filled before another device saved.
#[tokio::test]
async fn conflicts_without_end_make_few_copies_and_lose_nothing() {
    let rounds = if deep() { 1000 } else { 12 };
    let server = Server::with(&["--rate-scale", "1000"]);
    let (mut laptop, mut phone, id) = scene(&server).await;
    let mut refused = 0;
    for round in 0..rounds {
        let base = laptop.open(id).await.unwrap().version;
        assert_eq!(phone.rename(id, &format!("Phone {round}")).await.unwrap().sync, SyncState::Synced);
        let label = format!("Laptop {round}");
        let edit = KeyEdit { id, base, label: Some(label.clone()), note: None, credentials: None };
        match laptop.edit(edit).await {
            Ok(_) => assert!(labels(&mut laptop).await.contains(&label)),
            // The form still has it.
            Err(Failure::Changed) => refused += 1,
            Err(other) => panic!("{other:?}"),
        }
        let shown = labels(&mut laptop).await;
        assert!(shown.len() <= MAX_SHOWN && shown.contains(&format!("Phone {round}")), "{round}: {shown:?}");
    }
    assert_eq!(refused, rounds - (MAX_SHOWN - 1));
    phone.sync().await.unwrap();
    assert_eq!(labels(&mut phone).await, labels(&mut laptop).await);
    // Somebody who wants another copy makes room first.
    let copy = laptop.list().await.unwrap().into_iter().find(|row| row.id != id).unwrap();
    laptop.delete(copy.id).await.unwrap();
    laptop.purge(copy.id).await.unwrap();
    let base = laptop.open(id).await.unwrap().version;
    phone.rename(id, "Phone, last").await.unwrap();
    let edit = KeyEdit { id, base, label: Some("Laptop, last".to_owned()), note: None, credentials: None };
    laptop.edit(edit).await.unwrap();
    assert!(labels(&mut laptop).await.contains("Laptop, last"));
}

/// Attack T62 of `tests/ATTACKS.md`: changes that wait on a device while another one writes.
#[tokio::test]
async fn what_waited_through_conflicts_without_end_is_set_aside() {
    let rounds = if deep() { 1000 } else { 8 };
    let server = Server::with(&["--rate-scale", "1000"]);
    let (mut laptop, mut phone, id) = scene(&server).await;
    for round in 0..rounds {
        laptop.network.set_offline(true);
        let label = format!("Laptop {round}");
        assert_eq!(laptop.rename(id, &label).await.unwrap().sync, SyncState::Waiting);
        phone.rename(id, &format!("Phone {round}")).await.unwrap();
        laptop.network.set_offline(false);
        laptop.sync().await.unwrap();
        let shown = labels(&mut laptop).await;
        let aside = laptop.aside().await.unwrap();
        let is_aside = aside.iter().any(|row| row.label == label);
        assert!(shown.contains(&label) != is_aside, "{round}: {shown:?}, {aside:?}");
        assert!(shown.len() <= MAX_SHOWN, "{round}: {shown:?}");
    }
    assert_eq!(laptop.aside().await.unwrap().len(), rounds - (MAX_SHOWN - 1));
    phone.sync().await.unwrap();
    assert_eq!(labels(&mut phone).await, labels(&mut laptop).await);
}

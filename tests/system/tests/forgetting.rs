//! Forgetting a vault on this device: the question says what is not saved on the server.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{Exchange, KeyDraft, Unsaved, VaultId, entry, session};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, Server};
use serde_json::json;

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "", credentials("api-key-forgotten", "a secret"))
}

fn unsaved(changes: u32, labels: &[&str]) -> Unsaved {
    Unsaved { changes, labels: labels.iter().map(|label| (*label).to_owned()).collect() }
}

async fn vault(server: &Server) -> (Device, VaultId) {
    let mut device = Device::new(server, &Passkeys::default());
    let vault = device.create("My vault").await.unwrap().id;
    (device, vault)
}

#[tokio::test]
async fn what_would_be_lost_is_counted_and_named() {
    let server = Server::start();
    let (mut device, vault) = vault(&server).await;
    let id = device.add(key("Saved")).await.unwrap().id;
    assert_eq!(device.unsaved(vault).await, Ok(unsaved(0, &[])));
    device.network.always("/api/commit", Fault::forge(400, &json!({ "code": "bad_request" })));
    device.add(key("Refused")).await.unwrap();
    device.done(session::Command::SetAside).await.unwrap();
    device.rename(id, "Waits").await.unwrap();
    assert_eq!(device.unsaved(vault).await, Ok(unsaved(2, &["Waits", "Refused"])));

    // The same while it is locked, without the labels, which are sealed.
    let mut device = device.lock().await;
    assert_eq!(device.unsaved(vault).await, Ok(unsaved(2, &[])));
    assert_eq!(device.unsaved(VaultId([9; 16])).await, Ok(unsaved(0, &[])));
    device.done(entry::Command::Forget { vault }).await.unwrap();
    assert_eq!(device.unsaved(vault).await, Ok(unsaved(0, &[])));
    assert!(device.profile.disk.snapshot().is_empty(), "nothing of it stays");
}

#[tokio::test]
async fn what_waits_for_a_session_or_is_to_be_deleted_counts_too() {
    let server = Server::start();
    let (mut device, vault) = vault(&server).await;
    let id = device.add(key("Deleted")).await.unwrap().id;
    device.delete(id).await.unwrap();
    device.network.once("/api/commit", Fault::forge(401, &json!({ "code": "session_expired" })));
    device.purge(id).await.unwrap();
    assert_eq!(device.unsaved(vault).await, Ok(unsaved(1, &["Deleted"])));
}

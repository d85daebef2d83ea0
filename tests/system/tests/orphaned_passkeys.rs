//! Passkeys and recovery codes of changes that this device withdrew after a final refusal. The
//! server may have stored such a change all the same, so they are kept until another head with its
//! counter was verified: they may be all that opens the vault.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{Alarm, Event, Exchange, Failure, KeyDraft};
use crystallum_system_tests::{Device, credentials, draft, typed};
use crystallum_test_support::{Fault, Passkeys, Server};
use serde_json::json;

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "", credentials("api-key-4711", "a secret"))
}

/// Returns how many passkeys the authenticator was told to be unused since the last call.
fn unused(device: &Device) -> usize {
    device.events().iter().filter(|event| matches!(event, Event::UnusedPasskey(_))).count()
}

fn not_stored() -> Fault {
    Fault::forge(400, &json!({ "code": "bad_request" }))
}

fn stored() -> Fault {
    Fault::replace(400, &json!({ "code": "bad_request" }))
}

async fn vault(server: &Server, wallet: &Passkeys) -> Device {
    let mut device = Device::new(server, wallet);
    device.create("My vault").await.unwrap();
    let sheet = device.sheet().await.unwrap();
    device.confirm(&sheet).await.unwrap();
    device
}

/// Adds a passkey on another authenticator, and has the server refuse it for good.
async fn refuse_passkey(device: &mut Device, wallet: &Passkeys, other: &Passkeys, fault: Fault) {
    device.authenticator.then_hold(other);
    device.network.once("/api/sign-in-methods", fault);
    assert_eq!(device.add_passkey("Phone").await, Err(Failure::Refused));
    device.authenticator.hold(wallet);
}

#[tokio::test]
async fn a_refused_passkey_that_the_server_stored_is_not_thrown_away() {
    let server = Server::start();
    let (wallet, other) = (Passkeys::default(), Passkeys::default());
    let mut laptop = vault(&server, &wallet).await;
    refuse_passkey(&mut laptop, &wallet, &other, stored()).await;
    assert_eq!(unused(&laptop), 0);
    laptop.sync().await.unwrap();
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    assert_eq!(unused(&laptop), 0, "its head is there");
    Device::new(&server, &other).unlock_any().await.unwrap();
}

#[tokio::test]
async fn a_refused_passkey_is_thrown_away_once_another_head_took_its_place() {
    let server = Server::start();
    for restarts in [false, true] {
        let (wallet, other) = (Passkeys::default(), Passkeys::default());
        let mut laptop = vault(&server, &wallet).await;
        let mut phone = Device::new(&server, &wallet);
        phone.unlock_any().await.unwrap();
        laptop.sync().await.unwrap();
        refuse_passkey(&mut laptop, &wallet, &other, not_stored()).await;
        if restarts {
            laptop = laptop.reopened();
            laptop.unlock().await.unwrap();
        }
        laptop.sync().await.unwrap();
        assert_eq!(unused(&laptop), 0, "its head may yet appear");
        if restarts {
            laptop.add(key("In its place")).await.unwrap();
        } else {
            phone.add(key("In its place")).await.unwrap();
            laptop.sync().await.unwrap();
        }
        assert_eq!(unused(&laptop), 1);
        laptop.add(key("Once")).await.unwrap();
        let mut laptop = laptop.lock().await;
        laptop.unlock().await.unwrap();
        assert_eq!(unused(&laptop), 0, "it is said once");
    }
}

/// A second passkey for the same vault would take the place of the first on its authenticator.
#[tokio::test]
async fn another_passkey_is_made_only_after_the_refused_one_is_settled() {
    let server = Server::start();
    let (wallet, other) = (Passkeys::default(), Passkeys::default());
    let mut laptop = vault(&server, &wallet).await;
    refuse_passkey(&mut laptop, &wallet, &other, not_stored()).await;
    assert_eq!(unused(&laptop), 0);
    let before = other.len();
    // What settles it does not go through either.
    laptop.network.always("/api/commit", Fault::Html);
    laptop.authenticator.then_hold(&other);
    assert!(laptop.add_passkey("Phone").await.is_err());
    laptop.network.heal();
    assert_eq!((other.len(), unused(&laptop)), (before, 0), "none was made");
    laptop.authenticator.hold(&wallet);
    laptop.authenticator.then_hold(&other);
    laptop.add_passkey("Phone").await.unwrap();
    assert_eq!(unused(&laptop), 1);
    let mut phone = Device::new(&server, &other);
    phone.unlock_any().await.unwrap();
    assert_eq!(phone.sign_in_methods().await.unwrap().len(), 3);
    assert_eq!(phone.list().await.unwrap().len(), 0, "what settled it changed nothing");
}

/// Only the code is left, and the change that replaces it is said to be refused and is stored: the
/// code opens nothing any more, and the new passkey is all there is.
#[tokio::test]
async fn a_recovery_that_was_stored_and_refused_leaves_a_passkey_that_opens() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    let sheet = laptop.sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    let mut found = Device::new(&server, &wallet);
    found.recover(&typed(&sheet)).await.unwrap();
    found.network.once("/api/sign-in-methods", stored());
    assert_eq!(found.finish_recovery().await.err(), Some(Failure::Refused));
    let again = found.finish_recovery().await.err();
    assert!(matches!(again, Some(Failure::Alarm(Alarm::Disowned { .. }))), "{again:?}");
    assert_eq!((wallet.len(), unused(&found)), (1, 0));
    Device::new(&server, &wallet).unlock_any().await.unwrap();
}

#[tokio::test]
async fn a_recovery_that_was_refused_is_settled_before_the_next_attempt() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    let sheet = laptop.sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    let mut found = Device::new(&server, &wallet);
    found.recover(&typed(&sheet)).await.unwrap();
    found.network.once("/api/sign-in-methods", not_stored());
    assert_eq!(found.finish_recovery().await.err(), Some(Failure::Refused));
    assert_eq!((wallet.len(), unused(&found)), (1, 0));
    found.finish_recovery().await.unwrap();
    assert_eq!(unused(&found), 1, "the first passkey");
    let new_sheet = found.sheet().await.unwrap();
    found.confirm(&new_sheet).await.unwrap();
    let mut found = found.lock().await;
    found.unlock().await.unwrap();
    Device::new(&server, &wallet).unlock_any().await.unwrap();
    let mut last = Device::new(&server, &Passkeys::default());
    last.recover(&typed(&new_sheet)).await.unwrap();
}

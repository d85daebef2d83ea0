//! Passkeys that are being made: what is tried before, and what becomes of one that has no vault.

use std::cell::Cell;
use std::rc::Rc;

use crystallum_messages::{Event, Exchange, Failure, PasskeyFault, Refusal, keys};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, PrfMode, Server};
use serde_json::json;
use tokio::join;

/// Returns how many passkeys the authenticator was told to be unused since the last call.
fn unused(device: &Device) -> usize {
    device.events().iter().filter(|event| matches!(event, Event::UnusedPasskey(_))).count()
}

#[tokio::test]
async fn a_browser_that_stores_no_keys_is_found_before_there_is_a_passkey() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut device = Device::new(&server, &wallet);
    device.profile.keys.refuse(true);
    assert_eq!(device.create("My vault").await.err(), Some(Failure::StorageFailed));
    assert_eq!((device.authenticator.touches(), wallet.len()), (0, 0));
    device.profile.keys.refuse(false);
    device.create("My vault").await.unwrap();
    assert_eq!((wallet.len(), device.profile.keys.count(), unused(&device)), (1, 1, 0));
}

#[tokio::test]
async fn a_passkey_stays_while_its_second_ceremony_can_be_repeated() {
    let server = Server::start();
    for refusal in [
        Refusal::Cancelled,
        Refusal::Fault(PasskeyFault::AtOnce),
        Refusal::Fault(PasskeyFault::Busy),
        Refusal::Fault(PasskeyFault::Device),
        Refusal::Fault(PasskeyFault::Unreadable),
    ] {
        let wallet = Passkeys::default();
        let mut device = Device::with(&server, &wallet, PrfMode::AtGet);
        device.authenticator.refuse_touch(2, refusal);
        let failed = device.create("My vault").await.err();
        match refusal {
            Refusal::Fault(fault) => assert_eq!(failed, Some(Failure::PasskeyFault(fault))),
            _ => assert_eq!(failed, Some(Failure::Cancelled)),
        }
        device.create("My vault").await.unwrap();
        assert_eq!((wallet.len(), unused(&device)), (1, 0), "{refusal:?}");
    }
}

#[tokio::test]
async fn a_new_passkey_that_came_to_nothing_is_signalled_away() {
    let server = Server::start();
    let mut device = Device::with(&server, &Passkeys::default(), PrfMode::Never);
    assert_eq!(device.create("My vault").await.err(), Some(Failure::PrfMissing));
    assert_eq!((unused(&device), device.profile.keys.count()), (1, 0), "no key");

    let mut device = Device::with(&server, &Passkeys::default(), PrfMode::AtGet);
    device.authenticator.refuse_touch(2, Refusal::Unsupported);
    assert_eq!(device.create("My vault").await.err(), Some(Failure::Unsupported));
    assert_eq!((unused(&device), device.profile.keys.count()), (1, 0), "no second ceremony");
    device.authenticator.refuse_touch(2, Refusal::Cancelled);
    assert_eq!(device.create("My vault").await.err(), Some(Failure::Cancelled));
    assert_eq!(unused(&device), 0, "it may still be used");
    device.authenticator.refuse_touch(1, Refusal::Cancelled);
    assert_eq!(device.unlock().await.err(), Some(Failure::Cancelled));
    assert_eq!((unused(&device), device.profile.keys.count()), (1, 0), "another vault is opened");

    let mut device = Device::new(&server, &Passkeys::default());
    device.network.once("/api/accounts", Fault::forge(403, &json!({ "code": "sign_up_closed" })));
    assert_eq!(device.create("My vault").await.err(), Some(Failure::SignUpClosed));
    assert_eq!((unused(&device), device.profile.keys.count()), (1, 0), "no account");
}

#[tokio::test]
async fn a_passkey_is_signalled_away_when_its_vault_cannot_be_signed() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    let (keys, answer) = (device.profile.keys.clone(), device.authenticator.leave_unanswered());
    let meanwhile = async {
        // The key is made before the ceremony.
        while keys.count() == 0 {
            tokio::task::yield_now().await;
        }
        keys.refuse(true);
        answer.send(()).unwrap();
    };
    let (created, ()) = join!(device.create("My vault"), meanwhile);
    assert_eq!(created.err(), Some(Failure::StorageFailed));
    assert_eq!((unused(&device), device.profile.keys.count()), (1, 0));
}

/// An edit during the ceremony waits for the server. It is not the change that adds the passkey.
#[tokio::test]
async fn a_passkey_is_signalled_away_when_only_a_record_waits() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    let authenticator = device.authenticator.clone();
    let second = Rc::new(Cell::new(None));
    let gate = Rc::clone(&second);
    device.authenticator.then_hold(&Passkeys::default());
    device.authenticator.meanwhile(move || gate.set(Some(authenticator.leave_unanswered())));
    let (commands, network) = (device.commands.clone(), device.network.clone());
    let meanwhile = async {
        // Between the two ceremonies only the engine has something to do.
        let answer = loop {
            match second.take() {
                Some(answer) => break answer,
                None => tokio::task::yield_now().await,
            }
        };
        network.set_offline(true);
        let key = draft(Exchange::Kraken, "Key", "", credentials("api-key-4711", "a secret"));
        assert!(commands.ask(keys::Command::Add(key)).await.is_some_and(|saved| saved.is_ok()));
        answer.send(()).unwrap();
    };
    let (added, ()) = join!(device.add_passkey("Phone"), meanwhile);
    assert_eq!(added, Err(Failure::WaitingForServer));
    assert_eq!(unused(&device), 1);
}

#[tokio::test]
async fn a_passkey_whose_vault_may_exist_is_not_signalled_away() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut device = Device::new(&server, &wallet);
    device.network.always("/api/accounts", Fault::AnswerLost);
    assert_eq!(device.create("My vault").await.err(), Some(Failure::Unreachable));
    device.network.heal();
    device.create("My vault").await.unwrap();
    assert_eq!((wallet.len(), unused(&device)), (1, 0));

    // The server's word that it knows no such passkey deletes none.
    let mut device = device.lock().await;
    device.events();
    device.network.once("/api/login", Fault::forge(401, &json!({ "code": "credential_rejected" })));
    let opened = device.unlock().await;
    assert_eq!(unused(&device), 0, "{opened:?}");
}

//! Clocks that are wrong by ten years: what the server says of times, and the device's own clock.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{Event, Exchange, KeyDraft, SyncState};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, Server};
use serde_json::{Value, json};

const YEARS: u64 = 10 * 365 * 86_400 * 1_000;

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Bybit, label, "", credentials("api-key-of-two", "a secret of two"))
}

async fn labels(device: &mut Device) -> Vec<String> {
    device.list().await.unwrap().into_iter().map(|row| row.label).collect()
}

fn has_alarm(device: &Device) -> bool {
    device.events().iter().any(|event| matches!(event, Event::Alarm(_)))
}

/// Attack T40 of `tests/ATTACKS.md`: the only time that a server tells is for how long a challenge
/// is valid.
#[tokio::test]
async fn how_long_a_challenge_is_said_to_last_changes_nothing() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    laptop.add(key("First")).await.unwrap();
    for said in [json!(u32::MAX), json!(0), json!(1)] {
        let mut locked = laptop.lock().await;
        let lie = said.clone();
        let fault = Fault::tamper(move |answer: &mut Value| answer["expires_in"] = lie.clone());
        locked.network.always("/api/login/challenge", fault);
        let before = locked.network.count("/api/login/challenge");
        locked.unlock().await.unwrap();
        let asked = locked.network.count("/api/login/challenge") - before;
        assert!(asked <= 2, "{said}: {asked} challenges");
        locked.network.heal();
        assert_eq!(labels(&mut locked).await, ["First"], "{said}");
        laptop = locked;
    }
    assert_eq!(laptop.add(key("Second")).await.unwrap().sync, SyncState::Synced);
    assert!(!has_alarm(&laptop));
}

/// Attack T40 of `tests/ATTACKS.md`: a device whose clock is wrong reads and writes like any other,
/// and so do those that know the right time.
#[tokio::test]
async fn a_device_with_a_wrong_clock_locks_nobody_out() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let id = laptop.add(key("First")).await.unwrap().id;
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    let now = phone.clock.time();
    for (time, label) in [(now - YEARS, "Ten years ago"), (now + YEARS, "In ten years"), (0, "At the epoch")]
    {
        phone.clock.set(time);
        let mut locked = phone.lock().await;
        locked.unlock().await.unwrap();
        assert_eq!(locked.rename(id, label).await.unwrap().sync, SyncState::Synced, "{label}");
        laptop.sync().await.unwrap();
        assert_eq!(labels(&mut laptop).await, [label]);
        assert_eq!(laptop.rename(id, "Now").await.unwrap().sync, SyncState::Synced, "after {label}");
        locked.sync().await.unwrap();
        assert_eq!(labels(&mut locked).await, ["Now"], "after {label}");
        assert!(!has_alarm(&laptop) && !has_alarm(&locked), "{label}");
        phone = locked;
    }
}

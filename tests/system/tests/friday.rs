//! The operator restores Friday's backup on Sunday. On Saturday, a laptop was stolen: its owner
//! recovered the vault with the sheet on a phone, made a new passkey, removed the old one with its
//! laptop, and dealt the wallet anew. The phone alone knows that, and the server knows none of its
//! passkeys.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{
    Alarm, DeviceId, Event, Exchange, Failure, KeyDraft, NotPutBack, RecordId, Refusal, SecretText,
    SignInMethodKind, SyncState, access, session,
};
use crystallum_system_tests::{Device, credentials, draft, typed};
use crystallum_test_support::{Fault, PHRASE, Passkeys, Server};
use serde_json::json;

const VAULT_LOGIN: &str = "/api/login/vault";
const PUT_BACK: &str = "/api/put-back";
/// The alarm of the phone.
const LOST: Alarm = Alarm::Rollback { mine: 15, offered: 6 };

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "a note", credentials("api-key-of-friday", label))
}

fn alarms(events: &[Event]) -> Vec<Alarm> {
    let alarm = |event: &Event| match event {
        Event::Alarm(alarm) => Some(alarm.clone()),
        _ => None,
    };
    events.iter().filter_map(alarm).collect()
}

async fn labels(device: &mut Device) -> Vec<String> {
    device.list().await.unwrap().into_iter().map(|row| row.label).collect()
}

/// Applies a fault to the next login with the vault's key, and none to the challenge before.
fn at_login(device: &Device, fault: Fault) {
    device.network.once(VAULT_LOGIN, Fault::tamper(|_| {}));
    device.network.once(VAULT_LOGIN, fault);
}

struct Sunday {
    server: Server,
    /// What the laptop of before and its thief have.
    laptop: Device,
    old_code: String,
    /// The only passkey on the phone.
    passkeys: Passkeys,
    phone: Device,
    saturdays_code: String,
    wallet: RecordId,
}

impl Sunday {
    async fn comes(keeps_stores: bool) -> Self {
        let mut server = Server::start();
        let mut laptop = Device::new(&server, &Passkeys::default());
        laptop.create("My vault").await.unwrap();
        let sheet = laptop.sheet().await.unwrap();
        laptop.confirm(&sheet).await.unwrap();
        let old_code = typed(&sheet);
        laptop.add(key("Friday")).await.unwrap();
        let deleted = laptop.add(key("Deleted on Saturday")).await.unwrap().id;
        let wallet = laptop.add_wallet("Savings", PHRASE, 2, 3).await.unwrap().id;
        laptop.rename(deleted, "Deleted").await.unwrap();
        assert_eq!(server.rows("commits").await, 6);
        server.back_up("friday");
        let laptop = laptop.lock().await;

        let passkeys = Passkeys::default();
        let mut phone = Device::new(&server, &passkeys);
        phone.recover(&old_code).await.unwrap();
        phone.finish_recovery().await.unwrap();
        let sheet = phone.sheet().await.unwrap();
        phone.confirm(&sheet).await.unwrap();
        let methods = phone.sign_in_methods().await.unwrap();
        let old = methods.iter().find(|method| method.kind == SignInMethodKind::Passkey && !method.used_now);
        phone.remove_sign_in_method(old.unwrap().id).await.unwrap();
        let devices = phone.devices().await.unwrap().into_iter().filter(|device| !device.this);
        let devices: Vec<DeviceId> = devices.map(|device| device.id).collect();
        phone.done(access::Command::RemoveDevices { devices }).await.unwrap();
        phone.refresh(wallet, 2, 3).await.unwrap();
        phone.erase(deleted).await.unwrap();
        phone.add(key("Saturday")).await.unwrap();
        assert_eq!(server.rows("commits").await, 15);

        server = server.restart();
        let server = server.restore_backup("friday", keeps_stores);
        // The phone was closed in between.
        let phone = phone.reopened();
        Self { server, laptop, old_code, passkeys, phone, saturdays_code: typed(&sheet), wallet }
    }

    /// Unlocks the phone with its passkey, and puts back.
    async fn put_back(&mut self) {
        self.phone.unlock().await.unwrap();
        self.phone.put_back().await.unwrap();
    }
}

/// Attack T51 of `tests/ATTACKS.md`.
#[tokio::test]
async fn the_one_device_that_knows_puts_back_and_makes_its_passkey_again() {
    let mut sunday = Sunday::comes(true).await;
    let opened = sunday.phone.unlock().await.unwrap();
    assert_eq!(opened.sync, SyncState::PasskeyLost);
    assert_eq!(alarms(&sunday.phone.events()), [LOST]);
    assert!(sunday.phone.evidence().await.unwrap().is_some());
    let Sunday { server, passkeys, mut phone, wallet, laptop, old_code, saturdays_code } = sunday;
    assert_eq!(server.rows("commits").await, 6, "nothing is adopted, and nothing stored unasked");
    assert_eq!(labels(&mut phone).await, ["Friday", "Saturday"]);

    phone.put_back().await.unwrap();
    assert!(phone.events().contains(&Event::AlarmEnded(LOST)));
    assert_eq!(server.rows("commits").await, 15);
    assert_eq!(server.rows("credentials").await + server.rows("recovery").await, 0);
    server.examine();
    // The session of the vault's key does not write.
    assert_eq!(phone.add(key("Too early")).await.err(), Some(Failure::PasskeyLost));
    assert_eq!(phone.refresh(wallet, 2, 3).await.err(), Some(Failure::PasskeyLost));

    // Saturday's promises hold. The thief of the laptop has its passkey, its device key and the key
    // of the vault.
    let mut laptop = laptop;
    assert_eq!(laptop.unlock().await.unwrap().sync, SyncState::SignedOut);
    assert_eq!(laptop.network.count(VAULT_LOGIN), 2, "a nonce, and one attempt");
    assert_eq!(laptop.add(key("Of the thief")).await.err(), Some(Failure::SessionExpired));
    for code in [&old_code, &saturdays_code] {
        let found = Device::new(&server, &Passkeys::default()).recover(code).await;
        assert_eq!(found.err(), Some(Failure::CodeUnknown));
    }

    // A new sheet first, then a new passkey, which takes the place of the one on this phone.
    let sheet = phone.new_sheet().await.unwrap();
    phone.confirm(&sheet).await.unwrap();
    // As the page does when it is left.
    phone.done(access::Command::PutSheetAway).await.unwrap();
    phone.add_passkey("This phone").await.unwrap();
    assert_eq!(passkeys.len(), 1);
    let methods = phone.sign_in_methods().await.unwrap();
    assert_eq!(methods.len(), 2);
    assert!(methods.iter().all(|method| method.counts), "{methods:?}");
    phone.done(session::Command::Renew).await.unwrap();
    phone.add(key("Sunday")).await.unwrap();
    assert_eq!(server.rows("credentials").await, 1);

    // Every share of Saturday's dealing is there.
    let shares = phone.check_wallet(wallet).await.unwrap();
    assert_eq!(phone.rebuild(wallet).await.unwrap().phrase.expose(), PHRASE, "{shares:?}");
    phone.refresh(wallet, 2, 3).await.unwrap();
    server.examine();

    // Everything is as usual from here on, on this device and on others.
    let mut phone = phone.lock().await;
    let before = phone.network.count(VAULT_LOGIN);
    assert_eq!(phone.unlock().await.unwrap().sync, SyncState::Synced);
    assert_eq!(phone.network.count(VAULT_LOGIN), before);
    let all = ["Friday", "Saturday", "Sunday"];
    assert_eq!(labels(&mut phone).await, all);
    let mut new = Device::new(&server, &passkeys);
    new.unlock_any().await.unwrap();
    assert_eq!(labels(&mut new).await, all);
    let mut found = Device::new(&server, &Passkeys::default());
    found.recover(&typed(&sheet)).await.unwrap();
    found.finish_recovery().await.unwrap();
    assert_eq!(labels(&mut found).await, all);
    assert_eq!(found.rebuild(wallet).await.unwrap().phrase.expose(), PHRASE);
    for device in [&phone, &new, &found] {
        assert_eq!(alarms(&device.events()), []);
    }
}

/// The stores were set back, too. Saturday's shares are lost, and Friday's open the phrase as it
/// was sealed on Friday, so nothing is put back that would make it unreadable.
#[tokio::test]
async fn what_would_make_a_wallet_unreadable_is_not_put_back() {
    let Sunday { server, mut phone, wallet, .. } = Sunday::comes(false).await;
    phone.unlock().await.unwrap();
    assert_eq!(phone.put_back().await.err(), Some(Failure::NotPutBack(NotPutBack::SharesLost)));
    assert_eq!(server.rows("commits").await, 6);
    assert_eq!(labels(&mut phone).await, ["Friday", "Saturday"], "this device has what it had");
    assert!(phone.wallet(wallet).await.is_ok());
}

/// Each step can be interrupted and done again.
#[tokio::test]
async fn the_phone_may_be_closed_at_any_time() {
    let mut sunday = Sunday::comes(true).await;
    for fault in [Fault::NotSent, Fault::forge(503, &json!({ "code": "unavailable" })), Fault::AnswerLost] {
        at_login(&sunday.phone, fault);
        assert_eq!(sunday.phone.unlock().await.unwrap().sync, SyncState::SignedOut);
        sunday.phone = sunday.phone.reopened();
    }
    sunday.put_back().await;
    let server = sunday.server;
    let mut phone = sunday.phone.reopened();
    let opened = phone.unlock().await.unwrap();
    assert_eq!((opened.sync, alarms(&phone.events())), (SyncState::PasskeyLost, vec![]));

    // The session ended with the server's restart. Another touch opens the next one.
    let _server = server.restart();
    assert_eq!(phone.new_sheet().await.err(), None, "a fresh session is opened on the way");
    let sheet = phone.sheet().await.unwrap();
    // The answer to the change is lost, and then the phone is closed.
    phone.confirm(&sheet).await.unwrap();
    phone.network.once("/api/sign-in-methods", Fault::AnswerLost);
    phone.network.once("/api/sign-in-methods", Fault::AnswerLost);
    assert_eq!(phone.add_passkey("This phone").await.err(), Some(Failure::Unsettled));
    let mut phone = phone.reopened();
    assert_eq!(phone.unlock().await.unwrap().sync, SyncState::Synced);
    phone.add(key("Sunday")).await.unwrap();
    assert_eq!(sunday.passkeys.len(), 1);
}

/// An authenticator keeps one passkey for each vault. A new one takes the place of the lost one
/// only if a sheet opens the vault meanwhile.
#[tokio::test]
async fn the_passkey_is_not_replaced_before_there_is_a_sheet() {
    let mut sunday = Sunday::comes(true).await;
    sunday.put_back().await;
    let Sunday { server, mut phone, passkeys, .. } = sunday;
    let only = passkeys.clone();
    let excluded = async |phone: &mut Device| {
        phone.authenticator.then_hold(&Passkeys::default());
        phone.authenticator.refuse_touch(2, Refusal::Duplicate);
        let added = phone.add_passkey("New").await;
        phone.authenticator.hold(&only);
        assert_eq!(added.err(), Some(Failure::PasskeyExists));
        phone.authenticator.created().last().unwrap().exclude.len()
    };
    assert_eq!(excluded(&mut phone).await, 1, "no sheet is known to the server");
    let sheet = phone.new_sheet().await.unwrap();
    assert_eq!(excluded(&mut phone).await, 1, "the sheet may not have been written down");
    phone.confirm(&sheet).await.unwrap();
    assert_eq!(excluded(&mut phone).await, 0);
    // On another authenticator, the lost passkey gives way as well.
    phone.authenticator.then_hold(&Passkeys::default());
    phone.add_passkey("Security key").await.unwrap();
    assert_eq!(phone.sign_in_methods().await.unwrap().len(), 2);
    phone.done(session::Command::Renew).await.unwrap();
    phone.add(key("Sunday")).await.unwrap();
    server.examine();
}

/// Attack T16 of `tests/ATTACKS.md`: a server that refuses the passkey and lies about what it has
/// gets heads without ciphertext, which it had before, and an alarm.
#[tokio::test]
async fn a_server_that_lies_about_its_state_gets_an_alarm_and_no_ciphertext() {
    let Sunday { server, mut phone, .. } = Sunday::comes(true).await;
    // This device entered after the third change, and has the ones after the ninth.
    for (offered, logins) in [(3, 1), (9, 2)] {
        let before = phone.network.count(VAULT_LOGIN);
        for _ in 0..logins {
            at_login(&phone, Fault::forge(409, &json!({ "code": "conflict", "counter": offered })));
        }
        assert_eq!(phone.unlock().await.unwrap().sync, SyncState::SignedOut);
        assert_eq!(alarms(&phone.events()).last(), Some(&Alarm::Rollback { mine: 15, offered }));
        assert_eq!(phone.network.count(VAULT_LOGIN), before + 2 * logins);
        assert!(phone.network.heal(), "each answer was false");
    }
    let calls = phone.network.calls();
    for call in calls.iter().filter(|call| call.request.path == VAULT_LOGIN) {
        let body = String::from_utf8(call.request.body.clone().unwrap()).unwrap();
        assert!(!body.contains("\"blob\"") && !body.contains("\"wrap\""), "{body}");
    }
    assert_eq!((phone.network.count(PUT_BACK), server.rows("commits").await), (0, 6));
    // An honest answer goes on from there.
    phone.done(session::Command::Renew).await.unwrap();
    phone.put_back().await.unwrap();
    assert_eq!(server.rows("commits").await, 15);
    assert_eq!(phone.alarms().await.unwrap().kept, None);
}

#[tokio::test]
async fn a_sheet_is_typed_as_it_is_shown() {
    let mut sunday = Sunday::comes(true).await;
    sunday.put_back().await;
    let mut phone = sunday.phone;
    let sheet = phone.new_sheet().await.unwrap();
    let wrong = [SecretText::new("0000".to_owned()), SecretText::new("0000".to_owned())];
    let confirmed = phone.done(access::Command::ConfirmSheet { groups: wrong }).await;
    assert_eq!(confirmed.err(), Some(Failure::GroupsRejected));
    phone.confirm(&sheet).await.unwrap();
    assert_eq!(phone.sheet().await.err(), Some(Failure::NoSheet));
}

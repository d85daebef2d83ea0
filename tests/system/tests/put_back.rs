//! The server is set back to a backup, or says that it is. A device that knows more raises an alarm
//! and never adopts the older state. It puts back what was lost, and everybody goes on.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_api::MAX_PUT_BACK;
use crystallum_messages::{
    Alarm, Event, Exchange, Failure, KeyDraft, KeyEdit, NotPutBack, RecordId, session,
};
use crystallum_system_tests::{Device, credentials, draft, typed};
use crystallum_test_support::{Fault, PHRASE, Passkeys, Server};
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

const PUT_BACK: &str = "/api/put-back";

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "a note", credentials("api-key-of-put-back", label))
}

fn alarms(device: &Device) -> Vec<Alarm> {
    let alarm = |event| match event {
        Event::Alarm(alarm) => Some(alarm),
        _ => None,
    };
    device.events().into_iter().filter_map(alarm).collect()
}

/// A vault that three devices use, on a server that is set back to change 5.
struct Scene {
    server: Server,
    wallet: Passkeys,
    /// Knows everything, up to change 15. It was unlocked after the server was set back.
    laptop: Device,
    /// Knows what the backup has.
    phone: Device,
    /// Entered the vault after the backup.
    tablet: Device,
    edited: RecordId,
    newest: Vec<(String, Vec<u8>)>,
}

const LOST: Alarm = Alarm::Rollback { mine: 15, offered: 5 };

impl Scene {
    async fn set() -> Self {
        let mut server = Server::start();
        let wallet = Passkeys::default();
        let mut laptop = Device::new(&server, &wallet);
        laptop.create("My vault").await.unwrap();
        let mut phone = Device::new(&server, &wallet);
        phone.unlock_any().await.unwrap();
        laptop.sync().await.unwrap();
        let edited = laptop.add(key("Edited")).await.unwrap().id;
        let deleted = laptop.add(key("Deleted")).await.unwrap().id;
        laptop.add(key("Left alone")).await.unwrap();
        phone.sync().await.unwrap();
        let phone = phone.lock().await;
        server.back_up("friday");

        laptop.rename(edited, "Renamed").await.unwrap();
        laptop.rename(edited, "Renamed again").await.unwrap();
        for secret in ["second secret", "third secret"] {
            let base = laptop.open(edited).await.unwrap().version;
            let credentials = Some(credentials("api-key-of-put-back", secret));
            let edit = KeyEdit { id: edited, base, label: None, note: None, credentials };
            laptop.edit(edit).await.unwrap();
        }
        laptop.erase(deleted).await.unwrap();
        let short_lived = laptop.add(key("Short-lived")).await.unwrap().id;
        let mut tablet = Device::new(&server, &wallet);
        tablet.unlock_any().await.unwrap();
        while tablet.fetch_secrets().await {}
        laptop.erase(short_lived).await.unwrap();
        assert_eq!(server.rows("commits").await, 15);
        laptop.sync().await.unwrap();
        tablet.sync().await.unwrap();
        server = server.restart();
        let newest = server.files();
        // Sessions are in no backup.
        let server = server.restore_backup("friday", false);
        let mut laptop = laptop.lock().await;
        laptop.unlock().await.unwrap();
        Self { server, wallet, laptop, phone, tablet, edited, newest }
    }
}

/// Returns what a device shows: the labels, and a secret that was replaced twice since the backup.
async fn seen(device: &mut Device, edited: RecordId) -> (Vec<String>, String) {
    while device.fetch_secrets().await {}
    let labels = device.list().await.unwrap().into_iter().map(|row| row.label).collect();
    (labels, device.reveal(edited).await.unwrap().api_secret.expose().to_owned())
}

/// Checks that a device shows everything and goes on writing.
async fn is_whole(device: &mut Device, edited: RecordId) {
    let all = (vec!["Left alone".to_owned(), "Renamed again".to_owned()], "third secret".to_owned());
    assert_eq!(seen(device, edited).await, all);
    assert_eq!(alarms(device), []);
}

/// Attacks T14, T51 of `tests/ATTACKS.md`.
#[tokio::test]
async fn what_a_restored_backup_has_lost_is_put_back_and_everybody_goes_on() {
    let Scene { server, wallet, mut laptop, mut phone, tablet, edited, .. } = Scene::set().await;
    assert_eq!(alarms(&laptop), [LOST]);
    assert_eq!(laptop.add(key("In an alarm")).await.err(), Some(Failure::Alarm(LOST)));
    assert_eq!(server.rows("commits").await, 5, "nothing is adopted and nothing is sent unasked");

    laptop.put_back().await.unwrap();
    assert!(laptop.events().contains(&Event::AlarmEnded(LOST)));
    assert_eq!(server.rows("commits").await, 15);
    assert_eq!(server.rows("parts WHERE length(blob) = 0").await, 0);
    server.examine();
    is_whole(&mut laptop, edited).await;
    assert!(laptop.reveal_version(edited, 1).await.is_ok(), "the backup had this one");
    assert_eq!(laptop.reveal_version(edited, 2).await.err(), Some(Failure::NoSuchVersion));

    phone.unlock().await.unwrap();
    is_whole(&mut phone, edited).await;
    let mut tablet = tablet.lock().await;
    tablet.unlock().await.unwrap();
    is_whole(&mut tablet, edited).await;
    let mut new = Device::new(&server, &wallet);
    new.unlock_any().await.unwrap();
    is_whole(&mut new, edited).await;
    for device in [&mut laptop, &mut phone, &mut tablet, &mut new] {
        device.add(key("Z, afterwards")).await.unwrap();
        assert_eq!(alarms(device), []);
    }
    assert_eq!(laptop.list().await.unwrap().len(), 3, "its own, until it synchronises");
    laptop.sync().await.unwrap();
    assert_eq!(laptop.list().await.unwrap().len(), 6);
}

/// Attack T14 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_server_that_only_seemed_to_have_lost_something_gets_nothing() {
    let Scene { server, mut laptop, edited, newest, .. } = Scene::set().await;
    assert_eq!(alarms(&laptop), [LOST]);
    let _server = server.restore(&newest);
    laptop.done(session::Command::Renew).await.unwrap();
    laptop.put_back().await.unwrap();
    assert_eq!(laptop.network.count(PUT_BACK), 0);
    assert_eq!(laptop.alarms().await.unwrap().kept, None);
    is_whole(&mut laptop, edited).await;
}

#[tokio::test]
async fn putting_back_can_be_repeated_after_any_failure() {
    let Scene { server, mut laptop, edited, .. } = Scene::set().await;
    for fault in [Fault::NotSent, Fault::forge(503, &json!({ "code": "unavailable" })), Fault::AnswerLost] {
        laptop.network.once(PUT_BACK, fault);
        assert_eq!(laptop.put_back().await.err(), Some(Failure::Unreachable));
        assert!(laptop.alarms().await.unwrap().kept.is_some(), "the alarm is there until the pull");
    }
    assert_eq!(server.rows("commits").await, 15, "the answer was lost");
    // Another device was first, of which this one does not know yet.
    laptop.network.once("/api/session", Fault::tamper(|session| session["counter"] = 5.into()));
    laptop.put_back().await.unwrap();
    assert_eq!((laptop.network.count(PUT_BACK), server.rows("commits").await), (4, 15));
    assert!(laptop.alarms().await.unwrap().kept.is_none());
    alarms(&laptop);
    is_whole(&mut laptop, edited).await;
}

/// More was lost than one request takes. The first one ends between two whole states.
#[tokio::test]
async fn a_long_history_is_put_back_in_several_requests() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    server.back_up("friday");
    for number in 0..MAX_PUT_BACK - 1 {
        laptop.add(key(&format!("Key {number}"))).await.unwrap();
    }
    let last = laptop.add(key("Last")).await.unwrap().id;
    laptop.rename(last, "Last, renamed").await.unwrap();
    let written = server.rows("commits").await;
    let server = server.restore_backup("friday", false);
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    laptop.put_back().await.unwrap();
    assert_eq!((laptop.network.count(PUT_BACK), server.rows("commits").await), (2, written));
    assert_eq!(laptop.alarms().await.unwrap().kept, None);
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    assert_eq!(phone.search("last, renamed").await.unwrap().rows.len(), 1);
    server.examine();
}

#[tokio::test]
async fn a_device_that_entered_later_waits_for_one_that_knows_more() {
    let Scene { server, mut laptop, tablet, edited, .. } = Scene::set().await;
    let mut tablet = tablet.lock().await;
    tablet.unlock().await.unwrap();
    assert_eq!(alarms(&tablet), [LOST]);
    assert_eq!(tablet.put_back().await.err(), Some(Failure::NotPutBack(NotPutBack::TooOld)));
    assert_eq!((tablet.network.count(PUT_BACK), server.rows("commits").await), (0, 5));
    laptop.put_back().await.unwrap();
    tablet.put_back().await.unwrap();
    assert!(tablet.events().contains(&Event::AlarmEnded(LOST)));
    is_whole(&mut tablet, edited).await;
}

/// Another device has gone on from the backup, so there are two histories.
/// Attack T15 of `tests/ATTACKS.md`.
#[tokio::test]
async fn nothing_is_put_back_on_another_history() {
    let Scene { server, mut laptop, mut phone, .. } = Scene::set().await;
    phone.unlock().await.unwrap();
    phone.add(key("On the backup")).await.unwrap();
    let fork = Alarm::Fork { mine: 15, offered: 6 };
    assert_eq!(laptop.put_back().await.err(), Some(Failure::Alarm(fork.clone())));
    assert_eq!(alarms(&laptop), [LOST, fork]);
    assert!(laptop.evidence().await.unwrap().is_some());
    assert_eq!((laptop.network.count(PUT_BACK), server.rows("commits").await), (0, 6));
}

/// What the server says that it has is proved by a head of this device's own history.
/// Attack T16 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_claim_to_have_lost_something_is_proved_first() {
    let Scene { server, mut laptop, .. } = Scene::set().await;
    let forged = Fault::tamper(|answer| {
        let head = answer["entries"][0]["head"].as_str().unwrap();
        let mut head = BASE64URL_NOPAD.decode(head.as_bytes()).unwrap();
        head[75] ^= 1;
        answer["entries"][0]["head"] = BASE64URL_NOPAD.encode(&head).into();
    });
    for (what, fault) in [
        ("a forged head", forged),
        ("another head", Fault::swap(|request| request.path = "/api/delta?since=2".to_owned())),
        ("no head", Fault::tamper(|answer| answer["entries"] = json!([]))),
    ] {
        laptop.network.once("/api/delta", fault);
        assert_eq!(laptop.put_back().await.err(), Some(Failure::StrangeAnswer), "{what}");
    }
    assert_eq!(laptop.network.count(PUT_BACK), 0);
    assert_eq!(laptop.alarms().await.unwrap().kept.unwrap().alarm, LOST);
    laptop.put_back().await.unwrap();
    assert_eq!(server.rows("commits").await, 15);
}

/// A sheet that was replaced after the backup opens nothing afterwards. The new one has to be made
/// again, since the server has lost what verifies it.
#[tokio::test]
async fn a_sign_in_method_that_was_removed_stays_removed() {
    let mut server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let old = typed(&laptop.sheet().await.unwrap());
    server = server.restart();
    let backup = server.files();
    let new = typed(&laptop.new_sheet().await.unwrap());
    let server = server.restore(&backup);
    laptop.sync().await.unwrap();
    assert_eq!(server.rows("recovery").await, 1);
    laptop.put_back().await.unwrap();
    assert_eq!(server.rows("recovery").await, 0);
    for code in [&old, &new] {
        let thief = Device::new(&server, &Passkeys::default()).recover(code).await;
        assert_eq!(thief.err(), Some(Failure::CodeUnknown));
    }
    let sheet = laptop.new_sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    let mut found = Device::new(&server, &Passkeys::default());
    found.recover(&typed(&sheet)).await.unwrap();
    found.finish_recovery().await.unwrap();
}

/// A wallet was dealt anew after the backup. With the stores as they were, its phrase opens
/// afterwards; if they were set back, too, nothing is put back that would make it unreadable.
#[tokio::test]
async fn a_wallet_is_put_back_only_if_its_phrase_opens_afterwards() {
    for stores_are_set_back in [false, true] {
        let server = Server::start();
        let mut laptop = Device::new(&server, &Passkeys::default());
        laptop.create("My vault").await.unwrap();
        let id = laptop.add_wallet("Savings", PHRASE, 2, 3).await.unwrap().id;
        server.back_up("friday");
        laptop.refresh(id, 2, 3).await.unwrap();
        let server = server.restore_backup("friday", !stores_are_set_back);
        let mut laptop = laptop.lock().await;
        laptop.unlock().await.unwrap();
        assert!(matches!(alarms(&laptop)[..], [Alarm::Rollback { .. }]));
        let put_back = laptop.put_back().await;
        if stores_are_set_back {
            assert_eq!(put_back.err(), Some(Failure::NotPutBack(NotPutBack::SharesLost)));
            assert_eq!(server.rows("commits").await, 2);
        } else {
            put_back.unwrap();
            assert_eq!(laptop.rebuild(id).await.unwrap().phrase.expose(), PHRASE);
            laptop.refresh(id, 2, 3).await.unwrap();
        }
    }
}

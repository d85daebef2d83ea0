//! Hostile input when a vault is opened: challenges, sessions, a device that does not know the
//! vault, the local copy, and the authenticator.

use crystallum_messages::{Alarm, Event, Exchange, Failure, KeyDraft, Reply, SyncState, entry, session};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, Server};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Bitfinex, label, "", credentials("api-key-at-the-door", "secret at the door"))
}

/// Attack T33 of `tests/ATTACKS.md`.
#[tokio::test]
async fn weak_and_repeated_challenges_are_refused_before_a_ceremony() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut device = Device::new(&server, &wallet);
    let challenge = |bytes: &[u8]| {
        let id = BASE64URL_NOPAD.encode(&[1; 16]);
        Fault::forge(
            200,
            &json!({ "ceremony": id, "challenge": BASE64URL_NOPAD.encode(bytes), "expires_in": 300 }),
        )
    };
    for bytes in [&[][..], &[7; 15], &[7; 5000]] {
        device.network.once("/api/register/challenge", challenge(bytes));
        assert_eq!(
            device.create("My vault").await.err(),
            Some(Failure::StrangeAnswer),
            "{} bytes",
            bytes.len()
        );
    }
    assert_eq!(device.authenticator.touches(), 0);
    device.create("My vault").await.unwrap();
    let mut device = device.lock().await;
    device.network.always("/api/login/challenge", challenge(&[9; 32]));
    assert!(device.unlock().await.is_ok(), "the session fails, and the vault opens from this device's copy");
    let touches = device.authenticator.touches();
    let before = device.network.count("/api/login");
    let again = device.unlock().await;
    assert_eq!(again.err(), Some(Failure::StrangeAnswer));
    assert_eq!(device.authenticator.touches(), touches, "a challenge is signed once");
    assert_eq!(device.network.count("/api/login"), before + 1, "only the challenge was asked for");
}

#[tokio::test]
async fn another_accounts_login_is_no_session() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut device = Device::new(&server, &wallet);
    device.create("My vault").await.unwrap();
    let lie = |answer: &mut Value| answer["account"] = BASE64URL_NOPAD.encode(&[3; 16]).into();
    let mut clean = Device::new(&server, &wallet);
    clean.network.always(
        "/api/login",
        Fault::tamper(move |answer| {
            if answer.get("account").is_some() {
                lie(answer)
            }
        }),
    );
    assert_eq!(clean.meet().await.err(), Some(Failure::StrangeAnswer));
    assert!(clean.profile.disk.snapshot().is_empty());
}

/// Attacks T07, T17, T54 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_new_device_accepts_only_what_the_vault_signed() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut device = Device::new(&server, &wallet);
    device.create("My vault").await.unwrap();
    let id = device.add(key("A")).await.unwrap().id;
    let mut stranger = Device::new(&server, &Passkeys::default());
    stranger.create("Another vault").await.unwrap();
    let theirs = stranger.network.browser().send("GET", "/api/state", None).await.unwrap();
    let theirs: Value = serde_json::from_slice(&theirs.body).unwrap();
    let head = theirs["head"].clone();
    let commits = server.rows("commits").await;

    let pointed = |pointer: &'static str, value: Value| {
        Fault::tamper(move |answer| *answer.pointer_mut(pointer).unwrap() = value.clone())
    };
    let objects = |answer: &mut Value, change: fn(&mut Vec<Value>)| {
        change(answer["objects"].as_array_mut().unwrap());
    };
    let wraps = |objects: &mut Vec<Value>| {
        let (root, cold) = (objects[0]["wrap"].clone(), objects[1]["wrap"].clone());
        (objects[0]["wrap"], objects[1]["wrap"]) = (cold, root);
    };
    let tampered = |change: fn(&mut Vec<Value>)| Fault::tamper(move |answer| objects(answer, change));
    for (what, fault) in [
        ("no state", Fault::forge(200, &json!({ "head": "", "past": "", "objects": [], "more": false }))),
        ("another vault", Fault::forge(200, &theirs)),
        ("another vault's head", pointed("/head", head)),
        ("no history", pointed("/past", json!("AAAAAAAAAAA"))),
        ("no objects", pointed("/objects", json!([]))),
        (
            "no more than nothing",
            Fault::tamper(|answer| {
                answer["objects"] = json!([]);
                answer["more"] = json!(true);
            }),
        ),
        ("no keyslots", tampered(|objects| drop(objects.drain(..4)))),
        ("no device", tampered(|objects| drop(objects.remove(4)))),
        ("an object twice", tampered(|objects| objects.insert(5, objects[4].clone()))),
        ("another order", tampered(|objects| objects.swap(0, 1))),
        (
            "an object of another kind",
            tampered(|objects| {
                objects.push(json!({ "kind": "device_gone", "id": objects[4]["id"] }));
            }),
        ),
        ("no secret", tampered(|objects| drop(objects.pop()))),
        (
            "one more record",
            tampered(|objects| {
                let mut more = objects[objects.len() - 3].clone();
                more["id"] = json!("____________________-g");
                objects.insert(objects.len() - 2, more);
            }),
        ),
        ("an empty wrap", pointed("/objects/0/wrap", json!(""))),
        ("a wrap of null", pointed("/objects/0/wrap", Value::Null)),
        ("wraps swapped", tampered(wraps)),
        ("another scope", pointed("/objects/0/scope", json!(2))),
        ("an unknown kind of slot", pointed("/objects/0/slot_kind", json!(2))),
        ("an overview without its blob", pointed("/objects/5/overview/blob", Value::Null)),
        ("a page in HTML", Fault::Html),
    ] {
        let mut clean = Device::new(&server, &wallet);
        clean.network.always("/api/state", fault);
        let failed = clean.meet().await.err();
        assert!(
            matches!(failed, Some(Failure::Alarm(_) | Failure::StrangeAnswer | Failure::WrongPasskey)),
            "{what}: {failed:?}"
        );
        assert_eq!(clean.list().await, Err(Failure::Locked), "{what}");
        assert!(clean.profile.disk.snapshot().is_empty(), "{what}: nothing is kept");
        assert_eq!(
            (clean.network.count("/api/commit"), clean.network.count("/api/accounts")),
            (0, 0),
            "{what}"
        );
    }
    assert_eq!(server.rows("commits").await, commits);
    let mut clean = Device::new(&server, &wallet);
    clean.meet().await.unwrap();
    clean.accept().await.unwrap();
    assert_eq!(clean.reveal(id).await.unwrap(), credentials("api-key-at-the-door", "secret at the door"));
}

#[tokio::test]
async fn false_answers_to_a_commit_lose_nothing() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    let refused = |full| SyncState::Refused { full };
    for (number, (fault, waits)) in [
        (Fault::forge(200, &json!({ "counter": 99 })), SyncState::Waiting),
        (Fault::forge(200, &json!({ "counter": null })), SyncState::Waiting),
        (Fault::forge(409, &json!({ "code": "conflict", "counter": 1 })), SyncState::Waiting),
        (Fault::forge(409, &json!({ "code": "commit_id_reused" })), SyncState::Waiting),
        (Fault::forge(400, &json!({ "code": "bad_request" })), refused(false)),
        (Fault::forge(413, &json!({ "code": "quota_exceeded" })), refused(true)),
        (Fault::forge(418, &json!({ "code": "conflict" })), SyncState::Waiting),
        (Fault::forge(503, &json!({ "code": "unavailable" })), SyncState::Waiting),
        (Fault::forge(200, &json!({ "code": "session_expired" })), SyncState::Waiting),
    ]
    .into_iter()
    .enumerate()
    {
        device.network.always("/api/commit", fault);
        let saved = device.add(key(&format!("Key {number}"))).await.unwrap();
        assert_eq!(saved.sync, waits, "{number}");
        device.network.heal();
        device.sync().await.unwrap();
        let rows = device.list().await.unwrap();
        assert_eq!(rows.len(), number + 1, "{number}");
        assert!(rows.iter().any(|row| row.id == saved.id), "{number}");
        assert_eq!(server.rows("parts").await, i64::try_from(2 * (number + 3)).unwrap(), "{number}");
    }
}

#[tokio::test]
async fn the_next_sync_notices_a_commit_that_was_acknowledged_but_not_stored() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    device.network.once("/api/commit", Fault::forge(200, &json!({ "counter": 2 })));
    device.add(key("Swallowed")).await.unwrap();
    device.events();
    device.sync().await.unwrap();
    assert!(device.events().contains(&Event::Alarm(Alarm::Rollback { mine: 2, offered: 1 })));
    assert_eq!(device.list().await.unwrap().len(), 1, "this device still has it");
}

#[tokio::test]
async fn a_damaged_local_copy_is_detected() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    device.add(key("A")).await.unwrap();
    let mut device = device.lock().await;
    let whole = device.profile.disk.snapshot();
    let damaged: Vec<String> = whole.keys().filter(|key| key.starts_with("vault/")).cloned().collect();
    assert!(damaged.len() >= 7, "{damaged:?}");
    for name in damaged.iter().filter(|name| !name.ends_with("/pending")) {
        for cut in [false, true] {
            device.profile.disk.edit(name, |value| match cut {
                true => drop(value.pop()),
                false => {
                    let middle = value.len() / 2;
                    value[middle] ^= 1;
                }
            });
            let before = device.network.count("/api/commit");
            assert_eq!(device.unlock().await.err(), Some(Failure::Alarm(Alarm::LocalCopy)), "{name}");
            assert_eq!(device.list().await, Err(Failure::Locked), "{name}");
            assert_eq!(device.network.count("/api/commit"), before, "{name}");
            device.profile.disk.restore(whole.clone());
            device = device.reopened();
        }
    }
    assert_eq!(device.unlock().await.unwrap().records, 1);
}

/// Attacks T34, T66 of `tests/ATTACKS.md`.
#[tokio::test]
async fn prf_outputs_that_cannot_be_keys_create_nothing() {
    let server = Server::start();
    for (what, first, second) in [
        ("31 bytes", vec![1; 31], vec![2; 32]),
        ("33 bytes", vec![1; 32], vec![2; 33]),
        ("64 bytes", vec![1; 64], vec![2; 64]),
        ("nothing", vec![], vec![]),
        ("zero", vec![0; 32], vec![2; 32]),
        ("zero for the cold root", vec![1; 32], vec![0; 32]),
        ("both the same", vec![1; 32], vec![1; 32]),
    ] {
        let mut device = Device::new(&server, &Passkeys::default());
        device.authenticator.change_prf(move |prf| {
            prf.first = Some(first.clone().into());
            prf.second = Some(second.clone().into());
        });
        assert_eq!(device.create("My vault").await.err(), Some(Failure::PrfMissing), "{what}");
        assert_eq!(device.network.count("/api/accounts"), 0, "{what}");
    }
    let mut device = Device::new(&server, &Passkeys::default());
    device.authenticator.change_prf(|prf| prf.enabled = Some(false));
    assert_eq!(
        device.create("My vault").await.err(),
        Some(Failure::PrfMissing),
        "results that are not enabled"
    );
    assert_eq!(server.rows("accounts").await, 0);
}

/// T07, T66: what opens nothing is said, and nothing is made anew under another key.
#[tokio::test]
async fn a_prf_output_that_differs_between_create_and_get_opens_nothing() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut device = Device::new(&server, &wallet);
    device.create("My vault").await.unwrap();
    device.add(key("A")).await.unwrap();
    let mut device = device.lock().await;
    let stored = device.profile.disk.snapshot();
    let commits = server.rows("commits").await;
    device.authenticator.change_prf(|prf| {
        if let Some(first) = &mut prf.first {
            first[0] ^= 1;
        }
    });
    assert_eq!(device.unlock().await.err(), Some(Failure::WrongPasskey));
    assert_eq!(device.profile.disk.snapshot(), stored);
    assert_eq!((server.rows("commits").await, server.rows("accounts").await), (commits, 1));
    device.authenticator.change_prf(|_| {});
    assert_eq!(device.unlock().await.unwrap().records, 1);
}

/// Whatever the server answers after the ceremony, the stored vault can be opened.
#[tokio::test]
async fn a_known_vault_opens_when_the_server_refuses() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut device = Device::new(&server, &wallet);
    let vault = device.create("My vault").await.unwrap().id;
    device.add(key("Mine")).await.unwrap();
    // There is something to fetch, which never arrives.
    Device::new(&server, &wallet).unlock_any().await.unwrap();
    for (status, code) in [
        (400, "bad_request"),
        (401, "session_expired"),
        (403, "foreign_origin"),
        (404, "not_found"),
        (409, "conflict"),
        (413, "quota_exceeded"),
        (429, "rate_limited"),
        (503, "unavailable"),
    ] {
        for path in ["/api/delta", "/api/login"] {
            device.run(session::Command::Lock).await.unwrap();
            device.network.always(path, Fault::forge(status, &json!({ "code": code })));
            let reply = device.run(entry::Command::Unlock { vault: Some(vault) }).await.unwrap();
            let Reply::Entry(entry::Reply::Opened(opened)) = reply else { panic!("{reply:?}") };
            assert_eq!(opened.records, 1, "{path} {code}");
            assert_ne!(opened.sync, SyncState::Synced, "{path} {code}");
            device.network.heal();
        }
    }
}

/// T61: a session of another vault in this browser does not raise an alarm.
#[tokio::test]
async fn another_vaults_session_raises_no_alarm() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    device.add(key("Mine")).await.unwrap();
    let mut other = Device::new(&server, &Passkeys::default());
    other.create("Another vault").await.unwrap();
    let theirs = other.network.browser().send("GET", "/api/session", None).await.unwrap();
    let session: Value = serde_json::from_slice(&theirs.body).unwrap();
    device.network.always("/api/session", Fault::forge(200, &session));
    device.sync().await.unwrap();
    assert!(device.events().iter().all(|event| !matches!(event, Event::Alarm(_))));
    device.network.heal();
    device.sync().await.unwrap();
    assert_eq!(device.add(key("More")).await.unwrap().sync, SyncState::Synced);
}

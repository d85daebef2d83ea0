//! Corrupted bytes on the device's disk and in the server's answers are either refused with an
//! error or read as the original. They are never read as something else. The time of a version and
//! the time at which something was first seen in the trash are local notes that are not signed, so
//! they are not compared.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crystallum_messages::{
    Alarm, Event, Exchange, Failure, KeyEdit, Opened, Reply, ShareState, SignInMethod, SyncState, VaultId,
    entry,
};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, PHRASE, Passkeys, SeededRng, Server, deep};
use serde_json::Value;

/// Returns the number of corruptions in each test.
fn rounds() -> usize {
    if deep() { 2_000 } else { 120 }
}

/// What a user sees of an open vault without another ceremony.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    name: String,
    change: u64,
    keys: Vec<(String, String)>,
    wallets: Vec<(String, u8, u8)>,
    trash: Vec<String>,
    methods: Vec<SignInMethod>,
}

async fn see(device: &mut Device, opened: Opened) -> Result<Seen, Failure> {
    let mut keys = Vec::new();
    for row in device.list().await? {
        let secret = device.reveal(row.id).await?.api_secret;
        assert!(!device.versions(row.id).await?.is_empty(), "the one in use is always there");
        keys.push((row.label, secret.expose().to_owned()));
    }
    Ok(Seen {
        name: opened.name,
        change: opened.change,
        keys,
        wallets: device.wallets().await?.into_iter().map(|row| (row.label, row.k, row.n)).collect(),
        trash: device.trash().await?.into_iter().map(|row| row.label).collect(),
        methods: device.sign_in_methods().await?,
    })
}

async fn add(device: &mut Device, label: &str) {
    let credentials = credentials(&format!("key of {label}"), &format!("secret of {label}"));
    device.add(draft(Exchange::Coinbase, label, "a note", credentials)).await.unwrap();
}

/// A locked device whose vault has records of every kind.
struct Scene {
    device: Device,
    vault: VaultId,
    stored: BTreeMap<String, Vec<u8>>,
    seen: Seen,
}

impl Scene {
    async fn set(server: &Server, wallet: &Passkeys) -> Self {
        let mut device = Device::new(server, wallet);
        let vault = device.create("My vault").await.unwrap().id;
        for label in ["Main", "Bot", "Old"] {
            add(&mut device, label).await;
        }
        device.add_wallet("Cold storage", PHRASE, 2, 3).await.unwrap();
        let main = device.search("Main").await.unwrap().rows[0].id;
        let base = device.open(main).await.unwrap().version;
        let newer = Some(credentials("key of Main", "newer secret of Main"));
        device.edit(KeyEdit { id: main, base, label: None, note: None, credentials: newer }).await.unwrap();
        let old = device.search("Old").await.unwrap().rows[0].id;
        device.delete(old).await.unwrap();
        let mut device = device.lock().await;
        let opened = device.unlock().await.unwrap();
        let seen = see(&mut device, opened).await.unwrap();
        let device = device.lock().await;
        Self { stored: device.profile.disk.snapshot(), device, vault, seen }
    }

    /// Unlocks the vault. Also returns whether it is in sync.
    async fn open(&mut self) -> Result<(Seen, SyncState), Failure> {
        match self.device.run(entry::Command::Unlock { vault: Some(self.vault) }).await? {
            Reply::Entry(entry::Reply::Opened(opened)) => {
                let sync = opened.sync;
                Ok((see(&mut self.device, opened).await?, sync))
            }
            other => panic!("not opened: {other:?}"),
        }
    }

    /// Restarts the app on the initial local store.
    fn again(mut self) -> Self {
        self.device.profile.disk.restore(self.stored.clone());
        self.device = self.device.reopened();
        self
    }
}

/// Attack T20 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_damaged_copy_is_refused_or_opens_as_it_was() {
    let server = Server::start();
    let mut scene = Scene::set(&server, &Passkeys::default()).await;
    scene.device.network.set_offline(true);
    let mut rng = SeededRng::next_stream();
    let (mut opened, mut refused) = (0, 0);
    for _ in 0..rounds() {
        let mut corrupted = scene.stored.clone();
        let what = rng.corrupt_store(&mut corrupted);
        scene.device.profile.disk.restore(corrupted);
        match scene.open().await {
            Ok((seen, _)) => {
                assert_eq!(seen, scene.seen, "{what}");
                opened += 1;
            }
            Err(Failure::Alarm(Alarm::LocalCopy)) => refused += 1,
            // Without a head this device does not know the vault.
            Err(Failure::Unreachable) => assert!(what.contains("/head: "), "{what}"),
            Err(other) => panic!("{what}: {other:?}"),
        }
        scene = scene.again();
    }
    // What opens all the same is the log of heads, which is not read here.
    assert!(opened > 0 && refused > rounds() / 3, "{opened} opened, {refused} refused");
    assert_eq!(scene.open().await.unwrap(), (scene.seen, SyncState::Offline));
}

/// Attack T20 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_damaged_answer_is_refused_or_read_as_it_was() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut scene = Scene::set(&server, &wallet).await;
    let mut other = Device::new(&server, &wallet);
    other.meet().await.unwrap();
    other.accept().await.unwrap();
    add(&mut other, "Of the other").await;
    let truth = {
        let mut third = Device::new(&server, &wallet);
        let notice = third.meet().await.unwrap();
        let mut opened = scene.again();
        let (truth, _) = opened.open().await.unwrap();
        assert_eq!(truth.change, notice.change);
        scene = opened.again();
        truth
    };
    assert_eq!(truth.keys.len(), 3);

    let rng = Rc::new(RefCell::new(SeededRng::next_stream()));
    let (mut taken, mut not_taken) = (0, 0);
    for _ in 0..rounds() {
        let path = *rng.borrow_mut().pick(&["/api/delta", "/api/delta", "/api/login", "/api/session"]);
        let what = Rc::new(RefCell::new(String::new()));
        let (rng, how) = (Rc::clone(&rng), Rc::clone(&what));
        let corrupt = move |bytes: &mut Vec<u8>| *how.borrow_mut() = rng.borrow_mut().corrupt(bytes);
        scene.device.network.always(path, Fault::corrupt(corrupt));
        scene.device.events();
        let seen = scene.open().await;
        if path == "/api/session" {
            assert_eq!(seen, Ok((truth.clone(), SyncState::Synced)), "the login says the same");
            scene.device.sync().await.unwrap();
        }
        assert_ne!(*what.borrow(), "", "{path} was asked");
        let what = format!("{path}: {}", what.borrow());
        let (seen, sync) = seen.unwrap_or_else(|failure| panic!("{what}: {failure:?}: the copy here opens"));
        let alarms: Vec<_> =
            scene.device.events().into_iter().filter(|event| matches!(event, Event::Alarm(_))).collect();
        if seen == truth {
            assert_eq!(alarms, [], "{what}");
            taken += 1;
        } else {
            assert_eq!(seen, scene.seen, "{what}");
            let said = matches!(alarms[..], [Event::Alarm(Alarm::Tampered { .. })]);
            let offered_less = matches!(alarms[..], [Event::Alarm(Alarm::Rollback { .. })]);
            assert!(said || offered_less || sync != SyncState::Synced, "{what}: {alarms:?}");
            not_taken += 1;
        }
        scene.device.network.heal();
        scene = scene.again();
    }
    assert!(taken > 0 && not_taken > rounds() / 2, "{taken} taken, {not_taken} not");
    assert_eq!(scene.open().await.unwrap(), (truth, SyncState::Synced));
}

#[tokio::test]
async fn a_damaged_answer_tells_a_new_device_nothing_false() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let scene = Scene::set(&server, &wallet).await;
    let rng = Rc::new(RefCell::new(SeededRng::next_stream()));
    let mut device = Device::new(&server, &wallet);
    let truth = device.meet().await.unwrap();
    assert_eq!(truth.change, scene.seen.change);
    let (mut met, mut refused) = (0, 0);
    for _ in 0..rounds() / 2 {
        device.profile.disk.restore(BTreeMap::new());
        device = device.reopened();
        let what = Rc::new(RefCell::new(String::new()));
        let (rng, how) = (Rc::clone(&rng), Rc::clone(&what));
        let corrupt = move |bytes: &mut Vec<u8>| *how.borrow_mut() = rng.borrow_mut().corrupt(bytes);
        device.network.always("/api/state", Fault::corrupt(corrupt));
        match device.meet().await {
            Ok(notice) => {
                assert_eq!(notice, truth, "{}", what.borrow());
                met += 1;
            }
            Err(Failure::Alarm(Alarm::Tampered { .. } | Alarm::TooNew) | Failure::StrangeAnswer) => {
                refused += 1
            }
            Err(other) => panic!("{}: {other:?}", what.borrow()),
        }
        device.network.heal();
    }
    assert!(refused > rounds() / 4, "{met} met, {refused} refused");
}

#[tokio::test]
async fn a_damaged_answer_of_one_store_never_changes_the_phrase() {
    let server = Server::start();
    let mut scene = Scene::set(&server, &Passkeys::default()).await;
    scene.open().await.unwrap();
    let id = scene.device.wallets().await.unwrap()[0].id;
    let before = scene.device.network.calls().len();
    scene.device.rebuild(id).await.unwrap();
    let calls = scene.device.network.calls().split_off(before);
    let paths = calls.into_iter().map(|call| call.request.path);
    let paths: Vec<String> = paths.filter(|path| path.starts_with("/api/stores/")).collect();
    assert!(paths.len() >= 3, "{paths:?}");

    let rng = Rc::new(RefCell::new(SeededRng::next_stream()));
    let mut named = 0;
    for _ in 0..rounds() / 4 {
        let path = rng.borrow_mut().pick(&paths).clone();
        let what = Rc::new(RefCell::new(String::new()));
        let (rng, how) = (Rc::clone(&rng), Rc::clone(&what));
        let corrupt = move |bytes: &mut Vec<u8>| *how.borrow_mut() = rng.borrow_mut().corrupt(bytes);
        scene.device.network.once(&path, Fault::corrupt(corrupt));
        let rebuilt = scene.device.rebuild(id).await.unwrap();
        assert_eq!(rebuilt.phrase.expose(), PHRASE, "{path}: {}", what.borrow());
        let bad = rebuilt.shares.iter().filter(|share| share.state != ShareState::Good).count();
        assert!(bad <= 1, "{path}: {}: {:?}", what.borrow(), rebuilt.shares);
        named += bad;
        assert!(scene.device.network.heal(), "the store was asked");
    }
    assert!(named > rounds() / 8, "{named} named");
}

#[tokio::test]
async fn a_damaged_write_in_flight_is_refused_or_arrives_as_it_was() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut scene = Scene::set(&server, &wallet).await;
    scene.device.unlock().await.unwrap();
    scene.device.network.set_offline(true);
    add(&mut scene.device, "Waiting").await;
    scene.device = scene.device.reopened();
    scene.stored = scene.device.profile.disk.snapshot();
    let (with, _) = scene.open().await.unwrap();
    assert_eq!(with.keys.len(), 3);
    scene = scene.again();

    let pending = scene.stored.keys().find(|key| key.ends_with("/pending")).unwrap().clone();
    let mut rng = SeededRng::next_stream();
    let mut refused = 0;
    for _ in 0..rounds() {
        let mut what = String::new();
        scene.device.profile.disk.edit(&pending, |value| what = rng.corrupt(value));
        let corrupted = scene.device.profile.disk.snapshot();
        match scene.open().await {
            Ok((seen, _)) => assert_eq!(seen, with, "{what}"),
            Err(failure) => {
                assert_eq!(failure, Failure::Alarm(Alarm::LocalCopy), "{what}");
                assert_eq!(
                    scene.device.profile.disk.snapshot(),
                    corrupted,
                    "{what}: it stays for whoever looks at it"
                );
                refused += 1;
            }
        }
        scene = scene.again();
    }
    assert!(refused > rounds() / 2, "{refused} refused");

    // The id of a commit is not signed, so any id is accepted.
    scene.device.profile.disk.edit(&pending, |value| {
        let mut commit: Value = serde_json::from_slice(value).unwrap();
        commit["commit_id"] = "AAAAAAAAAAAAAAAAAAAAAA".into();
        *value = commit.to_string().into_bytes();
    });
    scene.device.network.set_offline(false);
    let arrived = Seen { change: with.change + 1, ..with };
    assert_eq!(scene.open().await.unwrap(), (arrived, SyncState::Synced));
    let mut other = Device::new(&server, &wallet);
    other.meet().await.unwrap();
    other.accept().await.unwrap();
    assert_eq!(other.search("Waiting").await.unwrap().rows.len(), 1);
}

//! A sign-in method whose keyslots cannot be read concerns that method alone: every device goes on,
//! shows it, and can remove it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_api::{Bytes, Change, Id};
use crystallum_messages::{Alarm, Event, Exchange, Failure, KeyDraft, SignInMethod, SignInMethodKind};
use crystallum_system_tests::{Device, credentials, draft, successor, typed};
use crystallum_test_support::format::{encode, field};
use crystallum_test_support::{Fault, Passkeys, Server};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The operation that changes sign-in methods.
const SIGN_IN_METHODS: u8 = 5;
/// The kinds of slots.
const PASSKEY: u8 = 1;
const RECOVERY_CODE: u8 = 3;
/// The id of the method that is added.
const METHOD: [u8; 16] = [0xbd; 16];

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "", credentials("api-key-4711", "a secret"))
}

fn recovery_wrap() -> Vec<u8> {
    encode("crystallum/1/keyslot/recovery", &[field(1, &[7; 32]), field(2, &[0; 146])])
}

fn passkey_wrap(credential: &[u8]) -> Vec<u8> {
    encode("crystallum/1/keyslot/passkey", &[field(1, credential), field(2, &[0; 146])])
}

/// A laptop that created the vault, a phone that joined it, and their passkeys. The laptop wrote
/// the newest head.
struct Scene {
    laptop: Device,
    phone: Device,
    wallet: Passkeys,
}

impl Scene {
    async fn set(server: &Server) -> Self {
        let wallet = Passkeys::default();
        let mut laptop = Device::new(server, &wallet);
        laptop.create("My vault").await.unwrap();
        let sheet = laptop.sheet().await.unwrap();
        laptop.confirm(&sheet).await.unwrap();
        let mut phone = Device::new(server, &wallet);
        phone.unlock_any().await.unwrap();
        laptop.add(key("Key")).await.unwrap();
        Self { laptop, phone, wallet }
    }

    /// Has the laptop add a method of this kind with these wraps, one for each scope. The server
    /// stores it.
    async fn add_method(&mut self, kind: u8, wraps: [Vec<u8>; 2]) {
        let slot = |(scope, wrap): (u8, Vec<u8>)| Change::Keyslot {
            id: Id([0xb0 + scope; 16]),
            method: Id(METHOD),
            slot_kind: kind,
            scope,
            hash: Bytes(Sha256::digest(&wrap).to_vec()),
            wrap: Some(Bytes(wrap)),
        };
        let changes = (1..).zip(wraps).map(slot).collect();
        let roots = self.laptop.roots();
        let commit = successor(&self.laptop, &roots, SIGN_IN_METHODS, changes, Id([9; 16])).await;
        let commit = serde_json::to_value(commit).unwrap();
        let swap = Fault::swap(move |request| {
            let mut body: Value = serde_json::from_slice(request.body.as_ref().unwrap()).unwrap();
            body["commit"] = commit.clone();
            request.body = Some(body.to_string().into_bytes());
        });
        self.laptop.network.once("/api/sign-in-methods", swap);
        self.laptop.authenticator.then_hold(&Passkeys::default());
        self.laptop.add_passkey("Rogue").await.unwrap();
    }
}

fn alarms(device: &Device) -> Vec<Alarm> {
    let alarm = |event| match event {
        Event::Alarm(alarm) => Some(alarm),
        _ => None,
    };
    device.events().into_iter().filter_map(alarm).collect()
}

async fn added(device: &mut Device) -> Option<SignInMethod> {
    device.sign_in_methods().await.unwrap().into_iter().find(|method| method.id.0 == METHOD)
}

#[tokio::test]
async fn wraps_that_cannot_be_read_stop_nobody() {
    let other_kind = [recovery_wrap(), recovery_wrap()];
    let half = [b"no wrap at all".to_vec(), passkey_wrap(b"a credential")];
    let two = [passkey_wrap(b"one credential"), passkey_wrap(b"another one")];
    for (what, kind, wraps) in [
        ("no wraps", PASSKEY, [b"no wrap at all".to_vec(), vec![0]]),
        ("a code's wraps for a passkey", PASSKEY, other_kind.clone()),
        ("a passkey's wraps for a code", RECOVERY_CODE, [passkey_wrap(b"one"), passkey_wrap(b"one")]),
        ("one of two", PASSKEY, half),
        ("two credentials", PASSKEY, two),
    ] {
        let server = Server::start();
        let mut scene = Scene::set(&server).await;
        scene.add_method(kind, wraps).await;
        let Scene { mut phone, wallet, .. } = scene;
        phone.sync().await.unwrap();
        assert_eq!(alarms(&phone), [], "{what}");
        phone.add(key("Goes on")).await.unwrap();

        // It is known after unlocking, and to a new device.
        let mut phone = phone.lock().await;
        phone.unlock().await.unwrap();
        let mut tablet = Device::new(&server, &wallet);
        tablet.unlock_any().await.unwrap();
        for device in [&mut phone, &mut tablet] {
            let method = added(device).await.unwrap();
            let shown = if kind == PASSKEY { SignInMethodKind::Passkey } else { SignInMethodKind::Sheet };
            assert_eq!((method.kind, method.readable, method.counts), (shown, false, false), "{what}");
            assert_eq!(device.list().await.unwrap().len(), 2, "{what}");
        }
        let opened = phone.lock().await.unlock().await.unwrap();
        assert_eq!(opened.sign_in_methods, 2, "{what}: what opens nothing does not count");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_removed_without_another_method() {
    for (what, kind, wraps) in [
        ("no wraps", PASSKEY, [vec![0], vec![0]]),
        ("another kind", PASSKEY, [recovery_wrap(), recovery_wrap()]),
        ("a code", RECOVERY_CODE, [vec![0], vec![0]]),
    ] {
        let server = Server::start();
        let mut scene = Scene::set(&server).await;
        scene.add_method(kind, wraps).await;
        let Scene { mut phone, wallet, .. } = scene;
        phone.sync().await.unwrap();
        let before = phone.sign_in_methods().await.unwrap();
        let method = added(&mut phone).await.unwrap();
        phone.remove_sign_in_method(method.id).await.unwrap();
        let after = phone.sign_in_methods().await.unwrap();
        assert_eq!(after.len() + 1, before.len(), "{what}");
        assert!(after.iter().all(|method| method.readable && method.counts), "{what}: {after:?}");
        // What can be read still counts, and neither of the last two is removed.
        assert_eq!(phone.remove_sign_in_method(after[0].id).await, Err(Failure::LastSignInMethods));
        let mut phone = phone.lock().await;
        phone.unlock().await.unwrap();
        Device::new(&server, &wallet).unlock_any().await.unwrap();
    }
}

/// A method may name the credential of another one. Removing it must not take the other one away.
#[tokio::test]
async fn removing_a_method_keeps_the_passkey_that_another_one_names() {
    let server = Server::start();
    let mut scene = Scene::set(&server).await;
    let calls = scene.laptop.network.calls();
    let create = calls.iter().find(|call| call.request.path == "/api/accounts").unwrap();
    let create: crystallum_api::CreateAccount =
        serde_json::from_slice(create.request.body.as_ref().unwrap()).unwrap();
    let credential = create.credential.raw_id.0;
    scene.add_method(PASSKEY, [passkey_wrap(&credential), passkey_wrap(&credential)]).await;
    let Scene { mut phone, wallet, .. } = scene;
    phone.sync().await.unwrap();
    let method = added(&mut phone).await.unwrap();
    phone.remove_sign_in_method(method.id).await.unwrap();
    let mut phone = phone.lock().await;
    phone.unlock().await.unwrap();
    assert_eq!(alarms(&phone), []);
    Device::new(&server, &wallet).unlock_any().await.unwrap();
}

/// Nor does it take a credential that the server knows: the one that is named may be registered
/// nowhere.
#[tokio::test]
async fn a_method_of_a_credential_that_the_server_does_not_know_is_removed() {
    let nobody = || [passkey_wrap(b"registered nowhere"), passkey_wrap(b"registered nowhere")];
    let code = || [recovery_wrap(), recovery_wrap()];
    for (kind, wraps) in [(PASSKEY, nobody()), (RECOVERY_CODE, code())] {
        let server = Server::start();
        let mut scene = Scene::set(&server).await;
        scene.add_method(kind, wraps).await;
        let Scene { mut phone, wallet, .. } = scene;
        phone.sync().await.unwrap();
        let method = added(&mut phone).await.unwrap();
        assert!(method.readable, "it looks like any other");
        phone.remove_sign_in_method(method.id).await.unwrap();
        assert_eq!(added(&mut phone).await, None);
        Device::new(&server, &wallet).unlock_any().await.unwrap();
    }
}

/// A new sheet replaces every code, also one that cannot be read.
#[tokio::test]
async fn a_new_sheet_replaces_codes_that_cannot_be_read() {
    let server = Server::start();
    let mut scene = Scene::set(&server).await;
    scene.add_method(RECOVERY_CODE, [passkey_wrap(b"one"), passkey_wrap(b"one")]).await;
    let Scene { mut phone, .. } = scene;
    phone.sync().await.unwrap();
    let sheet = phone.new_sheet().await.unwrap();
    phone.confirm(&sheet).await.unwrap();
    let methods = phone.sign_in_methods().await.unwrap();
    assert_eq!(methods.len(), 2);
    assert!(methods.iter().all(|method| method.readable && method.counts), "{methods:?}");
    let mut found = Device::new(&server, &Passkeys::default());
    found.recover(&typed(&sheet)).await.unwrap();
    found.finish_recovery().await.unwrap();
}

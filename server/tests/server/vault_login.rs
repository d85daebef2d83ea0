//! A server that has lost commits, or what signs in with a sign-in method, lets a device sign in
//! with the key of its vault. Such a session puts back, makes sign-in methods again, and does
//! nothing else.

use crystallum_api::{
    Bytes, Challenge, ChangeSignInMethods, Code, Commit, Committed, DeleteAccount, Entry, Proof, PutBack,
    VaultLogin, VaultProof, VaultSession,
};
use crystallum_test_support::commits::{
    device, device_gone, id, keyslot, keyslot_gone, new_record, record, secret,
};
use crystallum_test_support::signer::Signer;
use crystallum_test_support::{Browser, Person, Response, SoftwareAuthenticator};

use crate::fixture::{Fixture, START};

const LOGIN: &str = "/api/login/vault";

/// A vault whose newest commits the server has lost: by them, a tablet joined, and its passkey took
/// the place of the first one.
struct Scene {
    fixture: Fixture,
    person: Person,
    /// The newest state, on which the tablet writes.
    newest: Signer,
    lost: Vec<Entry>,
}

impl Scene {
    async fn set() -> Self {
        let fixture = Fixture::start().await;
        note_restore(&fixture).await;
        let mut person = Person::new(&fixture, "anna").await;
        person.write("before", vec![new_record("key")]).await;
        let (mut newest, mut lost) = (person.state.clone(), Vec::new());
        let mut write = |changes| {
            let Commit { head, changes, .. } = {
                let commit = newest.commit(&format!("lost {}", lost.len()), changes);
                newest = newest.after(&commit).written_by(id("tablet"));
                commit
            };
            lost.push(Entry { head, changes });
        };
        write(vec![device("tablet")]);
        write(vec![
            keyslot("new root", 1),
            keyslot("new cold", 2),
            keyslot_gone("slot root"),
            keyslot_gone("slot cold"),
        ]);
        write(vec![record("key", None, secret("key", 2))]);
        Self { fixture, person, newest, lost }
    }

    async fn put_back(&self, browser: &Browser) {
        let request = PutBack { heads: self.lost.clone() };
        let all = Committed { counter: self.newest.counter };
        assert_eq!(browser.post_json("/api/put-back", &request).await.json::<Committed>(), all);
    }

    /// Returns a browser with a session of the vault's key, after everything was put back.
    async fn after_putting_back(&self) -> Browser {
        let browser = self.fixture.browser();
        log_in(&browser, &self.newest, &self.lost).await.json::<VaultSession>();
        self.put_back(&browser).await;
        browser
    }
}

/// Records what `restore` records.
async fn note_restore(fixture: &Fixture) {
    let mut database = crate::stores::open(&fixture.folder.path().join("data/vault.db")).await;
    sqlx::query("INSERT INTO restores (at) VALUES ($1)")
        .bind(i64::try_from(START).unwrap())
        .execute(&mut database)
        .await
        .unwrap();
}

async fn proof(browser: &Browser, signer: &Signer) -> VaultProof {
    let challenge: Challenge = browser.post("/api/login/vault/challenge").await.json();
    signer.vault_proof(&challenge, "localhost")
}

async fn log_in(browser: &Browser, signer: &Signer, lost: &[Entry]) -> Response {
    let proof = proof(browser, signer).await;
    send(browser, &VaultLogin { account: signer.vault, proof, lost: lost.to_vec() }).await
}

async fn send(browser: &Browser, request: &VaultLogin) -> Response {
    browser.post_json(LOGIN, request).await
}

/// Returns a request that adds a passkey and removes the method that nobody can sign in with.
async fn replacing(
    person: &Person,
    state: &Signer,
    proof: Proof,
) -> (SoftwareAuthenticator, ChangeSignInMethods) {
    let authenticator = SoftwareAuthenticator::for_origin(person.browser.origin());
    let changes = vec![
        keyslot("third root", 1),
        keyslot("third cold", 2),
        keyslot_gone("new root"),
        keyslot_gone("new cold"),
    ];
    let request = ChangeSignInMethods {
        proof,
        add_passkey: Some(person.new_passkey(&authenticator).await),
        remove_passkey: None,
        set_recovery: None,
        remove_recovery: false,
        commit: state.commit("third", changes),
    };
    (authenticator, request)
}

/// Attack T51 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_device_puts_back_and_makes_its_passkey_again() {
    let scene = Scene::set().await;
    let browser = scene.fixture.browser();
    // The device is none of the older state. Told the counter, it shows what was lost.
    let failure = log_in(&browser, &scene.newest, &[]).await.failure();
    assert_eq!((failure.code, failure.counter), (Code::Conflict, Some(2)));
    assert_eq!(browser.cookie(), None);
    let opened: VaultSession = log_in(&browser, &scene.newest, &scene.lost).await.json();
    assert_eq!((opened.session.counter, opened.lacking), (2, Vec::new()));
    scene.put_back(&browser).await;

    // The old passkey is gone, and the new one was never here.
    let old = scene.person.assertion().await;
    let refused = browser.post_json("/api/login", &old).await;
    assert_eq!(refused.code(), Code::CredentialRejected);
    let opened: VaultSession = log_in(&browser, &scene.newest, &[]).await.json();
    assert_eq!((opened.session.counter, opened.lacking), (5, vec![id("new")]));

    let proof = Proof::Vault(proof(&browser, &scene.newest).await);
    let (authenticator, request) = replacing(&scene.person, &scene.newest, proof).await;
    let committed = browser.post_json("/api/sign-in-methods", &request).await;
    assert_eq!(committed.json::<Committed>(), Committed { counter: 6 });
    let mut person = Person { browser: scene.fixture.browser(), authenticator, ..scene.person };
    person.login().await;
    person.state = scene.newest.after(&request.commit);
    person.write("afterwards", vec![new_record("another")]).await;
    // Nothing lacks any more, so the key of the vault opens nothing.
    let failure = log_in(&scene.fixture.browser(), &scene.newest, &[]).await.failure();
    assert_eq!((failure.code, failure.counter), (Code::Conflict, Some(7)));
}

#[tokio::test]
async fn such_a_session_reads_and_puts_back_and_no_more() {
    let scene = Scene::set().await;
    let browser = scene.after_putting_back().await;
    for path in ["/api/session", "/api/delta?since=0", "/api/state", "/api/history?counter=1&of=5"] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
    let commit = scene.newest.commit("written", vec![new_record("written")]);
    assert_eq!(browser.post_json("/api/commit", &commit).await.code(), Code::SessionExpired);
    let secret = format!("/api/records/{}/secrets/1", id("key"));
    for path in [&*secret, "/api/stores", "/api/hints"] {
        assert_eq!(browser.get(path).await.code(), Code::SessionExpired, "{path}");
    }
    let request = DeleteAccount { proof: Proof::Vault(proof(&browser, &scene.newest).await) };
    assert_eq!(browser.post_json("/api/account/delete", &request).await.code(), Code::SessionExpired);
    // It ends when it is ended, and by itself.
    let other = scene.fixture.browser();
    log_in(&other, &scene.newest, &[]).await.json::<VaultSession>();
    assert_eq!(browser.post("/api/logout").await.status, 204);
    assert_eq!(browser.get("/api/session").await.code(), Code::SessionExpired);
    assert_eq!(other.get("/api/session").await.status, 200);
    scene.fixture.clock.advance(30 * 60);
    assert_eq!(other.get("/api/session").await.code(), Code::SessionExpired);
}

/// Attack T51 of `tests/ATTACKS.md`.
#[tokio::test]
async fn neither_key_alone_opens_a_session_nor_any_other_signature() {
    let scene = Scene::set().await;
    scene.after_putting_back().await;
    let (browser, newest) = (scene.fixture.browser(), &scene.newest);
    let anna = newest.vault;
    let stranger = Person::new(&scene.fixture, "boris").await.state;
    for what in [
        "the vault alone",
        "the device alone",
        "another vault's key",
        "another host",
        "no such account",
        "another device than the one that signed",
    ] {
        let challenge: Challenge = browser.post("/api/login/vault/challenge").await.json();
        let good = newest.vault_proof(&challenge, "localhost");
        let (account, proof) = match what {
            "the vault alone" => (anna, VaultProof { device_signature: Bytes(vec![7; 64]), ..good }),
            "the device alone" => (anna, VaultProof { vault_signature: Bytes(vec![7; 64]), ..good }),
            "another vault's key" => (anna, stranger.vault_proof(&challenge, "localhost")),
            "another host" => (anna, newest.vault_proof(&challenge, "example.com")),
            "no such account" => (id("nobody"), good),
            _ => {
                let phone = newest.written_by(id("phone")).vault_proof(&challenge, "localhost");
                (anna, VaultProof { device_key: phone.device_key, ..good })
            }
        };
        let request = VaultLogin { account, proof, lost: Vec::new() };
        assert_eq!(send(&browser, &request).await.code(), Code::ProofRejected, "{what}");
        // The nonce is used up.
        let proof = newest.vault_proof(&challenge, "localhost");
        let request = VaultLogin { account: anna, proof, lost: Vec::new() };
        assert_eq!(send(&browser, &request).await.code(), Code::CeremonyUnknown, "{what}");
    }
    for (what, signature) in [("short", 63), ("long", 65)] {
        let good = proof(&browser, newest).await;
        let proof = VaultProof { vault_signature: Bytes(vec![7; signature]), ..good };
        let request = VaultLogin { account: anna, proof, lost: Vec::new() };
        assert_eq!(send(&browser, &request).await.code(), Code::BadRequest, "{what}");
    }
    // Both keys, but a device that is none of the vault.
    for name in ["device", "phone"] {
        let by = newest.written_by(id(name));
        let code = log_in(&browser, &by, &[]).await.status;
        assert_eq!(code, if name == "device" { 200 } else { 409 }, "{name}");
    }
}

#[tokio::test]
async fn a_nonce_is_valid_once_and_for_this_alone() {
    let scene = Scene::set().await;
    scene.after_putting_back().await;
    let (browser, newest) = (scene.fixture.browser(), &scene.newest);
    let request =
        VaultLogin { account: newest.vault, proof: proof(&browser, newest).await, lost: Vec::new() };
    assert_eq!(send(&browser, &request).await.status, 200);
    assert_eq!(send(&browser, &request).await.code(), Code::CeremonyUnknown);
    let late = VaultLogin { proof: proof(&browser, newest).await, ..request.clone() };
    scene.fixture.clock.advance(300);
    assert_eq!(send(&browser, &late).await.code(), Code::CeremonyUnknown);
    for path in ["/api/login/challenge", "/api/recovery/challenge", "/api/register/challenge"] {
        let challenge: Challenge = browser.post(path).await.json();
        let other = VaultLogin { proof: newest.vault_proof(&challenge, "localhost"), ..request.clone() };
        assert_eq!(send(&browser, &other).await.code(), Code::CeremonyUnknown, "{path}");
    }
}

/// Attack T51 of `tests/ATTACKS.md`.
#[tokio::test]
async fn nothing_is_opened_where_nothing_was_lost() {
    let scene = Scene::set().await;
    let (browser, friday) = (scene.fixture.browser(), scene.person.state.clone());
    // A live device of a server that has everything, as far as it can know.
    let failure = log_in(&browser, &friday, &[]).await.failure();
    assert_eq!((failure.code, failure.counter), (Code::Conflict, Some(2)));
    // What shows a loss must follow by the rules, with both signatures of every head.
    let with = |change: &dyn Fn(&mut Vec<Entry>)| {
        let mut lost = scene.lost.clone();
        change(&mut lost);
        lost
    };
    for (what, lost, code) in [
        ("a false signature", with(&|lost| lost[1].head.0[200] ^= 1), Code::BadRequest),
        ("another change", with(&|lost| lost[2].changes = lost[0].changes.clone()), Code::BadRequest),
        ("a gap", with(&|lost| drop(lost.remove(1))), Code::BadRequest),
        ("what begins too late", with(&|lost| drop(lost.remove(0))), Code::Conflict),
        ("too many", with(&|lost| lost.resize(201, lost[0].clone())), Code::TooLarge),
    ] {
        assert_eq!(log_in(&browser, &scene.newest, &lost).await.code(), code, "{what}");
    }
    // A removed device shows that it was removed.
    let mut removed = scene.newest.clone();
    let commit = removed.commit("removed", vec![device_gone("device")]);
    removed = removed.after(&commit);
    let lost = with(&|lost| {
        lost.push(Entry { head: commit.head.clone(), changes: commit.changes.clone() });
    });
    let by_removed = removed.written_by(id("device"));
    assert_eq!(log_in(&browser, &by_removed, &lost).await.code(), Code::Conflict);
    assert_eq!(browser.cookie(), None);
}

/// Attack T52 of `tests/ATTACKS.md`: a device that was removed still has the vault's key. It signs
/// that it enters, and says that the server has lost that.
#[tokio::test]
async fn a_removed_device_cannot_claim_that_something_was_lost() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("before", vec![new_record("key")]).await;
    let enters = person.state.clone().written_by(id("removed"));
    let commit = enters.commit("enters", vec![device("removed")]);
    let lost = [Entry { head: commit.head.clone(), changes: commit.changes.clone() }];
    let after = enters.after(&commit);
    let browser = fixture.browser();
    let failure = log_in(&browser, &after, &lost).await.failure();
    assert_eq!((failure.code, failure.counter), (Code::Conflict, Some(2)));
    assert_eq!(browser.cookie(), None);
    // For 90 days after a restore it may be true.
    note_restore(&fixture).await;
    fixture.clock.advance(90 * 86_400 - 1);
    log_in(&browser, &after, &lost).await.json::<VaultSession>();
    browser.set_cookie(None);
    fixture.clock.advance(1);
    assert_eq!(log_in(&browser, &after, &lost).await.code(), Code::Conflict);
    assert_eq!(browser.cookie(), None);
}

/// Attack T51 of `tests/ATTACKS.md`.
#[tokio::test]
async fn the_vaults_key_changes_sign_in_methods_only_while_one_is_lacking() {
    let scene = Scene::set().await;
    let browser = scene.after_putting_back().await;
    let newest = &scene.newest;
    let refused = async |what: &str, browser: &Browser, proof: Proof, state: &Signer| {
        let (_, request) = replacing(&scene.person, state, proof).await;
        let response = browser.post_json("/api/sign-in-methods", &request).await;
        assert_eq!(response.code(), Code::ProofRejected, "{what}");
    };
    // A stolen cookie with neither key, or with one of them.
    for what in ["the vault alone", "the device alone"] {
        let good = proof(&browser, newest).await;
        let proof = match what {
            "the vault alone" => VaultProof { device_signature: Bytes(vec![7; 64]), ..good },
            _ => VaultProof { vault_signature: Bytes(vec![7; 64]), ..good },
        };
        refused(what, &browser, Proof::Vault(proof), newest).await;
    }
    // The signature is for the device that writes the change.
    let other = Proof::Vault(proof(&browser, &newest.written_by(id("device"))).await);
    refused("another device", &browser, other, newest).await;
    // The keys without a session.
    let (_, request) = replacing(&scene.person, newest, Proof::Vault(proof(&browser, newest).await)).await;
    let without = scene.fixture.browser().post_json("/api/sign-in-methods", &request).await;
    assert_eq!(without.code(), Code::SessionExpired);

    // Somebody with both keys and a session, where nothing is lacking.
    let whole = Person::new(&scene.fixture, "boris").await;
    let changes = vec![keyslot("third root", 1), keyslot("third cold", 2)];
    let request = ChangeSignInMethods {
        proof: Proof::Vault(proof(&whole.browser, &whole.state).await),
        ..whole.change_request("third", changes).await
    };
    let response = whole.browser.post_json("/api/sign-in-methods", &request).await;
    assert_eq!(response.code(), Code::ProofRejected);
    let request = DeleteAccount { proof: Proof::Vault(proof(&whole.browser, &whole.state).await) };
    assert_eq!(whole.browser.post_json("/api/account/delete", &request).await.code(), Code::ProofRejected);
}

/// Somebody who knows the id of a vault and has no key of it does not keep its owner out.
#[tokio::test]
async fn false_proofs_are_counted_and_do_not_keep_the_owner_out() {
    let scene = Scene::set().await;
    scene.after_putting_back().await;
    let (browser, newest) = (scene.fixture.browser(), &scene.newest);
    let mut refused = 0;
    loop {
        let good = proof(&browser, newest).await;
        let proof = VaultProof { vault_signature: Bytes(vec![7; 64]), ..good };
        let request = VaultLogin { account: newest.vault, proof, lost: Vec::new() };
        match send(&browser, &request).await.code() {
            Code::ProofRejected => refused += 1,
            Code::RateLimited => break,
            other => panic!("{other:?}"),
        }
        assert!(refused <= 100, "false proofs have a limit");
    }
    assert!(refused >= 20, "{refused}");
}

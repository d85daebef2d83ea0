//! Invalid requests: each is refused with an error code and changes nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_api::{Change, Code, Commit, CreateAccount, Id, Login, MAX_BODY};
use crystallum_messages::Exchange;
use crystallum_system_tests::{Device, credentials, draft, successor};
use crystallum_test_support::signer::WRITE;
use crystallum_test_support::{Browser, Passkeys, Response, Server};
use serde_json::{Value, json};

/// Creates a vault with one exchange key, and a page with its session.
async fn vault(server: &Server) -> (Device, Browser) {
    let mut device = Device::new(server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    device.add(draft(Exchange::Gate, "One", "", credentials("some-api-key", "some secret"))).await.unwrap();
    let raw = device.network.browser().clone();
    (device, raw)
}

/// Returns the newest body that the engine posted to a path.
fn posted(device: &Device, path: &str) -> Vec<u8> {
    let calls = device.network.calls();
    calls.into_iter().rfind(|call| call.request.path == path).unwrap().request.body.unwrap()
}

async fn post(raw: &Browser, path: &str, body: impl AsRef<[u8]>) -> Response {
    raw.send("POST", path, Some(body.as_ref())).await.expect("an answer")
}

fn outcome(answer: &Response) -> (u16, Code) {
    (answer.status, answer.code())
}

const BAD: (u16, Code) = (400, Code::BadRequest);

async fn counter(raw: &Browser) -> u64 {
    let answer = raw.send("GET", "/api/session", None).await.unwrap();
    serde_json::from_slice::<crystallum_api::Session>(&answer.body).unwrap().counter
}

#[tokio::test]
async fn malformed_bodies_are_refused() {
    let server = Server::start();
    let (device, raw) = vault(&server).await;
    let good: Value = serde_json::to_value(next_commit(&device).await).unwrap();
    let with = |path: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(path).unwrap() = value;
        body.to_string()
    };
    let mut extra = good.clone();
    extra["role"] = json!("admin");
    let mut missing = good.clone();
    missing.as_object_mut().unwrap().remove("head");
    let mut twice = good.to_string();
    twice.insert_str(1, r#""expected_counter":3,"#);
    let deep = "[".repeat(100_000);
    for body in [
        String::new(),
        "{".to_owned(),
        "null".to_owned(),
        "[]".to_owned(),
        deep,
        extra.to_string(),
        missing.to_string(),
        twice,
        with("/commit_id", json!("short")),
        with("/commit_id", json!("AAAAAAAAAAAAAAAAAAAAAA==")),
        with("/commit_id", json!("AAAAAAAAAAAAAAAAAAAAAB")),
        with("/commit_id", json!(7)),
        with("/commit_id", Value::Null),
        with("/expected_counter", json!(-1)),
        with("/expected_counter", json!(1.5)),
        with("/expected_counter", json!(u64::MAX)),
        with("/expected_counter", json!("3")),
        with("/head", json!("")),
        with("/head", json!("*")),
        with("/changes", json!([])),
        with("/changes/0/kind", json!("wallet")),
        with("/changes/0/id", json!("")),
        with("/changes/0/overview/version", json!(0)),
        with("/changes/0/overview/hash", json!("AAAA")),
        with("/changes/0/overview/blob", json!("AAAA")),
        with("/changes/0/overview/blob", Value::Null),
    ] {
        let answer = post(&raw, "/api/commit", &body).await;
        assert_eq!(outcome(&answer), BAD, "{:.120}", body);
    }
    let utf16: Vec<u8> = good.to_string().encode_utf16().flat_map(u16::to_le_bytes).collect();
    for body in [b"\xff\xfe".to_vec(), vec![0; 1000], utf16] {
        assert_eq!(outcome(&post(&raw, "/api/commit", body).await), BAD);
    }
    // A session alone cannot advance the account: neither with another head nor with one that the
    // vault did not sign.
    let head = good["head"].as_str().unwrap();
    let other = head.replace(['A', 'B'], "C");
    assert_ne!(head, other);
    assert_eq!(outcome(&post(&raw, "/api/commit", with("/head", json!(other))).await), BAD);
    let signed = next_commit(&device).await;
    let end = signed.head.0.len();
    for signatures in [end - 128..end, end - 128..end - 64, end - 64..end] {
        let mut unsigned = signed.clone();
        unsigned.head.0[signatures].fill(7);
        assert_eq!(outcome(&post(&raw, "/api/commit", serde_json::to_vec(&unsigned).unwrap()).await), BAD);
    }
    assert_eq!(counter(&raw).await, 2);
    assert_eq!(server.rows("commits").await, 2);
    assert_eq!(post(&raw, "/api/commit", good.to_string()).await.status, 200, "the good one was good");
}

/// Builds a write that the server accepts after the newest one: of another record with the same
/// ciphertext.
async fn next_commit(device: &Device) -> Commit {
    let commit: Commit = serde_json::from_slice(&posted(device, "/api/commit")).unwrap();
    let mut changes = commit.changes;
    let Some(Change::Record { id, .. }) = changes.first_mut() else { panic!("a record") };
    *id = Id([2; 16]);
    successor(device, &device.roots(), WRITE, changes, Id([1; 16])).await
}

#[tokio::test]
async fn huge_bodies_are_refused_and_small_ones_still_work() {
    let server = Server::start();
    let (_, raw) = vault(&server).await;
    for path in ["/api/commit", "/api/accounts", "/api/login"] {
        let answer = post(&raw, path, vec![b' '; MAX_BODY + 1]).await;
        assert_eq!(outcome(&answer), (413, Code::TooLarge), "{path}");
    }
    // Far more than is drained: the connection may end before the answer, and the server stays up.
    drop(raw.send("POST", "/api/commit", Some(&vec![b' '; 40 * MAX_BODY])).await);
    assert_eq!(counter(&raw).await, 2);
}

#[tokio::test]
async fn queries_paths_and_media_types_are_strict() {
    let server = Server::start();
    let (device, raw) = vault(&server).await;
    for query in ["", "?since=", "?since=-1", "?since=x", "?since=99999999999999999999", "?since=1&since=2"] {
        let answer = raw.send("GET", &format!("/api/delta{query}"), None).await.unwrap();
        assert_eq!(outcome(&answer), BAD, "{query}");
    }
    let (unknown, wrong) = ((404, Code::NotFound), (405, Code::MethodNotAllowed));
    for (method, path, expected) in [
        ("GET", "/api", unknown),
        ("GET", "/api/", unknown),
        ("POST", "/api/nothing", unknown),
        ("GET", "/api/../api/secrets", unknown),
        ("GET", "/api/%2e%2e/vault.db", unknown),
        ("GET", "/api/commit", wrong),
        ("POST", "/api/delta", wrong),
        ("DELETE", "/api/session", wrong),
        ("PUT", "/api/commit", wrong),
    ] {
        let answer = raw.send(method, path, None).await.unwrap();
        assert_eq!(outcome(&answer), expected, "{method} {path}");
    }
    for path in ["/vault.db", "/../data/vault.db", "/%2e%2e/data/vault.db", "/..%2fdata%2fvault.db"] {
        let answer = raw.send("GET", path, None).await.unwrap();
        assert!(!answer.body.starts_with(b"SQLite"), "{path}");
    }
    let body = posted(&device, "/api/commit");
    let origin = server.origin();
    for media in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"] {
        let headers = [("origin", origin.as_str()), ("content-type", media)];
        let answer = raw.send_with("POST", "/api/commit", &headers, Some(&body)).await.unwrap();
        assert_eq!(outcome(&answer), BAD, "{media}");
    }
}

/// Attack T41 of `tests/ATTACKS.md`.
#[tokio::test]
async fn requests_of_other_sites_are_refused() {
    let server = Server::start();
    let (device, raw) = vault(&server).await;
    let body = posted(&device, "/api/commit");
    let ours = server.origin();
    let port = server.address().port();
    let foreign = (403, Code::ForeignOrigin);
    let near = [
        "null".to_owned(),
        "https://example.com".to_owned(),
        format!("https://localhost:{port}"),
        format!("http://127.0.0.1:{port}"),
        format!("http://localhost:{}", port ^ 1),
        format!("http://sub.localhost:{port}"),
        format!("{ours}/"),
        ours.to_uppercase(),
    ];
    for origin in &near {
        let headers = [("origin", origin.as_str()), ("content-type", "application/json")];
        for path in ["/api/commit", "/api/login/challenge", "/api/logout"] {
            let answer = raw.send_with("POST", path, &headers, Some(&body)).await.unwrap();
            assert_eq!(outcome(&answer), foreign, "{origin} {path}");
            assert!(answer.headers.get("access-control-allow-origin").is_none());
        }
    }
    let json = ("content-type", "application/json");
    let without = raw.send_with("POST", "/api/commit", &[json], Some(&body)).await.unwrap();
    assert_eq!(outcome(&without), foreign);
    let twice = [("origin", ours.as_str()), ("origin", "https://example.com"), json];
    assert_eq!(outcome(&raw.send_with("POST", "/api/commit", &twice, Some(&body)).await.unwrap()), foreign);
    for site in ["cross-site", "same-site"] {
        let headers = [("sec-fetch-site", site)];
        let answer = raw.send_with("GET", "/api/delta?since=0", &headers, None).await.unwrap();
        assert_eq!(outcome(&answer), foreign, "{site}");
    }
    assert_eq!(counter(&raw).await, 2, "the session was not ended either");
}

#[tokio::test]
async fn a_ceremony_is_valid_once_and_not_after_a_restart() {
    let server = Server::start();
    let (device, _) = vault(&server).await;
    let mut device = device.lock().await;
    device.unlock().await.unwrap();
    let login = posted(&device, "/api/login");
    let thief = Browser::new(server.address());
    let unknown = (400, Code::CeremonyUnknown);
    assert_eq!(outcome(&post(&thief, "/api/login", &login).await), unknown);
    // The same answer to another challenge.
    let fresh = post(&thief, "/api/login/challenge", b"").await;
    let fresh: crystallum_api::Challenge = serde_json::from_slice(&fresh.body).unwrap();
    let mut replayed: Login = serde_json::from_slice(&login).unwrap();
    replayed.ceremony = fresh.ceremony;
    let replayed = serde_json::to_vec(&replayed).unwrap();
    assert_eq!(outcome(&post(&thief, "/api/login", &replayed).await), (401, Code::CredentialRejected));
    assert_eq!(outcome(&post(&thief, "/api/login", &replayed).await), unknown, "a failed answer uses it up");
    // A registration's challenge is not a login's.
    let other = post(&thief, "/api/register/challenge", b"").await;
    let other: crystallum_api::Challenge = serde_json::from_slice(&other.body).unwrap();
    let mut mixed: Login = serde_json::from_slice(&login).unwrap();
    mixed.ceremony = other.ceremony;
    assert_eq!(outcome(&post(&thief, "/api/login", serde_json::to_vec(&mixed).unwrap()).await), unknown);
    assert_eq!(thief.send("GET", "/api/session", None).await.unwrap().status, 401);
}

#[tokio::test]
async fn an_account_is_made_once_and_the_same_request_again_is_harmless() {
    let server = Server::start();
    let (device, raw) = vault(&server).await;
    let create = posted(&device, "/api/accounts");
    let stranger = Browser::new(server.address());
    let again = post(&stranger, "/api/accounts", &create).await;
    assert_eq!(again.status, 200, "a lost answer is asked for again");
    let mut changed: CreateAccount = serde_json::from_slice(&create).unwrap();
    changed.account = Id([7; 16]);
    let answer = post(&stranger, "/api/accounts", serde_json::to_vec(&changed).unwrap()).await;
    assert!(answer.status >= 400, "{answer:?}");
    assert_eq!((server.rows("accounts").await, server.rows("credentials").await), (1, 1));
    assert_eq!(counter(&raw).await, 2);
}

#[tokio::test]
async fn ids_of_other_accounts_open_nothing() {
    let server = Server::start();
    let (victim, hers) = vault(&server).await;
    let (thief, his) = vault(&server).await;
    let (her_commit, his_commit) = (posted(&victim, "/api/commit"), posted(&thief, "/api/commit"));
    let his_rows = his.send("GET", "/api/delta?since=0", None).await.unwrap().body;
    assert_eq!(outcome(&post(&his, "/api/commit", &her_commit).await), BAD, "her head is not of his vault");
    // Her record under his head.
    let mut stolen: Commit = serde_json::from_slice(&his_commit).unwrap();
    let hers_changes = serde_json::from_slice::<Commit>(&her_commit).unwrap().changes;
    let Some(Change::Record { id, .. }) = hers_changes.first() else { panic!("a record") };
    stolen.commit_id = Id([9; 16]);
    stolen.changes = vec![Change::Tombstone { id: *id, version: 9 }];
    let answer = post(&his, "/api/commit", serde_json::to_vec(&stolen).unwrap()).await;
    assert!(matches!(outcome(&answer), (400 | 409, _)), "{answer:?}");
    assert_eq!(his.send("GET", "/api/delta?since=0", None).await.unwrap().body, his_rows);
    assert_eq!(counter(&hers).await, 2);
    let nobody = Browser::new(server.address());
    for path in ["/api/session", "/api/delta?since=0"] {
        let answer = nobody.send("GET", path, None).await.unwrap();
        assert_eq!(outcome(&answer), (401, Code::SessionExpired), "{path}");
    }
    let answer = post(&nobody, "/api/commit", &her_commit).await;
    assert_eq!(outcome(&answer), (401, Code::SessionExpired));
}

#[tokio::test]
async fn a_commit_id_cannot_be_reused_for_another_write() {
    let server = Server::start();
    let (device, raw) = vault(&server).await;
    let commit = posted(&device, "/api/commit");
    let again = post(&raw, "/api/commit", &commit).await;
    assert_eq!(again.status, 200);
    assert_eq!(serde_json::from_slice::<crystallum_api::Committed>(&again.body).unwrap().counter, 2);
    let mut other: Commit = serde_json::from_slice(&commit).unwrap();
    other.head.0[160] ^= 1;
    let answer = post(&raw, "/api/commit", serde_json::to_vec(&other).unwrap()).await;
    assert_eq!(outcome(&answer), (409, Code::CommitIdReused));
    other.commit_id = Id([3; 16]);
    let answer = post(&raw, "/api/commit", serde_json::to_vec(&other).unwrap()).await;
    assert_eq!(outcome(&answer), (409, Code::Conflict));
    assert_eq!(counter(&raw).await, 2);
}

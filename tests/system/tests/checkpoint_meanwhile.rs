//! A vault that is written to while a device that does not know it fetches it. The writer has the
//! root, as an owner has or a thief.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_api::{Bytes, Change, Commit};
use crystallum_core::History;
use crystallum_messages::{Alarm, Exchange, Failure};
use crystallum_system_tests::{Device, Outsider, credentials, draft};
use crystallum_test_support::commits::{new_record, overview, part, record};
use crystallum_test_support::format::{body_length, head_hash};
use crystallum_test_support::signer::WRITE;
use crystallum_test_support::{Fault, Passkeys, Server};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

/// How many objects the first page has.
const FIRST: usize = 5;

async fn vault(server: &Server, wallet: &Passkeys) -> Device {
    let mut laptop = Device::new(server, wallet);
    laptop.create("My vault").await.unwrap();
    let secret = credentials("api-key-of-pages", "secret of a page");
    laptop.add(draft(Exchange::Kraken, "A", "", secret)).await.unwrap();
    laptop
}

/// Returns the live objects, which fit one page.
async fn page(device: &Device) -> Value {
    let answer = device.network.browser().send("GET", "/api/state", None).await.unwrap();
    let page: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(page["more"], json!(false));
    page
}

/// Returns the page with the first objects alone, and the one with the others.
fn split(page: &Value) -> (Value, Value) {
    let (mut first, mut second) = (page.clone(), page.clone());
    let rest = first["objects"].as_array_mut().unwrap().split_off(FIRST);
    assert!(!rest.is_empty());
    second["objects"] = rest.into();
    first["more"] = true.into();
    (first, second)
}

/// Returns how often a device has begun with a first page.
fn begun(device: &Device) -> usize {
    device.network.calls().iter().filter(|call| call.request.path == "/api/state").count()
}

fn is_tampered(outcome: &Result<impl Sized, Failure>) -> bool {
    matches!(outcome, Err(Failure::Alarm(Alarm::Tampered { .. })))
}

fn encoded(bytes: &[u8]) -> Value {
    BASE64URL_NOPAD.encode(bytes).into()
}

/// Returns a change of the record that every test writes.
fn edit(version: u64) -> Change {
    record("a record", overview("a record", version), None)
}

#[tokio::test]
async fn more_heads_than_a_device_follows_are_no_alarm() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let laptop = vault(&server, &wallet).await;
    let whole = page(&laptop).await;
    let (first, _) = split(&whole);
    let mut outsider = Outsider::of(&laptop).await;
    outsider.write(WRITE, vec![new_record("a record")]).await;
    let (_, second) = split(&page(&laptop).await);
    for version in 2..=501 {
        outsider.write(WRITE, vec![edit(version)]).await;
    }
    let pass = || Fault::swap(|_| ());
    let [first, second] = [first, second].map(|page| Fault::forge(200, &page));
    for (what, pages, deltas) in [
        // The head of the second page is 501 changes later.
        ("pages", vec![first.clone()], 0),
        // The second page was made after one change, and what was written since goes on and on.
        ("changes", vec![first.clone(), second], 2),
    ] {
        let mut clean = Device::new(&server, &wallet);
        pages.into_iter().for_each(|page| clean.network.once("/api/state", page));
        let notice = clean.meet().await.unwrap_or_else(|failed| panic!("{what}: {failed:?}"));
        assert_eq!((begun(&clean), notice.change), (2, 503), "{what}: begun once more");
        assert_eq!(clean.network.count("/api/delta"), deltas, "{what}");
    }
    // It is no alarm either if the vault changes as fast the second time.
    let (late, late_second) = split(&page(&laptop).await);
    for version in 502..=1_002 {
        outsider.write(WRITE, vec![edit(version)]).await;
    }
    let [late, late_second] = [late, late_second].map(|page| Fault::forge(200, &page));
    let mut clean = Device::new(&server, &wallet);
    for page in [first.clone(), late_second, late, pass()] {
        clean.network.once("/api/state", page);
    }
    assert_eq!(clean.meet().await.err(), Some(Failure::TooMuchAtOnce));
    assert_eq!(begun(&clean), 2);
    assert!(clean.network.heal() && clean.profile.disk.snapshot().is_empty());
    // The second time, the server goes back to what it had at first.
    let mut clean = Device::new(&server, &wallet);
    for page in [first, pass(), Fault::forge(200, &whole)] {
        clean.network.once("/api/state", page);
    }
    let met = clean.meet().await;
    assert!(is_tampered(&met), "{met:?}");
    assert!(clean.network.heal());
    clean.unlock_any().await.unwrap();
}

#[tokio::test]
async fn more_changes_than_a_device_follows_are_no_alarm() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let laptop = vault(&server, &wallet).await;
    let (first, _) = split(&page(&laptop).await);
    let mut outsider = Outsider::of(&laptop).await;
    let names: Vec<String> = (0..500).map(|number| format!("record {number}")).collect();
    for names in names.chunks(250) {
        outsider.write(WRITE, names.iter().map(|name| new_record(name)).collect()).await;
    }
    let edits = |version| names.iter().map(move |name| record(name, overview(name, version), None));
    for version in 2..=20 {
        outsider.write(WRITE, edits(version).collect()).await;
    }
    // 10,000 changes are followed, and one more is not.
    for (begins, further) in [(1, None), (2, Some(21))] {
        if let Some(version) = further {
            outsider.write(WRITE, vec![record(&names[0], overview(&names[0], version), None)]).await;
        }
        let mut clean = Device::new(&server, &wallet);
        clean.network.once("/api/state", Fault::forge(200, &first));
        clean.meet().await.unwrap();
        assert_eq!(begun(&clean), begins);
    }
}

/// The head of the second page is one, and what was written since leads to another one.
#[tokio::test]
async fn two_heads_with_one_counter_are_refused() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let laptop = vault(&server, &wallet).await;
    let (first, mut second) = split(&page(&laptop).await);
    let mut outsider = Outsider::of(&laptop).await;
    let other = outsider.sign(WRITE, vec![new_record("another record")]);
    outsider.write(WRITE, vec![new_record("a record")]).await;
    for (head, is_refused) in [(Some(&other.head), true), (None, false)] {
        if let Some(Bytes(head)) = head {
            second["head"] = encoded(head);
        } else {
            (_, second) = split(&page(&laptop).await);
        }
        let mut clean = Device::new(&server, &wallet);
        clean.network.once("/api/state", Fault::forge(200, &first));
        clean.network.once("/api/state", Fault::forge(200, &second));
        let met = clean.meet().await;
        assert_eq!(is_tampered(&met), is_refused, "{met:?}");
    }
}

/// Returns a commit that gives the record an overview of this many bytes.
fn with_overview(outsider: &Outsider<'_>, bytes: usize) -> Commit {
    outsider.sign(WRITE, vec![record("a record", part(2, vec![7; bytes]), None)])
}

/// The longest overview of the format has 2,048 bytes and what sealing adds.
const SIZES: [(usize, bool); 2] = [(2_048 + 82, false), (2_048 + 83, true)];

#[tokio::test]
async fn a_change_that_is_longer_than_the_format_allows_is_refused() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let laptop = vault(&server, &wallet).await;
    let mut outsider = Outsider::of(&laptop).await;
    outsider.write(WRITE, vec![new_record("a record")]).await;
    for (bytes, is_refused) in SIZES {
        let commit = with_overview(&outsider, bytes);
        let (first, mut second) = split(&page(&laptop).await);
        second["head"] = encoded(commit.head.as_slice());
        let entry = json!({ "head": second["head"], "changes": commit.changes });
        let delta = json!({ "counter": commit.expected_counter + 1, "entries": [entry] });
        let mut clean = Device::new(&server, &wallet);
        clean.network.once("/api/state", Fault::forge(200, &first));
        clean.network.once("/api/state", Fault::forge(200, &second));
        clean.network.once("/api/delta", Fault::forge(200, &delta));
        let met = clean.meet().await;
        assert_eq!(is_tampered(&met), is_refused, "{bytes}: {met:?}");
    }
}

#[tokio::test]
async fn an_object_that_is_longer_than_the_format_allows_is_refused() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let laptop = vault(&server, &wallet).await;
    let mut outsider = Outsider::of(&laptop).await;
    outsider.write(WRITE, vec![new_record("a record")]).await;
    for (bytes, is_refused) in SIZES {
        let Commit { changes, head: Bytes(head), .. } = with_overview(&outsider, bytes);
        let change = serde_json::to_value(&changes[0]).unwrap();
        let mut forged = page(&laptop).await;
        let before = BASE64URL_NOPAD.decode(forged["head"].as_str().unwrap().as_bytes()).unwrap();
        let past = BASE64URL_NOPAD.decode(forged["past"].as_str().unwrap().as_bytes()).unwrap();
        let mut past = History::from_bytes(&past).unwrap();
        past.push(&head_hash(&before[..body_length(&before)]));
        (forged["head"], forged["past"]) = (encoded(&head), encoded(&past.to_bytes()));
        let objects = forged["objects"].as_array_mut().unwrap();
        let is_it = |object: &&mut Value| object["id"] == change["id"] && object["overview"].is_object();
        objects.iter_mut().find(is_it).unwrap()["overview"] = change["overview"].clone();
        let mut clean = Device::new(&server, &wallet);
        clean.network.once("/api/state", Fault::forge(200, &forged));
        let met = clean.meet().await;
        assert_eq!(is_tampered(&met), is_refused, "{bytes}: {met:?}");
    }
}

//! What a server learns about records from the number and the sizes of requests.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{Alarm, Event, Exchange, KeyDraft};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, Server};
use data_encoding::BASE64URL_NOPAD;

/// A request and its answer, as anybody sees them who cannot read: method, path, and both sizes.
type Seen = (&'static str, String, usize, usize);

/// Two records whose parts are of the same sizes once they are padded.
fn short() -> KeyDraft {
    draft(Exchange::Gate, "A", "", credentials("key", "s"))
}

fn long() -> KeyDraft {
    let note = "a note that is much longer than the other one, which is empty";
    draft(
        Exchange::Bitfinex,
        &"a long label, ".repeat(4),
        note,
        credentials(&"k".repeat(64), &"s".repeat(500)),
    )
}

/// Returns what was seen of a device after so many requests. Ids of records are left out.
fn seen(device: &Device, after: usize) -> Vec<Seen> {
    let calls = device.network.calls().into_iter().skip(after);
    let seen = calls.map(|call| {
        let ids = |part: &str| if part.len() == 22 { "ID".to_owned() } else { part.to_owned() };
        let path: Vec<_> = call.request.path.split('/').map(ids).collect();
        let sent = call.request.body.map_or(0, |body| body.len());
        let received = call.answer.map_or(0, |answer| answer.body.len());
        (call.request.method, path.join("/"), sent, received)
    });
    seen.collect()
}

/// Does everything with a record, on one device, and reads it on another. Returns the traffic of
/// both.
async fn traffic_of(record: KeyDraft) -> [Vec<Seen>; 2] {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    phone.wait_for_secrets().await;
    laptop.sync().await.unwrap();
    let before = [&laptop, &phone].map(|device| device.network.calls().len());

    let label = record.label.clone();
    let id = laptop.add(record).await.unwrap().id;
    phone.sync().await.unwrap();
    phone.reveal(id).await.unwrap();
    laptop.rename(id, &format!("{label}!")).await.unwrap();
    laptop.delete(id).await.unwrap();
    laptop.restore(id).await.unwrap();
    phone.sync().await.unwrap();
    laptop.erase(id).await.unwrap();
    phone.sync().await.unwrap();
    [seen(&laptop, before[0]), seen(&phone, before[1])]
}

/// Attack T74 of `tests/ATTACKS.md`.
#[tokio::test]
async fn two_records_of_one_size_cause_the_same_traffic() {
    let of_short = traffic_of(short()).await;
    assert!(of_short.iter().all(|seen| seen.len() >= 3), "{of_short:?}");
    assert_eq!(of_short, traffic_of(long()).await);
    // A record of another size is told apart, so the comparison finds what differs.
    let larger = draft(Exchange::Gate, "A", &"long ".repeat(200), credentials("key", "s"));
    assert_ne!(of_short, traffic_of(larger).await);
}

/// Attack T74 of `tests/ATTACKS.md`: the server alters one of two records, and looks at what the
/// device asks for next.
#[tokio::test]
async fn after_a_failed_check_no_request_tells_which_record_failed() {
    let mut requests = Vec::new();
    for altered in 0..2 {
        let server = Server::start();
        let wallet = Passkeys::default();
        let mut laptop = Device::new(&server, &wallet);
        laptop.create("My vault").await.unwrap();
        let mut phone = Device::new(&server, &wallet);
        phone.unlock_any().await.unwrap();
        phone.wait_for_secrets().await;
        laptop.sync().await.unwrap();
        for record in [short(), long()] {
            phone.add(record).await.unwrap();
        }
        laptop.network.always(
            "/api/delta",
            Fault::tamper(move |answer| {
                let entries = answer["entries"].as_array_mut().unwrap();
                let at = entries.len() - 2 + altered;
                let blob = &mut entries[at]["changes"][0]["secret"]["blob"];
                let mut bytes = BASE64URL_NOPAD.decode(blob.as_str().unwrap().as_bytes()).unwrap();
                bytes[100] ^= 1;
                *blob = BASE64URL_NOPAD.encode(&bytes).into();
            }),
        );
        let before = laptop.network.calls().len();
        laptop.events();
        laptop.sync().await.unwrap();
        let tampered = |event: &Event| matches!(event, Event::Alarm(Alarm::Tampered { .. }));
        assert!(laptop.events().iter().any(tampered));
        assert!(laptop.add(short()).await.is_err());
        drop(laptop.sync().await);
        requests.push(seen(&laptop, before));
    }
    assert!(!requests[0].is_empty());
    assert_eq!(requests[0], requests[1]);
}

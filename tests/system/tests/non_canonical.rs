//! An answer that says the right thing in another spelling. A reader that takes it may read
//! something else than another reader, so it is refused, and the right spelling is accepted.

use crystallum_messages::{Exchange, KeyDraft};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, Server};

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "", credentials("api-key-4711", "a secret"))
}

/// Changes the last value of this name in the answer, which is a string. The first entry of an
/// answer is the device's own head, whose changes it does not read.
fn respelled(name: &str, change: impl Fn(&str) -> String) -> impl Fn(&mut Vec<u8>) {
    let start = format!("\"{name}\":\"");
    move |body| {
        let text = String::from_utf8(std::mem::take(body)).unwrap();
        let from = text.rfind(&start).unwrap() + start.len();
        let to = from + text[from..].find('"').unwrap();
        *body = [&text[..from], &change(&text[from..to]), &text[to..]].concat().into_bytes();
    }
}

/// Inserts before the last place at which this text stands in the answer.
fn inserted(before: &'static str, more: &'static str) -> impl Fn(&mut Vec<u8>) {
    move |body| {
        let text = String::from_utf8(std::mem::take(body)).unwrap();
        let at = text.rfind(before).unwrap_or_else(|| panic!("no {before} in {text}"));
        *body = [&text[..at], more, &text[at..]].concat().into_bytes();
    }
}

/// Sets a bit after the last whole byte of base64url.
fn trailing_bit(value: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    assert_ne!(value.len() % 4, 0, "there are bits after the last byte");
    let (rest, last) = value.split_at(value.len() - 1);
    let at = ALPHABET.iter().position(|&letter| letter == last.as_bytes()[0]).unwrap();
    format!("{rest}{}", char::from(ALPHABET[at + 1]))
}

/// Attack T60 of `tests/ATTACKS.md`.
#[tokio::test]
async fn another_spelling_of_an_answer_is_refused() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    laptop.add(key("A")).await.unwrap();
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    laptop.sync().await.unwrap();
    laptop.add(key("B")).await.unwrap();
    let padded = |value: &str| format!("{value}{}", "=".repeat(4 - value.len() % 4));
    let spellings: [(&str, Fault); 10] = [
        ("a trailing bit in a head", Fault::corrupt(respelled("head", trailing_bit))),
        ("a trailing bit in an id", Fault::corrupt(respelled("id", trailing_bit))),
        ("a trailing bit in a hash", Fault::corrupt(respelled("hash", trailing_bit))),
        ("padding", Fault::corrupt(respelled("head", padded))),
        (
            "a line break",
            Fault::corrupt(respelled("head", |value| format!("{}\\n{}", &value[..4], &value[4..]))),
        ),
        ("the entries twice", Fault::corrupt(inserted("\"entries\"", "\"entries\":[],"))),
        ("the counter twice", Fault::corrupt(inserted("\"counter\"", "\"counter\":9,"))),
        ("a head twice", Fault::corrupt(inserted("\"head\"", "\"head\":\"\","))),
        ("a kind twice", Fault::corrupt(inserted("\"kind\"", "\"kind\":\"tombstone\","))),
        ("a number as text", Fault::corrupt(inserted("\"version\":1", "\"version\":\"1\","))),
    ];
    for (what, fault) in spellings {
        phone.network.always("/api/delta", fault);
        let _ = phone.sync().await;
        assert_eq!(phone.list().await.unwrap().len(), 1, "{what}: nothing of it is adopted");
        phone.network.heal();
        phone = phone.reopened();
        phone.network.always("/api/delta", Fault::NotSent);
        phone.unlock().await.unwrap();
        phone.network.heal();
    }
    phone.sync().await.unwrap();
    assert_eq!(phone.list().await.unwrap().len(), 2);
}

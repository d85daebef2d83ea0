//! The server does not learn secrets: unique canaries, `prf` outputs and both roots are not in its
//! files, its logs, the network traffic or its memory, in any encoding. The search is then
//! verified: each canary is found when it is planted there in each encoding.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_api::{Bytes, Change, Id, Part};
use crystallum_messages::{Credentials, Exchange, KeyEdit, SecretText, session};
use crystallum_system_tests::{
    Canaries, Canary, Device, Finding, Roots, draft, process_memory, successor, typed,
};
use crystallum_test_support::signer::WRITE;
use crystallum_test_support::{Browser, Passkeys, PrfMode, Server};
use data_encoding::Specification;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const NAME: &str = "Canary vault \u{e4}/+=7f3a91";
const LABEL: &str = "Canary label \u{fc}&?%1b90e4";
const NEW_LABEL: &str = "Canary new label \u{df} 55d2c8";
const NOTE: &str = "Canary note: line one\nline \"two\" 9e61ab";
const API_KEY: &str = "CANARYapiKEY0123456789abcdef";
const SECRET: &str = "canary/secret+with=signs&more-3f8d";
const NEW_SECRET: &str = "-----BEGIN PRIVATE KEY-----\ncanary0second0secret\n-----END PRIVATE KEY-----";
const PASSPHRASE: &str = "canary passphrase \u{20ac} 4c7e";
const PHRASE: &str = "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold";
const OTHER_SECRET: &str = "canary of the deleted record 82aa";

/// The result of using a vault.
struct Life {
    /// The devices, still open. The last one used the recovery sheet.
    devices: [Device; 3],
    /// Both recovery codes, as on their sheets.
    codes: [String; 2],
    /// The first random values that were drawn for splitting and for resharing the phrase,
    /// including both wallet keys.
    wallet_draws: Vec<[u8; 32]>,
}

/// Does everything that a user does with a vault.
async fn live(server: &Server, wallet: &Passkeys) -> Life {
    let text = |text: &str| SecretText::new(text.to_owned());
    let credentials = |secret: &str| Credentials {
        api_key: text(API_KEY),
        api_secret: text(secret),
        passphrase: Some(text(PASSPHRASE)),
    };
    let mut laptop = Device::with(server, wallet, PrfMode::AtGet);
    laptop.hello().await.unwrap();
    laptop.create(NAME).await.unwrap();
    let sheet = laptop.sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    let id = laptop.add(draft(Exchange::Other, LABEL, NOTE, credentials(SECRET))).await.unwrap().id;
    let gone = laptop.add(draft(Exchange::Other, LABEL, NOTE, credentials(OTHER_SECRET))).await.unwrap().id;
    laptop.erase(gone).await.unwrap();
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    let base = laptop.open(id).await.unwrap().version;
    let label = Some(NEW_LABEL.to_owned());
    laptop
        .edit(KeyEdit { id, base, label, note: None, credentials: Some(credentials(NEW_SECRET)) })
        .await
        .unwrap();
    assert_eq!(laptop.search("canary new").await.unwrap().total, 1);
    let mut phone = Device::new(server, wallet);
    phone.meet().await.unwrap();
    phone.accept().await.unwrap();
    assert_eq!(phone.reveal(id).await.unwrap(), credentials(NEW_SECRET));
    phone.rename(id, LABEL).await.unwrap();
    laptop.done(session::Command::Renew).await.unwrap();
    laptop.sync().await.unwrap();
    let mut drawn = laptop.draws().len();
    let mut wallet_draws = Vec::new();
    let mut first_draws = |laptop: &Device| {
        let draws = laptop.draws();
        wallet_draws.extend(draws.iter().skip(drawn).take(4).copied());
        drawn = draws.len();
    };
    let phrase = laptop.add_wallet(LABEL, PHRASE, 3, 5).await.unwrap().id;
    first_draws(&laptop);
    laptop.refresh(phrase, 2, 4).await.unwrap();
    first_draws(&laptop);
    assert_eq!(laptop.rebuild(phrase).await.unwrap().phrase.expose(), PHRASE);

    let mut borrowed = Device::new(server, &Passkeys::default());
    borrowed.recover(&typed(&sheet)).await.unwrap();
    borrowed.finish_recovery().await.unwrap();
    let new_sheet = borrowed.sheet().await.unwrap();
    borrowed.confirm(&new_sheet).await.unwrap();
    assert_eq!(borrowed.rebuild(phrase).await.unwrap().phrase.expose(), PHRASE);
    let codes = [typed(&sheet), typed(&new_sheet)];
    Life { devices: [laptop, phone, borrowed], codes, wallet_draws }
}

fn canaries(life: &Life) -> Canaries {
    let [laptop, phone, borrowed] = &life.devices;
    let outputs = [laptop, phone].into_iter().flat_map(|device| device.authenticator.outputs());
    let outputs: Vec<Vec<u8>> = outputs.collect();
    let roots = laptop.roots();
    let mut all = vec![
        Canary::new("vault name", NAME),
        Canary::new("label", LABEL),
        Canary::new("new label", NEW_LABEL),
        Canary::new("note", NOTE),
        Canary::new("API key", API_KEY),
        Canary::new("API secret", SECRET),
        Canary::new("new API secret", NEW_SECRET),
        Canary::new("passphrase", PASSPHRASE),
        Canary::new("deleted secret", OTHER_SECRET),
        Canary::new("root", roots.root),
        Canary::new("cold root", roots.cold),
    ];
    let mut distinct = outputs;
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 2, "one passkey has one output for each input");
    for (name, output) in ["a PRF output", "the other PRF output"].into_iter().zip(distinct) {
        all.push(Canary::new(name, output));
    }
    // Each canary has its own name, so that a finding of one is not taken for another.
    let numbered = |what: &str, number: usize| -> &'static str { format!("{what} {number}").leak() };
    let mut distinct = borrowed.authenticator.outputs();
    distinct.sort();
    distinct.dedup();
    for (number, output) in distinct.into_iter().enumerate() {
        all.push(Canary::new(numbered("PRF output of the new passkey", number), output));
    }
    all.push(Canary::new("phrase", PHRASE));
    let words: Vec<&str> = PHRASE.split(' ').collect();
    for (number, pair) in words.windows(2).enumerate() {
        all.push(Canary::words(numbered("two words of the phrase", number), &pair.join(" ")));
    }
    for (number, code) in life.codes.iter().enumerate() {
        all.push(Canary::new(numbered("recovery code", number), code.as_str()));
        all.push(Canary::new(numbered("recovery code without separators", number), code.replace('-', "")));
        all.push(Canary::new(numbered("bytes of the recovery code", number), code_bytes(code)));
    }
    assert_eq!(life.wallet_draws.len(), 8);
    for (number, draw) in life.wallet_draws.iter().enumerate() {
        all.push(Canary::new(numbered("wallet key, or what seals it", number), draw.as_slice()));
    }
    Canaries::new(&all)
}

/// Decodes the 128 bits of a code (FORMAT.md, section 4).
fn code_bytes(code: &str) -> Vec<u8> {
    let mut base32 = Specification::new();
    base32.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    let plain = code.replace('-', "");
    base32.encoding().unwrap().decode(&plain.as_bytes()[2..28]).unwrap()
}

fn in_memory(canaries: &Canaries, server: &Server) -> Vec<Finding> {
    let regions = process_memory(server.pid());
    assert!(regions.iter().map(Vec::len).sum::<usize>() > 4_000_000, "a process is more than this");
    let mut found: Vec<Finding> = regions.iter().flat_map(|region| canaries.find(region)).collect();
    found.sort();
    found.dedup();
    found
}

fn in_files(canaries: &Canaries, files: &[(String, Vec<u8>)]) -> Vec<Finding> {
    let mut found: Vec<Finding> = files.iter().flat_map(|(_, bytes)| canaries.find(bytes)).collect();
    found.sort();
    found.dedup();
    found
}

fn file(files: &[(String, Vec<u8>)], end: &str) -> Vec<(String, Vec<u8>)> {
    let found: Vec<_> = files.iter().filter(|(name, _)| name.ends_with(end)).cloned().collect();
    assert_eq!(found.len(), 1, "one file {end}");
    found
}

/// Attack T18 of `tests/ATTACKS.md`.
#[tokio::test]
async fn the_server_sees_nothing() {
    let mut server = Server::start();
    let life = live(&server, &Passkeys::default()).await;
    let canaries = canaries(&life);
    let devices = &life.devices;

    assert_eq!(in_files(&canaries, &server.files()), []);
    assert_eq!(in_memory(&canaries, &server), []);
    assert_eq!(canaries.find(&server.logs()), []);
    for device in devices {
        let raw = device.network.browser();
        assert!(raw.sent().len() > 2_000 && raw.received().len() > 2_000);
        assert_eq!(canaries.find(&raw.sent()), []);
        assert_eq!(canaries.find(&raw.received()), []);
    }
    assert!(server.logs().len() > 1_000, "the log is not empty");

    // From here on every canary is planted, in place of ciphertext, and must be found. The recovery
    // ended every session but its own.
    let raw = devices[2].network.browser();
    let commit = planted(&canaries, &devices[2], &devices[0].roots()).await;
    let answer = raw.send("POST", "/api/commit", Some(&commit)).await.unwrap();
    assert_eq!(answer.status, 200, "the server cannot tell {answer:?}");
    let all = canaries.all();
    assert!(all.len() > 130, "{} needles", all.len());
    assert_eq!(in_files(&canaries, &file(&server.files(), "vault.db-wal")), all, "in the write-ahead log");
    assert_eq!(in_memory(&canaries, &server), all, "in memory");

    let lines: Vec<u8> =
        canaries.needles().iter().flat_map(|(_, bytes)| [bytes, b"\n".as_slice()].concat()).collect();
    raw.send("POST", "/api/login", Some(&lines)).await.unwrap();
    assert_eq!(canaries.find(&raw.sent()), all, "among the bytes sent");
    assert_eq!(canaries.find(&received(&lines).await), all, "among the bytes received");
    assert_eq!(canaries.find(&server.logs()), [], "the log repeats no body");
    server.plant_in_log(&lines);
    assert_eq!(canaries.find(&server.logs()), all, "in the log");

    server.stop();
    assert_eq!(in_files(&canaries, &file(&server.files(), "vault.db")), all, "in the database");
}

/// Builds a write whose sealed secrets are the needles, as many in each as fit into a page of the
/// database.
async fn planted(canaries: &Canaries, device: &Device, roots: &Roots) -> Vec<u8> {
    const OVERVIEW: usize = 82 + 512;
    const SECRET: usize = 82 + 1024;
    let mut blobs = vec![Vec::new()];
    for (_, needle) in canaries.needles() {
        if blobs.last().is_some_and(|blob: &Vec<u8>| blob.len() + needle.len() >= SECRET) {
            blobs.push(Vec::new());
        }
        let blob = blobs.last_mut().unwrap();
        blob.extend_from_slice(needle);
        blob.push(0);
    }
    let part = |mut blob: Vec<u8>, size: usize| {
        blob.resize(size, 0);
        Some(Part { version: 1, hash: Sha256::digest(&blob).to_vec().into(), blob: Some(Bytes(blob)) })
    };
    let changes = blobs.into_iter().enumerate().map(|(number, blob)| Change::Record {
        id: Id([u8::try_from(number).unwrap(); 16]),
        overview: part(Vec::new(), OVERVIEW),
        secret: part(blob, SECRET),
    });
    let commit = successor(device, roots, WRITE, changes.collect(), Id([9; 16])).await;
    serde_json::to_vec(&commit).unwrap()
}

/// Returns what the recorder keeps of an answer with this body.
async fn received(body: &[u8]) -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let raw = Browser::new(listener.local_addr().unwrap());
    let echo = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 1024];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        stream
    };
    let (answer, _stream) = tokio::join!(raw.send("GET", "/", None), echo);
    assert_eq!(answer.unwrap().body, body);
    raw.received()
}

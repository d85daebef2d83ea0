//! What makes room when a budget of memory is used up: whoever holds most of it, and nobody else.

use crystallum_test_support::{Person, Site};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::flood::{Target, cookie, from_network, head, is_waiting, status, with_page};

const KIB: usize = 1_024;
/// The body of an honest but slow upload, most of which has arrived.
const SLOW: usize = 200 * KIB;

/// Uploads that began before the flood, by people with a session, and without the last byte.
struct Innocents(Vec<TcpStream>);

impl Innocents {
    async fn start(target: &Target, person: &Person) -> Self {
        let mut uploads = Vec::new();
        for _ in 0..4 {
            let headers = format!("{}content-length: {SLOW}\r\n", cookie(person));
            let mut request = head(target.process.address(), "POST", "/api/commit", &headers);
            request.extend_from_slice(&vec![b' '; SLOW - 1]);
            uploads.push(target.send(&request).await);
        }
        Self(uploads)
    }

    /// Sends the rest. The answer is that the body is no commit, and not that the server is busy.
    async fn finish(self) {
        for mut upload in self.0 {
            assert!(is_waiting(&upload), "an upload was cut off");
            upload.write_all(b" ").await.unwrap();
            assert_eq!(status(&mut upload).await, 400);
        }
    }
}

/// Opens bodies to create accounts, from eight networks, and never sends the last byte.
async fn slow_sign_ups(target: &Target, of_network: usize, bytes: usize) -> Vec<TcpStream> {
    let mut slow = Vec::new();
    for number in 0..8 * of_network {
        let headers = format!("{}content-length: {bytes}\r\n", from_network(1 + number % 8));
        let mut request = head(target.process.address(), "POST", "/api/accounts", &headers);
        request.extend_from_slice(&vec![b' '; bytes - 1]);
        slow.push(target.send(&request).await);
    }
    slow
}

#[tokio::test]
async fn slow_bodies_of_strangers_keep_nobody_from_signing_in() {
    for (of_network, bytes) in [(4, 1_024 * KIB), (34, 120 * KIB)] {
        let target = Target::behind_proxy();
        let anna = Person::new(&target, "anna").await;
        let innocents = Innocents::start(&target, &anna).await;
        let flood = slow_sign_ups(&target, of_network, bytes).await;
        for _ in 0..8 {
            anna.login().await;
        }
        // A sign-up that is not small finds room, too.
        let otto = Person::without_account(&target, "otto");
        let mut request = serde_json::to_string(&otto.sign_up_request().await).unwrap();
        request.push_str(&" ".repeat(60 * KIB));
        assert_eq!(target.browser().post_text("/api/accounts", request).await.status, 200);
        innocents.finish().await;
        drop(flood);
    }
}

#[tokio::test]
async fn pages_that_nobody_reads_keep_nobody_from_reading() {
    let target = Target::behind_proxy();
    let anna = with_page(&target, "anna", 1).await;
    let innocents = Innocents::start(&target, &anna).await;
    let mut unread = Vec::new();
    for number in 1..=6 {
        let greedy = with_page(&target, &format!("greedy {number}"), 45).await;
        let headers = cookie(&greedy) + &from_network(number);
        let request = head(target.process.address(), "GET", "/api/delta?since=1", &headers);
        let first = unread.len();
        for _ in 0..17 {
            // The second request waits behind the page of the first.
            unread.push(target.send_without_reading(&request.repeat(2)).await);
        }
        // All of these pages are in the server then.
        for stream in &unread[first..] {
            stream.readable().await.unwrap();
        }
    }
    for _ in 0..4 {
        assert_eq!(anna.delta(1).await.entries.len(), 1);
    }
    innocents.finish().await;
    drop(unread);
}

#[tokio::test]
async fn a_hundred_people_read_at_once() {
    let target = Target::scaled(10);
    let mut reading = Vec::new();
    for name in ["anna", "otto", "eve", "ida"] {
        let person = with_page(&target, name, 10).await;
        for _ in 0..25 {
            let browser = person.browser.clone();
            reading.push(tokio::spawn(async move { browser.get("/api/delta?since=1").await.status }));
        }
    }
    for read in reading {
        assert_eq!(read.await.unwrap(), 200);
    }
}

use crystallum_test_support::commits::{big_secret, new_record, overview, record};
use crystallum_test_support::{Person, deep};

use crate::flood::{Target, head, status};

const MIB: usize = 1_048_576;

#[tokio::test]
async fn bodies_that_never_end_do_not_fill_the_memory() {
    let target = Target::start();
    let mut anna = Person::new(&target, "anna").await;
    let address = target.process.address();
    let before = target.memory();
    let body = vec![b' '; 900 * 1_024];
    let paths = ["/api/commit", "/api/nothing", "/api/accounts", "/api/login", "/api/login/challenge"];
    let mut open = Vec::new();
    for path in paths.iter().cycle().take(if deep() { 1_000 } else { 200 }) {
        let mut request = head(address, "POST", path, "content-length: 1048576\r\n");
        request.extend_from_slice(&body);
        open.push(target.send(&request).await);
    }
    let grown = target.memory().saturating_sub(before);
    assert!(grown < 64 * MIB, "{} MiB", grown / MIB);
    anna.write("meanwhile", vec![new_record("key")]).await;
    target.assert_healthy().await;
    drop(open);
}

#[tokio::test]
async fn answers_that_nobody_reads_do_not_fill_the_memory() {
    // Those that are refused are refused after ten seconds.
    if !deep() {
        return;
    }
    let target = Target::start();
    let mut anna = Person::new(&target, "anna").await;
    for name in ["one", "two", "three", "four", "five", "six"] {
        let changes = (0..30).map(|number| {
            let name = format!("{name} {number}");
            record(&name, overview(&name, 1), big_secret(&name, 1))
        });
        anna.write(name, changes.collect()).await;
    }
    let before = target.memory();
    let cookie = format!("cookie: {}\r\n", anna.browser.cookie().unwrap());
    let request = head(target.process.address(), "GET", "/api/delta?since=0", &cookie);
    let mut unread = Vec::new();
    for _ in 0..550 {
        unread.push(target.send(&request).await);
    }
    target.assert_healthy_elsewhere().await;
    let newest = unread.last_mut().unwrap();
    // It has waited for the others to be read, or to be closed.
    assert!(matches!(status(newest).await, 200 | 429));
    let grown = target.memory().saturating_sub(before);
    assert!(grown < 128 * MIB, "{} MiB", grown / MIB);
}

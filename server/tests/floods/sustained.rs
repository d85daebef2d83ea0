//! Everything at once: as many slow bodies, unread pages and unread downloads as there can be
//! connections, while people go on working. The server has the memory that its unit gives it.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crystallum_test_support::Person;
use crystallum_test_support::commits::{big_secret, overview, record};
use tokio::net::TcpStream;

use crate::flood::{Target, cookie, from_network, head, with_page};

const MIB: usize = 1_048_576;
/// `MemoryMax` of the unit.
const MEMORY: usize = 1_024 * MIB;
/// What the system may use for the sockets of all connections, which counts as the server's memory
/// but is not reported as such. `app/capacity.rs` of the server has the numbers.
const SOCKETS: usize = 1_024 * 128 * 1_024;
/// The size of a flood.
const FLOOD: usize = 1_000;

/// Returns the command that starts the server, in a unit of its own where systemd can do that.
fn confined() -> Command {
    let options = ["--scope", "--quiet", "-p", "MemoryMax=1G", "-p", "MemorySwapMax=0", "-p", "TasksMax=128"];
    let mut trial = Command::new("systemd-run");
    let works = trial.args(options).arg("true").stderr(Stdio::null()).status();
    let program = env!("CARGO_BIN_EXE_crystallum-server");
    if !works.is_ok_and(|status| status.success()) {
        eprintln!("systemd-run does not work here: the memory is measured, but not limited");
        return Command::new(program);
    }
    let mut command = Command::new("systemd-run");
    command.args(options).arg(program);
    command
}

/// Somebody who signs in, writes and reads all the time.
async fn work(mut person: Person, done: Arc<AtomicBool>, rounds: Arc<AtomicUsize>) {
    while !done.load(Ordering::Relaxed) {
        let round = rounds.load(Ordering::Relaxed);
        person.login().await;
        let changes = (0..2).map(|number| {
            let name = format!("{round} {number}");
            record(&name, overview(&name, 1), big_secret(&name, 1))
        });
        person.write(&format!("round {round}"), changes.collect()).await;
        assert_eq!(person.delta(person.counter() - 1).await.entries.len(), 1);
        rounds.fetch_add(1, Ordering::Relaxed);
    }
}

/// Starts one of the slow bodies, of which all but the last byte is sent.
async fn slow_body(target: &Target, people: &[Person], number: usize) -> TcpStream {
    let account = cookie(&people[number / 4 % people.len()]);
    let (path, session, bytes) = match number % 4 {
        0 => ("/api/commit", account.as_str(), MIB),
        1 => ("/api/accounts", "", 128 * 1_024),
        2 => ("/api/sign-in-methods", account.as_str(), 16 * 1_024),
        _ => ("/api/login", "", 120 * 1_024),
    };
    let network = from_network(1 + number % 200);
    let headers = format!("{session}{network}content-length: {bytes}\r\n");
    let mut request = head(target.process.address(), "POST", path, &headers);
    request.extend_from_slice(&vec![b' '; bytes - 1]);
    target.send(&request).await
}

/// Asks for something large, twice, and reads nothing of it.
async fn unread(target: &Target, path: &str, people: &[Person], number: usize) -> TcpStream {
    let headers = cookie(&people[number % people.len()]) + &from_network(1 + number % 200);
    let request = head(target.process.address(), "GET", path, &headers);
    target.send_without_reading(&request.repeat(2)).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute; `cargo xtask test --deep memory` runs it"]
async fn the_server_keeps_within_the_memory_of_its_unit() {
    let options = ["--rate-scale", "10", "--trusted-proxy", "127.0.0.1"];
    let target = Target::from_command(confined(), &options);
    let mut people = Vec::new();
    for number in 0..16 {
        people.push(with_page(&target, &format!("greedy {number}"), 40).await);
    }
    let (done, rounds) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let anna = Person::new(&target, "anna").await;
    let working = tokio::spawn(work(anna, Arc::clone(&done), Arc::clone(&rounds)));
    let report = |what: &str| {
        let [now, peak] = ["VmRSS", "VmHWM"].map(|name| target.process.memory(name) / MIB);
        let (threads, files) = (target.threads(), target.open_files());
        let rounds = rounds.load(Ordering::Relaxed);
        eprintln!("{what}: {now} MiB, peak {peak} MiB, {threads} threads, {files} files, {rounds} rounds");
    };
    report("idle");
    let mut open = Vec::new();
    for number in 0..FLOOD {
        open.push(slow_body(&target, &people, number).await);
    }
    report("slow bodies");
    for number in 0..FLOOD {
        open.push(unread(&target, "/api/delta?since=1", &people, number).await);
    }
    report("unread pages");
    for number in 0..FLOOD {
        open.push(unread(&target, "/large.bin", &people, number).await);
    }
    report("unread downloads");
    for number in 0..3 * FLOOD {
        open.push(match number % 3 {
            0 => slow_body(&target, &people, number).await,
            1 => unread(&target, "/api/delta?since=1", &people, number).await,
            _ => unread(&target, "/large.bin", &people, number).await,
        });
    }
    report("all of them");
    // What was done meanwhile succeeded, and so does what is done now.
    let before = rounds.load(Ordering::Relaxed);
    assert!(before > 0);
    while rounds.load(Ordering::Relaxed) < before + 3 {
        assert!(!working.is_finished(), "somebody could not work");
        tokio::task::yield_now().await;
    }
    done.store(true, Ordering::Relaxed);
    working.await.unwrap();
    report("three rounds later");
    drop(open);
    let peak = target.process.memory("VmHWM");
    assert!(peak + SOCKETS < MEMORY, "{} MiB", peak / MIB);
}

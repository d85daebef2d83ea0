//! Measures what a large vault costs a device: the sync of one change by another device, unlocking
//! with and without the snapshot of the overviews, and entering a vault after many writes.
//! `cargo xtask bench` runs it against the server as it ships. Device and server are on one
//! machine, and the device is the native engine with its storage in memory.
//!
//! By default a vault may have 40,000 entries and an account 20,000 records, so the server is
//! started with larger limits.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::print_stderr, reason = "progress for the person who waits")]

mod vault;

use std::time::{Duration, Instant};

use crystallum_test_support::{Passkeys, Server};
use vault::SharedVault;

/// How much is measured.
struct Size {
    /// The numbers of records, each measured with a new server.
    records: &'static [u32],
    /// The number of records of the vault that new devices enter.
    entered: u32,
    /// How many writes that vault has seen when a device enters it.
    writes: &'static [u64],
    /// The number of rounds; their median is reported.
    rounds: usize,
}

const FULL: Size = Size {
    records: &[100, 1_000, 10_000, 100_000],
    entered: 10_000,
    writes: &[100, 10_000, 100_000],
    rounds: 7,
};
const SMALL: Size = Size { records: &[3, 30], entered: 5, writes: &[5, 20], rounds: 1 };

fn main() {
    let full = std::env::args().any(|argument| argument == "--bench");
    let size = if full { FULL } else { SMALL };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("the system gives timers and sockets");
    for records in size.records {
        runtime.block_on(measure_device(*records, size.rounds));
    }
    runtime.block_on(measure_entries(&size));
}

/// The options of a server that takes the largest vault.
const LIMITS: [&str; 6] =
    ["--vault-entries", "150000", "--quota-records", "120000", "--quota-bytes", "1000000000"];

/// Measures syncs of one change, and unlocking.
async fn measure_device(records: u32, rounds: usize) {
    eprintln!("making {records} records");
    let (server, passkeys) = (Server::with(&LIMITS), Passkeys::default());
    let mut vault = SharedVault::create(&server, &passkeys).await;
    vault.add(records).await;
    let before = vault.received();
    let begin = Instant::now();
    vault.device.sync().await.expect("the server answers");
    let (took, kilobytes) = (begin.elapsed(), (vault.received() - before) / 1_000);
    println!("sync {records:>6} new records: {:>8} and {kilobytes} kB", median(vec![took]));
    let (mut syncs, mut bytes) = (Vec::new(), 0);
    // The first one also brings the known head again, with all the records that it has added.
    vault.add(1).await;
    vault.device.sync().await.expect("the server answers");
    for _ in 0..rounds {
        vault.add(1).await;
        let before = vault.received();
        let begin = Instant::now();
        vault.device.sync().await.expect("the server answers");
        syncs.push(begin.elapsed());
        bytes = vault.received() - before;
    }
    // The change itself is larger than everything around it, in a vault of any size.
    assert!(bytes < 8_000, "{bytes} bytes for one change of {records} records");
    println!("sync one change, {records:>6} records: {:>8} and {bytes} bytes", median(syncs));

    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        vault.device.tidy().await;
        for (times, keeps) in [(&mut with, true), (&mut without, false)] {
            vault = vault.lock(keeps).await;
            let begin = Instant::now();
            let opened = vault.device.unlock().await.expect("it opens");
            times.push(begin.elapsed());
            assert!(opened.records > records, "all are listed");
        }
    }
    let (with, without) = (median(with), median(without));
    println!("unlock,          {records:>6} records: {with:>8}, {without} without a snapshot");
}

/// Measures devices that enter one vault as it is written again and again.
async fn measure_entries(size: &Size) {
    let (server, passkeys) = (Server::start(), Passkeys::default());
    let mut vault = SharedVault::create(&server, &passkeys).await;
    vault.add(size.entered).await;
    for writes in size.writes {
        eprintln!("making {writes} writes");
        vault.rename_until(*writes).await;
        let (mut times, mut bytes) = (Vec::new(), 0);
        for _ in 0..size.rounds.min(3) {
            let mut phone = vault::Phone::new(&server, &passkeys);
            let begin = Instant::now();
            let opened = phone.device.unlock_any().await.expect("it opens");
            times.push(begin.elapsed());
            assert_eq!(opened.records, size.entered, "all are listed");
            bytes = phone.received();
            vault.follow().await;
        }
        println!(
            "enter a vault of {} records after {writes:>6} writes: {:>8} and {} kB",
            size.entered,
            median(times),
            bytes / 1_000,
        );
    }
}

fn median(mut times: Vec<Duration>) -> String {
    times.sort();
    format!("{:.1} ms", times[times.len() / 2].as_secs_f64() * 1e3)
}

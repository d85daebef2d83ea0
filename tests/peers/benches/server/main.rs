//! Requests per second and memory of the server with 1, 100 and 10,000 accounts. `cargo xtask bench` runs it against the server as it ships.
//!
//! Every account is made by the calls that a browser makes. Requests are composed and signed before the clock runs, so that what is
//! measured is the server; this program only sends and waits, on the same machine.
#![expect(clippy::print_stdout, reason = "numbers are what a bench is for")]
#![expect(clippy::print_stderr, reason = "how far it is, for who waits")]

mod account;
mod client;
mod memory;
mod report;
mod work;

use client::Crowd;
use crystallum_core::Entropy;
use crystallum_system_tests::{SeededEntropy, Server};
use report::Row;

/// How much is done.
pub(crate) struct Size {
    /// Numbers of accounts.
    accounts: &'static [usize],
    /// Requests of one kind in one round.
    requests: usize,
    /// Rounds, of which the median counts.
    rounds: usize,
}

const FULL: Size = Size { accounts: &[1, 100, 10_000], requests: 1_000, rounds: 5 };
const SMALL: Size = Size { accounts: &[1, 3], requests: 12, rounds: 1 };

fn main() {
    let full = std::env::args().any(|argument| argument == "--bench");
    let size = if full { FULL } else { SMALL };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("the system gives timers and sockets");
    println!("{}", report::heading());
    for accounts in size.accounts {
        for row in runtime.block_on(curve(*accounts, &size)) {
            println!("{row}");
        }
    }
}

/// The rows for so many accounts.
async fn curve(count: usize, size: &Size) -> Vec<Row> {
    let mut entropy = SeededEntropy::next();
    let server = Server::start();
    eprintln!("making {count} accounts");
    let mut accounts = account::make(&server, count, &mut entropy).await;
    // What making them took of the server's memory is not what keeping them takes.
    let server = server.restart();
    let start = memory::resident(server.pid());
    let mut crowd = Crowd::connect(server.address()).await;
    let mut rows = Vec::new();
    let mut row = |what, rounds| {
        rows.push(Row { accounts: count, what, rounds, memory: memory::resident(server.pid()) })
    };
    eprintln!("asking");
    row("delta, nothing new", work::deltas(&mut crowd, &accounts, size, false).await);
    row("delta, whole vault", work::deltas(&mut crowd, &accounts, size, true).await);
    row("login", work::logins(&mut crowd, &accounts, size).await);
    row("commit", work::commits(&mut crowd, &mut accounts, size, &mut entropy).await);
    println!(
        "{count} accounts: {} after the start, {} at most, database {}",
        memory::megabytes(start),
        memory::megabytes(memory::most(server.pid())),
        memory::megabytes(memory::database(&server)),
    );
    rows
}

/// So many bytes at once.
fn draw<const N: usize>(entropy: &mut impl Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

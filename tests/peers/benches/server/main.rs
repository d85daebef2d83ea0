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
use crystallum_system_tests::Server;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
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
        runtime.block_on(curve(*accounts, &size));
    }
}

/// Prints the rows for so many accounts.
async fn curve(count: usize, size: &Size) {
    let mut dice = Dice(ChaCha20Rng::seed_from_u64(1));
    let server = Server::start();
    eprintln!("making {count} accounts");
    let mut accounts = account::make(&server, count, &mut dice).await;
    // What making them took of the server's memory is not what keeping them takes.
    let server = server.restart();
    let start = memory::resident(server.pid());
    let mut crowd = Crowd::connect(server.address()).await;
    let row = |what, rounds| {
        println!("{}", Row { accounts: count, what, rounds, memory: memory::resident(server.pid()) });
    };
    row("delta, nothing new", work::deltas(&mut crowd, &accounts, size, false).await);
    row("delta, whole vault", work::deltas(&mut crowd, &accounts, size, true).await);
    row("login", work::logins(&mut crowd, &accounts, size).await);
    row("commit", work::commits(&mut crowd, &mut accounts, size, &mut dice).await);
    println!(
        "{count:>8}  memory after the start {}, at most {}; database {}",
        memory::megabytes(start),
        memory::megabytes(memory::most(server.pid())),
        memory::megabytes(memory::database(&server)),
    );
}

/// The same random bytes in every run.
pub(crate) struct Dice(ChaCha20Rng);

impl Entropy for Dice {
    fn fill(&mut self, out: &mut [u8]) {
        self.0.fill_bytes(out);
    }
}

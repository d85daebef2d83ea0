//! Measures requests per second and memory of the server with 1, 100 and 10,000 accounts.
//! `cargo xtask bench` runs it against the server as it ships.
//!
//! Every account is created by the requests of a browser. Requests are built and signed before the
//! clock starts, so that the server is measured; this program only sends and waits, on the same
//! machine.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::print_stderr, reason = "progress for the person who waits")]

mod account;
mod client;
mod memory;
mod report;
mod work;

use client::ConnectionPool;
use crystallum_test_support::{SeededRng, Server};
use report::Row;

/// How much is measured.
pub(crate) struct Size {
    /// The numbers of accounts, each measured with a new server.
    accounts: &'static [usize],
    /// The number of requests of one kind in a round.
    requests: usize,
    /// The number of rounds; their median is reported.
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
        runtime.block_on(measure(*accounts, &size));
    }
}

/// Measures and prints the rows for `count` accounts.
async fn measure(count: usize, size: &Size) {
    let mut rng = SeededRng::new("benchmark of the server");
    let server = Server::start();
    eprintln!("making {count} accounts");
    let mut accounts = account::create_accounts(&server, count, &mut rng).await;
    // Restarted, since creating accounts takes more memory than keeping them.
    let server = server.restart();
    let start = memory::resident(server.pid());
    let mut pool = ConnectionPool::connect(server.address()).await;
    let row = |what, rounds| {
        println!("{}", Row { accounts: count, what, rounds, memory: memory::resident(server.pid()) });
    };
    row("delta, nothing new", work::measure_deltas(&mut pool, &accounts, size, false).await);
    row("delta, whole vault", work::measure_deltas(&mut pool, &accounts, size, true).await);
    row("commit", work::measure_commits(&mut pool, &mut accounts, size, &mut rng).await);
    // Last, since an account keeps only so many sessions: these end the one that was used so far.
    row("login", work::measure_logins(&mut pool, &accounts, size).await);
    println!(
        "{count:>8}  memory after the start {}, at most {}; database {}",
        memory::megabytes(start),
        memory::megabytes(memory::peak_resident(server.pid())),
        memory::megabytes(memory::database_size(&server)),
    );
}

//! The runtime of the program.

use std::io;
use std::thread::available_parallelism;

use tokio::runtime::{Builder, Runtime};

use crate::app::capacity::{MAX_BLOCKING_THREADS, MAX_WORKERS};

/// Returns a runtime with a bounded number of threads. By default there would be up to 512 that
/// wait for files, and as many others as the machine has cores.
pub fn runtime() -> io::Result<Runtime> {
    let cores = available_parallelism().map_or(1, usize::from);
    Builder::new_multi_thread()
        .worker_threads(cores.min(MAX_WORKERS))
        .max_blocking_threads(MAX_BLOCKING_THREADS)
        .enable_all()
        .build()
}

//! What the process may use at most of memory, threads and file descriptors, whatever clients do.
//! The limits of the unit are above that; the tests compare them.

use crystallum_format::leaf::{Leaf, LeafId};
use crystallum_format::state::VaultState;
use crystallum_share_store::{MAX_CALLS, STORE_CACHE_KIB};

use crate::app::crowd::CrowdLimits;
use crate::app::settings::Settings;
use crate::http::memory::{
    ANONYMOUS_BODIES, ANSWERS, COPIES_OF_ANSWER, COPIES_OF_BODY, FREE_OF_BODY, SESSION_BODIES,
};
use crate::store::database::READERS;
use crate::store::files::STORES;
use crate::vault::states::{max_branches, max_kept_leaves};

const KIB: usize = 1_024;
const MIB: usize = 1_024 * KIB;

/// The buffers of a socket. The system doubles them to make room for its own data, counts them as
/// the server's memory, and would otherwise let each connection use megabytes. Enough for 10 Mbit/s
/// over 20 ms, and a proxy is much closer.
pub(crate) const SEND_BUFFER: u32 = 32 * 1_024;
pub(crate) const RECEIVE_BUFFER: u32 = 32 * 1_024;
/// The largest segment of TCP. Between a proxy and the server on one machine a segment would
/// otherwise be as large as the buffer, and after each the server would wait some 40 ms: the other
/// side acknowledges every second one at once, and a single one late. On other networks segments
/// are smaller in any case, but for some local ones.
pub(crate) const MAX_SEGMENT: u32 = 4 * 1_024;
/// The size of all headers of a request, of a frame of its body, and of what may be queued of an
/// answer before the next frame of it is read. nginx lets as much through as headers.
pub(crate) const MAX_BUFFER: usize = 32 * KIB;
/// The number of headers of a request. A browser sends some 20, and a proxy adds a few.
pub(crate) const MAX_HEADERS: usize = 64;
/// How much of a file of the app is read at a time.
pub(crate) const FILE_CHUNK: usize = 32 * KIB;
/// The state of a connection and of the request that it carries, with its headers, in the server
/// and in the system.
const TASK: usize = 32 * KIB;

/// The memory of a connection that is used to the full: the buffer for what was received, which may
/// be twice as large as what it holds; what is queued, and a file's chunk, which is copied once;
/// and the buffers of its socket.
#[expect(clippy::as_conversions, reason = "`usize::from` is not a constant function yet")]
const CONNECTION: usize =
    2 * MAX_BUFFER + (MAX_BUFFER + 2 * FILE_CHUNK) + 2 * (SEND_BUFFER + RECEIVE_BUFFER) as usize + TASK;

/// The connections to databases: those to the main database, and one for each call of a store. Each
/// has a thread.
#[expect(clippy::as_conversions, reason = "`usize::from` is not a constant function yet")]
const DATABASE_CONNECTIONS: usize = 1 + READERS as usize + MAX_CALLS * STORES as usize;
/// The memory of such a connection beside SQLite's cache: what a statement needs.
const DATABASE_CONNECTION: usize = 2 * MIB;
/// SQLite's caches: 2 MB unless a connection sets another size, as those to stores do.
#[expect(clippy::as_conversions, reason = "`usize::from` is not a constant function yet")]
const DATABASE_CACHES: usize =
    (1 + READERS as usize) * 2 * MIB + MAX_CALLS * STORES as usize * STORE_CACHE_KIB as usize * KIB;

/// Threads that handle requests. More would not help, because writes take turns, and the largest
/// machine would otherwise decide how many there are.
pub(crate) const MAX_WORKERS: usize = 8;
/// Threads that wait for files of the app. Most reads are answered from the system's cache within
/// microseconds, and what finds no thread waits its turn.
pub(crate) const MAX_BLOCKING_THREADS: usize = 32;
/// All threads: these, those of the databases, and the one that waits for signals.
const MAX_THREADS: usize = MAX_WORKERS + MAX_BLOCKING_THREADS + DATABASE_CONNECTIONS + 1;
/// What a thread uses of its stack, and of the allocator's memory that belongs to it.
const THREAD: usize = 512 * KIB;

/// The program, its runtime, and the tables of rate limits, sessions, metrics and recent shares.
const PROGRAM: usize = 64 * MIB;

/// Returns the memory of the verified states of the accounts that wrote last, and of the one that
/// is being read, each with as many branches as the server lets a tree have. The latter is made of
/// its leaves, which are read first.
#[expect(clippy::as_conversions, reason = "`usize::try_from` is not a constant function yet")]
const fn states(vault_entries: u64) -> usize {
    let leaves = max_kept_leaves(vault_entries);
    let state = leaves as usize * VaultState::BYTES_OF_LEAF
        + max_branches(leaves) as usize * VaultState::BYTES_OF_BRANCH;
    2 * state + leaves as usize * size_of::<(LeafId, Leaf)>()
}

/// Returns all of it, if a vault may have so many entries: connections, bodies with their free
/// beginnings, answers, databases, threads, states.
const fn max_memory(vault_entries: u64) -> usize {
    CrowdLimits::CONNECTIONS.total * CONNECTION
        + COPIES_OF_BODY * (SESSION_BODIES + ANONYMOUS_BODIES + CrowdLimits::CONNECTIONS.total * FREE_OF_BODY)
        + COPIES_OF_ANSWER * ANSWERS
        + DATABASE_CONNECTIONS * DATABASE_CONNECTION
        + DATABASE_CACHES
        + MAX_THREADS * THREAD
        + states(vault_entries)
        + PROGRAM
}

/// File descriptors that are not of connections: three for each connection to a database (the file,
/// its log, its index), the listeners, the connections to the port for metrics, the lock, the
/// runtime's own, and some to spare.
const RESERVED_FILES: usize = 3 * DATABASE_CONNECTIONS + CrowdLimits::METRICS.total + 32;
/// File descriptors of a connection: its socket, and the file of the app that it receives.
const FILES_OF_CONNECTION: usize = 2;
/// All file descriptors.
const MAX_FILES: usize = RESERVED_FILES + FILES_OF_CONNECTION * CrowdLimits::CONNECTIONS.total;
/// The smallest number of connections with which a server is of use.
const MIN_CONNECTIONS: usize = 16;

/// `MemoryMax` of the unit.
const UNIT_MEMORY: usize = 1_024 * MIB;
const _: () = assert!(limit_for(Settings::VAULT_ENTRIES) <= UNIT_MEMORY);
/// `TasksMax` of the unit: twice as many threads as there are, so that a new version may have some
/// more, and a leak of threads is found all the same.
const UNIT_THREADS: usize = 128;
const _: () = assert!(MAX_THREADS * 2 <= UNIT_THREADS);
/// `LimitNOFILE` of the unit. Files that may be opened cost nothing until they are.
const UNIT_FILES: usize = 8_192;
const _: () = assert!(MAX_FILES * 2 <= UNIT_FILES);

/// Returns what `MemoryMax` has to be at least if a vault may have so many entries. An eighth of it
/// is left to what no sum contains: gaps between what is allocated, and the system's cache of files
/// that are being written.
const fn limit_for(vault_entries: u64) -> usize {
    max_memory(vault_entries).div_ceil(7) * 8
}

/// Returns how much memory the process has to be allowed, if that is more than `limit`.
pub(crate) fn memory_above(limit: usize, vault_entries: u64) -> Option<usize> {
    Some(limit_for(vault_entries)).filter(|needed| *needed > limit)
}

/// Returns how many connections there may be if the process may open so many files.
pub(crate) fn connections_within(files: usize) -> usize {
    let affordable = files.saturating_sub(RESERVED_FILES) / FILES_OF_CONNECTION;
    affordable.clamp(MIN_CONNECTIONS, CrowdLimits::CONNECTIONS.total)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: &str = include_str!("../../deploy/crystallum.service");

    /// Returns a setting of the unit.
    fn setting(name: &str) -> &'static str {
        UNIT.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')).unwrap()
    }

    #[test]
    fn the_unit_has_these_limits() {
        let gib = setting("MemoryMax").strip_suffix('G').unwrap();
        assert_eq!(gib.parse::<usize>().unwrap() * 1_024 * MIB, UNIT_MEMORY);
        assert_eq!(setting("TasksMax").parse::<usize>().unwrap(), UNIT_THREADS);
        assert_eq!(setting("LimitNOFILE").parse::<usize>().unwrap(), UNIT_FILES);
    }

    #[test]
    fn the_sum_is_what_the_documents_say() {
        assert_eq!(max_memory(Settings::VAULT_ENTRIES) / MIB, 895);
        assert_eq!((MAX_THREADS, MAX_FILES), (56, 2_157));
    }

    /// The operator's page and `serve --help` say what more entries cost.
    #[test]
    fn more_entries_cost_what_the_documents_say() {
        let cost =
            |memory: fn(u64) -> usize| (memory(250_000) - memory(40_000)).div_ceil(21).div_ceil(1_000_000);
        let (memory, limit) = (cost(max_memory), cost(limit_for));
        let page = include_str!("../../deploy/README.md");
        let expected = format!(
            "Each 10,000 beyond 40,000 may take {memory} MB more memory, so raise `MemoryMax` of the unit by {limit} MB for them."
        );
        assert!(page.contains(&expected), "{expected}");
        let help = include_str!("../cli.rs").replace("    /// ", "").replace('\n', " ");
        assert!(help.contains(&expected), "{expected}");
    }

    #[test]
    fn a_limit_that_is_too_low_is_reported() {
        assert_eq!(memory_above(UNIT_MEMORY, Settings::VAULT_ENTRIES), None);
        assert_eq!(memory_above(UNIT_MEMORY, 1_000), None, "fewer entries do not need more");
        let needed = memory_above(UNIT_MEMORY, 250_000).unwrap();
        assert_eq!(needed, limit_for(250_000));
        assert_eq!(memory_above(needed, 250_000), None);
        assert!(memory_above(UNIT_MEMORY / 2, Settings::VAULT_ENTRIES).is_some());
    }

    #[test]
    fn fewer_files_are_fewer_connections() {
        for (files, connections) in
            [(UNIT_FILES, 1_024), (usize::MAX, 1_024), (MAX_FILES, 1_024), (1_024, 457), (256, 73), (0, 16)]
        {
            assert_eq!(connections_within(files), connections, "{files}");
        }
    }
}

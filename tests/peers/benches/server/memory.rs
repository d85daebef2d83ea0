//! What the server takes.

use std::fs;

use crystallum_system_tests::Server;

/// Bytes of a process in memory, of which the system knows.
pub(crate) fn resident(pid: u32) -> u64 {
    status(pid, "VmRSS:")
}

/// The most that a process ever had in memory.
pub(crate) fn most(pid: u32) -> u64 {
    status(pid, "VmHWM:")
}

/// Linux tells; elsewhere it is 0.
fn status(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1024
}

/// Bytes of the database with its log.
pub(crate) fn database(server: &Server) -> u64 {
    ["vault.db", "vault.db-wal"]
        .iter()
        .filter_map(|name| fs::metadata(server.data().join(name)).ok())
        .map(|facts| facts.len())
        .sum()
}

/// Bytes for people.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}

//! The memory and disk space of the server.

use std::fs;

use crystallum_test_support::Server;

/// Returns the resident memory of a process in bytes.
pub(crate) fn resident(pid: u32) -> u64 {
    status(pid, "VmRSS:")
}

/// Returns the peak of the resident memory of a process in bytes.
pub(crate) fn peak_resident(pid: u32) -> u64 {
    status(pid, "VmHWM:")
}

/// Reads a value of `/proc/PID/status`; 0 on systems other than Linux.
fn status(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1024
}

/// Returns the size of the database with its log in bytes.
pub(crate) fn database_size(server: &Server) -> u64 {
    ["vault.db", "vault.db-wal"]
        .iter()
        .filter_map(|name| fs::metadata(server.data().join(name)).ok())
        .map(|facts| facts.len())
        .sum()
}

/// Formats bytes for the report.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}

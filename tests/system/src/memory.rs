//! Reading the memory of another process, as its parent may on Linux.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

/// Reads every readable region of a process, each as far as possible.
pub fn process_memory(pid: u32) -> Vec<Vec<u8>> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).expect("a living process of this user");
    let memory = File::open(format!("/proc/{pid}/mem")).expect("a parent may read its child's memory");
    let regions = maps.lines().filter_map(region);
    regions.map(|(from, to)| read(&memory, from, to)).collect()
}

/// Parses a line `from-to perms offset device inode path`. Skips regions that are not readable or
/// belong to the kernel.
fn region(line: &str) -> Option<(u64, u64)> {
    let mut words = line.split_whitespace();
    let (from, to) = words.next()?.split_once('-')?;
    let readable = words.next()?.starts_with('r');
    let kernel = line.ends_with("[vvar]") || line.ends_with("[vvar_vclock]") || line.ends_with("[vsyscall]");
    let address = |text| u64::from_str_radix(text, 16).ok();
    if readable && !kernel { Some((address(from)?, address(to)?)) } else { None }
}

fn read(memory: &File, from: u64, to: u64) -> Vec<u8> {
    let length = usize::try_from(to - from).expect("a region fits into an address space");
    let mut bytes = vec![0; length];
    let mut done = 0;
    while done < length {
        let at = from + u64::try_from(done).expect("as above");
        match memory.read_at(&mut bytes[done..], at) {
            Ok(0) | Err(_) => break,
            Ok(read) => done += read,
        }
    }
    bytes.truncate(done);
    bytes
}

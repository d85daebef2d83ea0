//! How much memory the process may use, by the limit of its systemd unit or container.

use std::fs;
use std::path::Path;

/// The folder of control groups, version 2.
const GROUPS: &str = "/sys/fs/cgroup";

/// Returns the limit, where there is one and the system reports it.
pub(crate) fn read() -> Option<usize> {
    let group = own_group(&fs::read_to_string("/proc/self/cgroup").ok()?)?.to_owned();
    limit_of(Path::new(GROUPS), &group)
}

/// Returns the path of the group, which is the one without a number and a controller.
fn own_group(groups: &str) -> Option<&str> {
    groups.lines().find_map(|line| line.strip_prefix("0::/"))
}

/// Returns the lowest limit of a group and of those that it is in.
fn limit_of(folder: &Path, group: &str) -> Option<usize> {
    let limit =
        |group: &Path| fs::read_to_string(folder.join(group).join("memory.max")).ok()?.trim().parse().ok();
    Path::new(group).ancestors().filter_map(limit).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_limit_counts() {
        let folder = tempfile::tempdir().unwrap();
        let unit = folder.path().join("system.slice/crystallum.service");
        fs::create_dir_all(&unit).unwrap();
        let limit =
            || limit_of(folder.path(), own_group("1:cpu:/a\n0::/system.slice/crystallum.service\n").unwrap());
        assert_eq!(limit(), None);
        fs::write(unit.join("memory.max"), "max\n").unwrap();
        assert_eq!(limit(), None);
        fs::write(folder.path().join("system.slice/memory.max"), "2147483648\n").unwrap();
        assert_eq!(limit(), Some(2 << 30));
        fs::write(unit.join("memory.max"), "1073741824\n").unwrap();
        assert_eq!(limit(), Some(1 << 30));
        assert_eq!(own_group("1:cpu:/a\n"), None);
    }
}

//! How many files the process may open.

use std::fs;

/// Returns the limit of open files, where the system reports it.
pub(crate) fn limit() -> Option<usize> {
    parse(&fs::read_to_string("/proc/self/limits").ok()?)
}

/// Reads the limit that holds now, which is the first number.
fn parse(limits: &str) -> Option<usize> {
    let mut values = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?.split_whitespace();
    match values.next()? {
        "unlimited" => Some(usize::MAX),
        number => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_that_holds_is_read() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
            Max processes             31686                31686                processes \n\
            Max open files            1024                 524288               files     \n";
        assert_eq!(parse(limits), Some(1_024));
        assert_eq!(parse(&limits.replace("1024", "unlimited")), Some(usize::MAX));
        assert_eq!(parse("Max processes 1 1 processes"), None);
        #[cfg(target_os = "linux")]
        assert!(limit().is_some());
    }
}

//! The warning before an unused vault locks.

pub(crate) const HEADING: &str = "Your vault is about to lock";
pub(crate) const LOCK: &str = "Lock now";
pub(crate) const STAY: &str = "Stay";

/// Says when the vault locks, and what prevents it.
pub(crate) fn text(seconds: u32) -> String {
    let unit = if seconds == 1 { "second" } else { "seconds" };
    format!(
        "Nobody has used it for a while, so it locks in {seconds} {unit}. Choose Stay and everything stays as it is."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::words::tests::is_calm;

    #[test]
    fn the_warning_is_calm() {
        assert!(is_calm(&text(30)));
        assert!(text(1).contains("in 1 second."));
    }
}

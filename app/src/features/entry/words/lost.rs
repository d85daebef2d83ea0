pub(crate) const HEADING: &str = "A change that waited here is lost";
pub(crate) const READ: &str = "I have read this";

/// Says what was lost, what was kept, and what to do. `date` is since when the change waited.
pub(crate) fn text(date: &str) -> String {
    format!(
        "On {date} a change was saved on this device only, because the server did not answer. It still waited when this browser's storage for this site was cleared, and went with it. What the server had before is still there. Open that vault, look for what is missing, and enter it again."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::words::tests::is_calm;

    #[test]
    fn the_loss_is_told_calmly() {
        assert!(is_calm(&text("27 Nov 2026, 15:00:00")));
    }
}

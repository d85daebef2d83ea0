pub(crate) const HEADING: &str = "Phrase";
pub(crate) const SHOW: &str = "Show the phrase";
pub(crate) const HIDE: &str = "Hide";
pub(crate) const LIST: &str = "Words of the phrase";
pub(crate) const COLLECTING: &str = "Collecting shares";
pub(crate) const WATCH: &str = "Look around you first: whoever sees the words has the wallet.";

/// Explains what showing the phrase requires.
pub(crate) fn text(k: u8) -> String {
    format!(
        "It exists only as shares. To show it, every store is asked for its share; with your touch any {k} of them are opened and put together on this device. It is hidden again after 60 seconds."
    )
}

/// Returns the text that is shown while the phrase is on screen.
pub(crate) fn rebuilt(k: u8) -> String {
    format!("Rebuilt from {k} shares.")
}

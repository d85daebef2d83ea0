use crystallum_exchanges::Exchange;
use crystallum_messages::SyncState;

/// The document's title. It must not contain a label, since browsers store titles in the history.
pub(crate) const TITLE: &str = "Key";
pub(crate) const LOADING: &str = "Opening the key";
pub(crate) const BACK: &str = "Back to the vault";
pub(crate) const EDIT: &str = "Edit";
pub(crate) const REVEAL: &str = "Reveal";
pub(crate) const HIDE: &str = "Hide";
pub(crate) const COPY_KEY: &str = "Copy API key";
pub(crate) const COPY_SECRET: &str = "Copy secret";
pub(crate) const COPY_PASSPHRASE: &str = "Copy passphrase";
pub(crate) const CREDENTIALS: &str = "Key";
pub(crate) const ABOUT: &str = "About";
pub(crate) const NOTE: &str = "Note";
pub(crate) const NO_NOTE: &str = "None";
pub(crate) const CREATED: &str = "Added";
pub(crate) const UPDATED: &str = "Changed";

pub(crate) const DELETE: &str = "Delete key";
pub(crate) const DELETE_TEXT: &str = "Moves it to the trash on all your devices.";
pub(crate) const DELETE_HEADING: &str = "Delete this key?";
pub(crate) const TO_TRASH: &str = "Move to trash";
pub(crate) const KEEP: &str = "Keep it";

/// Says exactly what deleting the key does.
pub(crate) fn delete(label: &str) -> String {
    format!(
        "Delete {label}: the key goes to the trash on all your devices and is deleted for good after 30 days."
    )
}

/// Reminds the user that the key still works at the exchange.
pub(crate) fn delete_elsewhere(exchange: Exchange) -> String {
    match exchange {
        Exchange::Other => "It goes on working where it was issued until you remove it there.".into(),
        known => format!("It goes on working at {} until you remove it there.", known.name()),
    }
}

/// Returns the text that is shown after a record was moved to the trash.
pub(crate) fn moved(label: &str) -> String {
    format!("{label} was moved to the trash. It is kept for 30 days.")
}

pub(crate) const CHANGES_SAVED: &str = "Your changes are saved.";
/// Said of keys and wallets.
pub(crate) const KEPT_BESIDE: &str =
    "This had changed on another device meanwhile. Your version was kept beside it; this is yours.";

/// Returns the text that is shown after a change was saved. `beside` says that the record had
/// changed elsewhere, so that a second record was saved beside it.
pub(crate) fn changed(beside: bool, sync: SyncState) -> Option<&'static str> {
    match (beside, sync) {
        (true, _) => Some(KEPT_BESIDE),
        (false, SyncState::Synced) => Some(CHANGES_SAVED),
        (false, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deleting_is_said_exactly() {
        assert_eq!(
            delete("Binance main"),
            "Delete Binance main: the key goes to the trash on all your devices and is deleted for good after 30 days."
        );
    }

    #[test]
    fn only_what_is_on_the_server_is_called_saved_without_more() {
        assert_eq!(changed(false, SyncState::Synced), Some(CHANGES_SAVED));
        assert_eq!(changed(false, SyncState::Waiting), None, "the banner says how it stands");
        assert_eq!(changed(true, SyncState::Waiting), Some(KEPT_BESIDE));
        assert!(!KEPT_BESIDE.contains("key"), "it may be a wallet");
    }
}

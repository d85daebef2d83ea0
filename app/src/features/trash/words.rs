use crystallum_messages::{TrashKind, UnreadableReason};

pub(crate) const HEADING: &str = "Trash";
pub(crate) const LINK: &str = "Trash";
pub(crate) const TEXT: &str =
    "What you delete stays here for 30 days and can be put back as it was, on all your devices.";
pub(crate) const LIST: &str = "In the trash";
pub(crate) const LOADING: &str = "Opening the trash";
pub(crate) const EMPTY_HEADING: &str = "The trash is empty";
pub(crate) const EMPTY_TEXT: &str =
    "A key or wallet that you delete comes here first. It can be put back for 30 days.";
pub(crate) const DELETED: &str = "deleted";
pub(crate) const RESTORE: &str = "Put back";
pub(crate) const PURGE: &str = "Delete for good";
pub(crate) const PURGE_HEADING: &str = "Delete this for good?";
pub(crate) const PURGE_KEY: &str =
    "Nobody can bring it back afterwards. It goes on working where it was issued until you remove it there.";
pub(crate) const PURGE_WALLET: &str = "Your passkey confirms it. Its shares leave your vault, and the stores are told to delete them; one that does not answer does so within about a day. Without your own copy of the phrase, whatever the wallet holds is out of reach for ever.";
pub(crate) const PURGE_UNREADABLE: &str =
    "A newer version of this app may be able to show it. After it is deleted, none can.";
pub(crate) const UNREADABLE: &str = "Entries that cannot be shown";
pub(crate) const KEEP: &str = "Keep it";

/// Returns the text that is shown after a record was restored.
pub(crate) fn restored(label: &str) -> String {
    format!("{label} is back.")
}

/// Returns the text that is shown after a record was permanently deleted.
pub(crate) fn purged(label: &str) -> String {
    format!("{label} is deleted for good.")
}

/// Says exactly what permanent deletion does.
pub(crate) fn purge(label: &str) -> String {
    format!("Delete {label} for good: it is removed from all your devices and from the server.")
}

/// Returns the exchange of a key, or "Wallet".
pub(crate) fn kind(kind: TrashKind) -> &'static str {
    match kind {
        TrashKind::Key(exchange) => exchange.name(),
        TrashKind::Wallet => "Wallet",
    }
}

/// Says how long a record stays in the trash. `days` is rounded up.
pub(crate) fn until(days: u32) -> String {
    match days {
        0 => "Deleted for good any time now".into(),
        1 => "Deleted for good within a day".into(),
        more => format!("Deleted for good in {more} days"),
    }
}

/// Says how many entries of the vault cannot be shown.
pub(crate) fn unreadable(count: usize) -> String {
    match count {
        1 => "1 entry cannot be shown".into(),
        more => format!("{more} entries cannot be shown"),
    }
}

/// Names an entry that cannot be shown.
pub(crate) fn unreadable_kind(why: UnreadableReason) -> &'static str {
    match why {
        UnreadableReason::Newer => "An entry made by a newer version",
        UnreadableReason::Sealed => "An entry that cannot be opened",
    }
}

/// Says what an entry that cannot be shown is, and what to do.
pub(crate) fn unreadable_text(why: UnreadableReason) -> &'static str {
    match why {
        UnreadableReason::Newer => {
            "One of your devices has a newer version of this app and wrote it. It is kept. Reload this page to get the newer version."
        }
        UnreadableReason::Sealed => {
            "Your vault has signed it, so one of your devices wrote it, but its content does not open. It is kept. Everything else in the vault is unaffected."
        }
    }
}

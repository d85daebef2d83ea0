use crystallum_messages::LockReason;

pub(crate) const TITLE: &str = "Unlock";
pub(crate) const HEADING: &str = "Unlock your vault";
pub(crate) const HEADING_UNKNOWN: &str = "Open your vault on this browser";
pub(crate) const UNKNOWN_TEXT: &str =
    "This browser does not know a vault yet. Your passkey says which one is yours.";
pub(crate) const BUTTON: &str = "Unlock with passkey";
pub(crate) const ANNOUNCE: &str = "Your device will ask for your fingerprint, face or PIN.";
pub(crate) const WHICH: &str = "Which vault";
pub(crate) const ANOTHER: &str = "Another vault";
pub(crate) const ANOTHER_HINT: &str = "Your passkey says which";
pub(crate) const PREPARING: &str = "Preparing";
pub(crate) const OFFLINE: &str = "The server does not answer. You can still open the copy on this device.";
pub(crate) const NEW_HERE: &str = "New here?";
pub(crate) const NOT_PERSISTENT: &str = "This browser has not promised to keep this device's copy. If it is cleared, this device forgets the newest change it has seen; your vault stays on the server.";

/// "Last opened here ..."
pub(crate) fn last_used(ago: &str) -> String {
    format!("Last opened here {ago}")
}

/// Why the vault is locked.
pub(crate) fn locked(reason: LockReason) -> &'static str {
    match reason {
        LockReason::Asked => "Your vault is locked.",
        LockReason::Ended => {
            "Your vault locked because the engine behind this page ended unexpectedly. What was saved is stored; text that was not saved is gone."
        }
        LockReason::Idle => {
            "Your vault locked because nobody used it for 10 minutes. What was saved is stored."
        }
        LockReason::OtherTab => "Your vault was locked from another tab. What was saved is stored.",
    }
}

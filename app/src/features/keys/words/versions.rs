pub(crate) const HEADING: &str = "Earlier versions";
pub(crate) const LIST: &str = "Versions";
pub(crate) const NONE: &str = "None. When you replace API key and secret, the ones before are kept here.";
pub(crate) const OFFLINE: &str = "Earlier versions are kept on the server, and it does not answer now. The version in use is on this device.";
pub(crate) const CURRENT: &str = "In use";
/// When a version was made that the device has not seen being made.
pub(crate) const BEFORE_THIS_DEVICE: &str = "from before this device joined";
pub(crate) const RESTORE: &str = "Use this one again";
pub(crate) const RESTORE_HEADING: &str = "Use this version again?";
pub(crate) const RESTORE_BUTTON: &str = "Use it again";
pub(crate) const RESTORE_KEEP: &str = "Keep the one in use";
pub(crate) const RESTORED: &str =
    "That version is in use again. The one before it is kept as an earlier version.";

/// Returns a text such as "Version 3".
pub(crate) fn number(number: u64) -> String {
    format!("Version {number}")
}

/// Says what changes when a version is used again. Each version is a number and when it was made,
/// if that is known.
pub(crate) fn restore(chosen: (u64, Option<String>), current: (u64, Option<String>)) -> String {
    let ((chosen, made), (current, since)) = (chosen, current);
    let made = made.map(|made| format!(", of {made},")).unwrap_or_default();
    let since = since.map(|since| format!(", of {since}")).unwrap_or_default();
    format!(
        "Version {chosen}{made} becomes the one in use in place of version {current}{since}. The API key, the API secret and any passphrase are then what they were in it."
    )
}

/// Says what is kept, and how to change back.
pub(crate) fn restore_back(chosen: u64, current: u64) -> String {
    format!(
        "Version {current} is kept among the earlier ones, where you can use it again. Crystallum does not ask the exchange whether it still accepts version {chosen}."
    )
}

/// Names the device by the first digits of its id.
pub(crate) fn device(short: &str) -> String {
    format!("device {short}")
}

/// Names an action and the version it applies to: "Reveal version 1".
pub(crate) fn named(what: &str, version: u64) -> String {
    format!("{what} version {version}")
}

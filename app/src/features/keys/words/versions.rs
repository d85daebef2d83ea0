pub(crate) const HEADING: &str = "Earlier versions";
pub(crate) const LIST: &str = "Versions";
pub(crate) const NONE: &str = "None. When you replace API key and secret, the ones before are kept here.";
pub(crate) const OFFLINE: &str = "Earlier versions are kept on the server, and it does not answer now. The version in use is on this device.";
pub(crate) const CURRENT: &str = "In use";
pub(crate) const RESTORE: &str = "Use this one again";
pub(crate) const RESTORED: &str =
    "That version is in use again. The one before it is kept as an earlier version.";

/// Returns a text such as "Version 3".
pub(crate) fn number(number: u64) -> String {
    format!("Version {number}")
}

/// Names the device by the first digits of its id.
pub(crate) fn device(short: &str) -> String {
    format!("device {short}")
}

/// Names an action and the version it applies to: "Reveal version 1".
pub(crate) fn named(what: &str, version: u64) -> String {
    format!("{what} version {version}")
}

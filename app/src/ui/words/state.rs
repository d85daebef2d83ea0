use crystallum_messages::SyncState;

use crate::{engine::boot::StartError, ui::digits::group_thousands};

pub(crate) const TRY_NOW: &str = "Try now";
pub(crate) const SET_ASIDE: &str = "Set it aside";
pub(crate) const RENEW: &str = "Sign in again";
pub(crate) const MAKE_AGAIN: &str = "Make them under Security";
pub(crate) const ENDED_HEADING: &str = "Your session has ended";
pub(crate) const ENDED_TEXT: &str = "Nothing is lost: what you were typing is still here, and your vault stays open on this device. A touch signs you in again.";
pub(crate) const ENDED_BUTTON: &str = "Continue with passkey";
pub(crate) const NOT_NOW: &str = "Not now";

pub(crate) const ANOTHER_TAB_HEADING: &str = "Your vault is open in another tab";
pub(crate) const ANOTHER_TAB_TEXT: &str = "One tab at a time writes to the vault, so that no change is lost. Go on in the other tab, or lock it there and come back.";
pub(crate) const ANOTHER_TAB_BUTTON: &str = "Try again";
pub(crate) const ENGINE_HEADING: &str = "The engine behind this page ended";
pub(crate) const ENGINE_TEXT: &str = "It keeps your keys apart from the screens, and it stopped unexpectedly. No vault was open and nothing was changed.";
/// Returns the heading for an engine that could not be started.
pub(crate) fn start_heading(error: StartError) -> &'static str {
    match error {
        StartError::Altered => "A file of this app was not the expected one",
        StartError::Failed => "The engine behind this page did not start",
        StartError::Unreachable => "The server does not answer",
    }
}

/// Explains why the engine could not be started.
pub(crate) fn start_text(error: StartError) -> &'static str {
    match error {
        StartError::Altered => {
            "This page names the exact bytes of every file that it starts. One arrived different and was not run. Nothing was unlocked, stored or sent. Load the page again; if it happens again, do not use this server and tell whoever runs it."
        }
        StartError::Failed => {
            "It keeps your keys apart from the screens. Nothing was unlocked, stored or sent. Load the page again; if it stays like this, try a current browser."
        }
        StartError::Unreachable => {
            "A file of this app could not be fetched. Nothing was unlocked, stored or sent. Check your connection and load the page again."
        }
    }
}

/// Returns the heading when the screens of an open vault could not be loaded.
pub(crate) fn load_heading(error: StartError) -> &'static str {
    match error {
        StartError::Failed => "The screens of your vault did not start",
        StartError::Altered | StartError::Unreachable => start_heading(error),
    }
}

/// Explains why the screens of an open vault could not be loaded.
pub(crate) fn load_text(error: StartError) -> &'static str {
    match error {
        StartError::Altered => {
            "This page names the exact bytes of every file that it starts. The file with the screens of your vault arrived different and was not run. Your vault is as it was. Load the page again; if it happens again, do not use this server and tell whoever runs it."
        }
        StartError::Failed => {
            "Your vault is as it was. Load the page again; if it stays like this, try a current browser."
        }
        StartError::Unreachable => {
            "The file with the screens of your vault could not be fetched. Your vault is as it was. Check your connection and load the page again."
        }
    }
}

/// Returns the text of the banner, or `None` if the device is in sync.
pub(crate) fn sync(state: SyncState) -> Option<&'static str> {
    match state {
        SyncState::Synced => None,
        SyncState::Waiting => Some(
            "Saved on this device. It will sync when the server answers. This page tries by itself while the vault is open.",
        ),
        SyncState::Refused { full: true } => Some(
            "The server has no space left for your last change. It is on this device only, and nothing newer can be saved meanwhile. Set it aside, delete something, and save it again.",
        ),
        SyncState::Refused { full: false } => Some(
            "The server refuses your last change. It is on this device only, and nothing newer can be saved meanwhile. Set it aside to go on; it stays on this device.",
        ),
        SyncState::Offline => Some("The server does not answer. You see the copy on this device."),
        SyncState::SignedOut => Some(
            "Your session at the server has ended. Your vault stays open on this device; changes wait until you sign in again.",
        ),
        SyncState::PasskeyLost => Some(
            "The server was set back and no longer knows your passkey. Your vault is complete on this device. Before you can save anything new: make a new recovery sheet, then add a passkey.",
        ),
    }
}

/// Returns the text about secrets that are still to come, or `None` if this device has them all.
pub(crate) fn awaited(secrets: u32) -> Option<String> {
    match secrets {
        0 => None,
        1 => Some("One secret is still on its way to this device.".to_owned()),
        _ => Some(format!(
            "{} secrets are still on their way to this device. You can use your vault meanwhile.",
            group_thousands(secrets)
        )),
    }
}

/// Returns the text of the banner after an alarm.
pub(crate) fn stopped(state: SyncState) -> &'static str {
    match state {
        SyncState::Refused { .. } | SyncState::Waiting => {
            "Your last change is saved on this device only. Nothing more is saved while the alarm lasts: lock the vault and unlock it again to go on, or to see why."
        }
        SyncState::Synced | SyncState::Offline | SyncState::SignedOut | SyncState::PasskeyLost => {
            "You see the copy on this device, and nothing is saved while the alarm lasts. Lock the vault and unlock it again to go on, or to see why."
        }
    }
}

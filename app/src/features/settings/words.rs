use crystallum_messages::Unsaved;

use crate::state::preferences::Theme;

pub(crate) const TITLE: &str = "Settings";
pub(crate) const SECTION_NAME: &str = "Settings";

pub(crate) const APPEARANCE: &str = "Appearance";
pub(crate) const THEME: &str = "Theme";

pub(crate) const LOCKING: &str = "Locking";
pub(crate) const IDLE: &str = "Lock when unused for";
pub(crate) const IDLE_HINT: &str = "You are asked 30 seconds before. While a recovery phrase or sheet is on screen, the lock waits for up to 30 minutes. Counted by the clock: a machine that slept past it locks when it wakes.";

pub(crate) const SECRETS: &str = "Revealing and copying";
pub(crate) const REVEAL: &str = "Hide what is revealed after";
pub(crate) const REVEAL_HINT: &str =
    "“Show longer” adds the same time again. A wallet's phrase stays for a minute at least.";
pub(crate) const CLIPBOARD: &str = "Clear what was copied after";
pub(crate) const CLIPBOARD_HINT: &str = "At your first click or key press in this page after that time, or when you lock. Only what was copied here is cleared.";
pub(crate) const READ_DENIED: &str = "This browser does not let this page look at the clipboard. Once you have been elsewhere, the page cannot tell what is on it, and leaves clearing it to you.";
pub(crate) const READ_GRANTED: &str =
    "You let this page look at the clipboard. It does so only to see whether what it copied is still there.";
pub(crate) const ASK_READ: &str = "Let this page look";

pub(crate) const KEYBOARD: &str = "Keyboard";
pub(crate) const SHORTCUTS: &str = "Single-key shortcuts";
pub(crate) const SHORTCUTS_HINT: &str = "/ searches, N adds, L locks, ? lists them all. Off, these keys do nothing; that helps if you dictate to this device.";
pub(crate) const ON: &str = "On";
pub(crate) const OFF: &str = "Off";

pub(crate) const DEVICE: &str = "This device";
pub(crate) const STORED: &str = "What is stored here";
pub(crate) const STORED_TEXT: &str = "The vault's sealed data, which opens with your passkey or recovery sheet only; its name, in clear; the number and hash of every change that this device has seen; a form for a key that was open when the vault locked, and changes that were set aside, sealed like the rest; a key of this device, which cannot be copied out; the choices on this page; and, while a change waits for the server, a note that it does.";
pub(crate) const PERSISTENCE: &str = "Kept when space runs out";
pub(crate) const PERSISTENT: &str = "Yes, the browser has promised it.";
pub(crate) const NOT_PERSISTENT: &str = "Not promised. If the browser clears it, the vault is still on the server, but this device forgets the newest change it has seen.";
pub(crate) const ASK_PERSISTENCE: &str = "Ask the browser";
pub(crate) const REFUSED_PERSISTENCE: &str =
    "The browser did not promise it. Some do once the site is used more, installed or bookmarked.";
pub(crate) const FORGET: &str = "Forget this vault on this device";
pub(crate) const FORGET_HINT: &str = "The vault stays on the server and on your other devices.";
pub(crate) const FORGET_HEADING: &str = "Forget this vault here?";
pub(crate) const FORGET_TEXT: &str = "This device's copy and its key are removed, with a form that was kept when the vault locked, if there is one. The vault stays on the server, and your passkey or recovery sheet opens it again.";
pub(crate) const FORGET_NEWEST: &str = "With the copy goes the newest change number that this device has seen: next time it can only show you what the server gives.";
pub(crate) const FORGET_BUTTON: &str = "Forget it here";

pub(crate) const SESSION: &str = "Session";
pub(crate) const LOG_OUT: &str = "Log out";
pub(crate) const LOG_OUT_HINT: &str =
    "Locks the vault and ends the session at the server. Locking alone keeps the session.";

pub(crate) const ABOUT_LINK: &str = "About this app, its promises and its build";

pub(crate) const DELETE: &str = "Delete vault";
pub(crate) const DELETE_HINT: &str =
    "Removes it from the server and from this device, with everything in it.";
pub(crate) const DELETE_HEADING: &str = "Delete this vault?";
pub(crate) const DELETE_TEXT: &str = "Every key, wallet and share of this vault is removed from the server, and its copy from this device. Nobody can bring it back. Your exchange keys go on working at the exchanges until you remove them there.";
pub(crate) const DELETE_WALLETS: &str = "A wallet whose phrase is written down nowhere else is lost with it.";
pub(crate) const DELETE_NAME: &str = "Type the vault's name";
pub(crate) const DELETE_NAME_WRONG: &str = "This is not the vault's name.";
pub(crate) const DELETE_BUTTON: &str = "Delete for good";
pub(crate) const KEEP: &str = "Keep it";

/// Says which changes are lost with this device's copy, if there are any.
pub(crate) fn unsaved(unsaved: &Unsaved) -> Option<String> {
    let mut text = match unsaved.changes {
        0 => return None,
        1 => "1 change is not saved on the server. It is on this device only and would be lost.".to_owned(),
        more => {
            format!(
                "{more} changes are not saved on the server. They are on this device only and would be lost."
            )
        }
    };
    for (at, label) in unsaved.labels.iter().enumerate() {
        text.push_str(if at == 0 { " To be lost: “" } else { ", “" });
        text.push_str(label);
        text.push('”');
    }
    if !unsaved.labels.is_empty() {
        text.push('.');
    }
    Some(text)
}

/// Returns a text such as "15 minutes".
pub(crate) fn minutes(minutes: u32) -> String {
    match minutes {
        1 => "1 minute".to_owned(),
        60 => "1 hour".to_owned(),
        more => format!("{more} minutes"),
    }
}

/// "30 seconds", "2 minutes"
pub(crate) fn seconds(seconds: u32) -> String {
    match seconds % 60 {
        0 => minutes(seconds / 60),
        _ => format!("{seconds} seconds"),
    }
}

/// Returns the name of a theme.
pub(crate) fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "As the system",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_lost_is_counted_and_named() {
        let text = |changes, labels: &[&str]| {
            unsaved(&Unsaved { changes, labels: labels.iter().map(|label| (*label).to_owned()).collect() })
        };
        assert_eq!(text(0, &[]), None);
        assert!(text(1, &[]).is_some_and(|text| text.starts_with("1 change is") && text.ends_with("lost.")));
        assert!(text(3, &["A", "B"]).is_some_and(|text| text.ends_with("To be lost: “A”, “B”.")));
    }

    #[test]
    fn times_have_their_grammar() {
        assert_eq!(minutes(1), "1 minute");
        assert_eq!(minutes(30), "30 minutes");
        assert_eq!(minutes(60), "1 hour");
        assert_eq!(seconds(30), "30 seconds");
        assert_eq!(seconds(120), "2 minutes");
    }
}

use std::borrow::Cow;

use crystallum_messages::LockReason;

use crate::{features::settings::words as settings, state::lock::Lost};

pub(crate) const TITLE: &str = "Unlock";
pub(crate) const HEADING: &str = "Unlock your vault";
pub(crate) const HEADING_UNKNOWN: &str = "Open your vault on this browser";
pub(crate) const UNKNOWN_TEXT: &str =
    "This browser does not know a vault yet. Your passkey says which one is yours.";
pub(crate) const BUTTON: &str = "Unlock with passkey";
pub(crate) const ANNOUNCE: &str = "Your device will ask for your fingerprint, face or PIN.";
pub(crate) const OPENING: &str = "Opening your vault…";
pub(crate) const WHICH: &str = "Which vault";
pub(crate) const ANOTHER: &str = "Another vault";
pub(crate) const ANOTHER_HINT: &str = "Your passkey says which";
pub(crate) const SHEET: &str = "Use my recovery sheet";
pub(crate) const FORGET: &str = "Forget this vault on this device";
pub(crate) const OFFLINE: &str = "The server does not answer. You can still open the copy on this device.";
pub(crate) const NEW_HERE: &str = "New here?";
pub(crate) const NOT_PERSISTENT: &str = "Your vault is on the server too. This browser has not promised to keep this device's copy; without it, this device forgets the newest change it has seen.";

/// Returns a text such as "Last opened here ...".
pub(crate) fn last_used(ago: &str) -> String {
    format!("Last opened here {ago}")
}

pub(crate) const ENDED: &str = "Your vault locked because the engine behind this page ended unexpectedly. What was saved is stored; text that was not saved is gone.";

/// Says why the vault is locked. `minutes` is the idle time after which it locks.
pub(crate) fn locked(reason: LockReason, minutes: u32) -> Cow<'static, str> {
    match reason {
        LockReason::Asked => "Your vault is locked.".into(),
        LockReason::Ended => ENDED.into(),
        LockReason::Idle => {
            let time = settings::minutes(minutes);
            format!("Your vault locked because nobody used it for {time}. What was saved is stored.").into()
        }
        LockReason::OtherTab => "Your vault was locked from another tab. What was saved is stored.".into(),
    }
}

/// Said when a form is kept.
pub(crate) const KEPT: &str = "What you typed into the form is sealed on this device. After unlocking you can continue where you left off.";

/// Says what went with the vault when it locked.
pub(crate) fn lost(lost: Lost) -> &'static str {
    match lost {
        Lost::Draft => "The draft that was kept before is gone.",
        Lost::Form => "What was typed into the form and not saved is gone.",
        Lost::Phrase => {
            "The recovery phrase on screen was not stored, and it is gone from here. If you have written all of it down, add the wallet again with your paper; if not, do not use that phrase."
        }
        Lost::Sheet => {
            "The recovery sheet that was open is put away and cannot be shown again. If you kept its code, the code opens your vault; if not, make a new sheet under Security."
        }
    }
}

/// Says what was done before the unlock page was opened, by the value in the address.
pub(crate) fn arrival_message(word: &str) -> Option<&'static str> {
    Some(match word {
        "deleted" => "Your vault was deleted, here and on the server.",
        "forgotten" => "The vault is forgotten on this device. It is still on the server.",
        "logged-out" => "Your vault is locked, and the session at the server has ended.",
        "not-forgotten" => {
            "Your vault is locked, but this browser could not remove its copy. Clear this site's data to remove it."
        }
        "session-stays" => {
            "Your vault is locked. The server did not answer, so its session ends later by itself."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::words::tests::is_calm;

    #[test]
    fn every_lock_reason_has_words() {
        for reason in [LockReason::Asked, LockReason::Ended, LockReason::Idle, LockReason::OtherTab] {
            assert!(is_calm(&locked(reason, 15)), "{reason:?}");
        }
    }

    #[test]
    fn every_loss_is_told_calmly() {
        for what in [Lost::Draft, Lost::Form, Lost::Phrase, Lost::Sheet] {
            assert!(is_calm(lost(what)), "{what:?}");
        }
        assert!(is_calm(KEPT));
    }

    #[test]
    fn every_unlock_message_is_calm() {
        for word in ["deleted", "forgotten", "logged-out", "not-forgotten", "session-stays"] {
            assert!(arrival_message(word).is_some_and(is_calm), "{word}");
        }
        assert_eq!(arrival_message("anything"), None);
    }
}

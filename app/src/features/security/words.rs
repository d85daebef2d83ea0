use crystallum_messages::{SignInMethod, SignInMethodKind};

pub(crate) const TITLE: &str = "Security";
pub(crate) const SECTION_NAME: &str = "Security";
pub(crate) const BACK: &str = "Back to Security";
pub(crate) const LOADING: &str = "Reading the ways in";
pub(crate) const FACTS: &str = "Where you stand";
pub(crate) const LIST: &str = "Ways in";
pub(crate) const GOOD: &str = "Good";
pub(crate) const TO_DO: &str = "To do";

pub(crate) const CHANGE: &str = "Newest change";
pub(crate) const CHANGE_HINT: &str = "A new browser shows you a number to compare with this one.";

pub(crate) const CHANGED: &str = "The ways into this vault were changed on another device. If that was not you, remove what you do not know.";
pub(crate) const CHANGED_STEP: &str = "Look at them";

pub(crate) const SHEET_GOOD: &str = "Recovery sheet confirmed";
pub(crate) const SHEET_OPEN: &str = "Recovery sheet not confirmed";
pub(crate) const SHEET_NONE: &str = "No recovery sheet";
pub(crate) const SHEET_STEP: &str = "Make a new recovery sheet";
pub(crate) const SHEET_MAKE: &str = "Make a recovery sheet";
pub(crate) const KEYS_ONE: &str = "One passkey";
pub(crate) const KEYS_ONE_STEP: &str = "Add a second passkey";

pub(crate) const UNNAMED: &str = "Passkey";
pub(crate) const SHEET: &str = "Recovery sheet";
pub(crate) const USED_NOW: &str = "opened the vault this time";
pub(crate) const NOT_COUNTED: &str = "not confirmed: does not count yet";
pub(crate) const UNREADABLE: &str = "cannot be read and opens nothing: remove it";
pub(crate) const RENAME: &str = "Rename";
pub(crate) const REMOVE: &str = "Remove";
pub(crate) const ADD: &str = "Add passkey";
pub(crate) const NEW_SHEET: &str = "New recovery sheet";

pub(crate) const RENAME_HEADING: &str = "Rename this passkey";
pub(crate) const NAME: &str = "Name";
pub(crate) const NAME_HINT: &str = "Kept sealed in the vault; the server does not see it.";
pub(crate) const NAME_EMPTY: &str = "Give it a name.";
pub(crate) const NAME_LONG: &str = "Use 64 characters or fewer.";
pub(crate) const SAVE_NAME: &str = "Save name";

pub(crate) const REMOVE_HEADING: &str = "Remove this way in?";
pub(crate) const REMOVE_MEANS: &str = "From now on it cannot open the vault through this server.";
pub(crate) const REMOVE_OLD: &str = "Whoever copied the vault's data earlier and still holds it can open that old copy with it. If it was stolen, replace your exchange keys at the exchanges too.";
pub(crate) const REMOVE_PASSKEY: &str =
    "The passkey itself stays in its device or manager until you delete it there.";
pub(crate) const REMOVE_TOUCH: &str = "A passkey of the vault confirms it with a touch.";
pub(crate) const REMOVE_BUTTON: &str = "Remove for good";
pub(crate) const KEEP: &str = "Keep it";

pub(crate) const ADD_TITLE: &str = "Add passkey";
pub(crate) const ADD_HEADING: &str = "Add a passkey";
pub(crate) const ADD_TEXT: &str =
    "A second passkey on another device or security key opens the vault when the first is lost.";
pub(crate) const ADD_STEPS: [&str; 2] = [
    "First touch: a passkey that you have confirms that it is you.",
    "Second touch: the new passkey is made. Choose the other device or the security key when the browser asks where to keep it.",
];
pub(crate) const ADD_NAME_HINT: &str = "Such as “Phone” or “YubiKey in the drawer”.";
pub(crate) const ADD_BUTTON: &str = "Begin";
pub(crate) const ADDED: &str = "The passkey is added. It opens the vault from now on.";
pub(crate) const REMOVED: &str = "The way in is removed.";
pub(crate) const RENAMED: &str = "The name is saved.";

pub(crate) const ONE_METHOD: &str =
    "This vault has one way in only. If it is lost, nobody can open the vault.";
pub(crate) const ONE_METHOD_STEP: &str = "Make a recovery sheet";

/// Returns a text such as "2 of 2 ways in".
pub(crate) fn count(methods: u8) -> String {
    match methods {
        0 | 1 => "1 of 2 ways in".to_owned(),
        2 => "2 of 2 ways in".to_owned(),
        more => format!("{more} ways in, at least 2 are kept"),
    }
}

/// Returns a text such as "2 passkeys".
pub(crate) fn passkeys(number: usize) -> String {
    match number {
        1 => KEYS_ONE.to_owned(),
        more => format!("{more} passkeys"),
    }
}

/// Returns the name of a sign-in method.
pub(crate) fn name(method: &SignInMethod) -> String {
    match method.kind {
        SignInMethodKind::Sheet => SHEET.to_owned(),
        SignInMethodKind::Passkey if method.name.is_empty() => UNNAMED.to_owned(),
        SignInMethodKind::Passkey => method.name.clone(),
    }
}

/// Returns a text such as "Made 22 Nov 2026, 09:15:00". Methods from earlier versions have no date.
pub(crate) fn made(date: &str) -> String {
    format!("Made {date}")
}
pub(crate) const MADE_UNKNOWN: &str = "Made when the vault was";

/// Says what removing the sign-in method does.
pub(crate) fn remove(name: &str) -> String {
    format!("Remove {name}: it stops being a way into this vault.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_have_their_grammar() {
        assert_eq!(count(0), "1 of 2 ways in");
        assert_eq!(count(2), "2 of 2 ways in");
        assert_eq!(count(3), "3 ways in, at least 2 are kept");
        assert_eq!(passkeys(1), "One passkey");
        assert_eq!(remove("Phone"), "Remove Phone: it stops being a way into this vault.");
    }
}

use crystallum_messages::{Device, SignInMethodKind};

use crate::features::devices::occasion::Occasion;

pub(crate) const TITLE: &str = "Devices";
pub(crate) const TEXT: &str =
    "Each browser that has opened this vault is a device of its own. Dates are by that device's own clock.";
pub(crate) const LOADING: &str = "Reading the devices";
pub(crate) const LIST: &str = "Devices of this vault";
pub(crate) const SEE: &str = "See the devices";
pub(crate) const THIS: &str = "This device";
pub(crate) const UNNAMED: &str = "Device without a name";
pub(crate) const NOT_SEEN: &str = "No change of it seen";
pub(crate) const RENAME: &str = "Rename";
pub(crate) const REMOVE: &str = "Remove";
pub(crate) const REMOVE_OTHERS: &str = "Remove all others";

pub(crate) const ALONE: &str = "No other device yet";
pub(crate) const ALONE_TEXT: &str = "Open this vault in another browser, with a passkey that works there or with the recovery sheet. From then on it is listed here, and every other device tells you that it came in.";

pub(crate) const RENAME_HEADING: &str = "Rename this device";
pub(crate) const NAME_HINT: &str =
    "Such as “Phone” or “Desk”. Kept sealed in the vault; the server does not see it.";
pub(crate) const SAVING: &str = "Saving the name";

pub(crate) const REMOVE_MEANS: &str =
    "A removed device can write nothing more to this vault, and it is told so.";
pub(crate) const REMOVE_KEEPS: &str = "It can still read what it has. If you do not trust it, replace the keys that it has seen at their exchanges.";
pub(crate) const REMOVE_RETURNS: &str = "Its session on the server is not ended by this, and a passkey or recovery sheet that opens the vault can bring it back. If somebody else has one, remove that sign-in method under Security: that ends all other sessions too.";
pub(crate) const REMOVING: &str = "Removing";

/// Returns the name of a device: the one that the user gave it, or what it says it is.
pub(crate) fn name(device: &Device) -> String {
    let names = [&device.name, &device.platform];
    names.into_iter().find(|name| !name.is_empty()).map_or_else(|| UNNAMED.to_owned(), Clone::clone)
}

/// Says when a device came in and how.
pub(crate) fn joined(device: &Device, date: Option<&str>) -> String {
    let method = match (device.kind, device.method.as_str()) {
        (Some(SignInMethodKind::Passkey), "") => "a passkey".to_owned(),
        (Some(SignInMethodKind::Passkey), name) => format!("the passkey “{name}”"),
        (Some(SignInMethodKind::Sheet), _) => "the recovery sheet".to_owned(),
        (None, _) => "a sign-in method that was removed since".to_owned(),
    };
    match date {
        Some(date) => format!("Came in on {date} with {method}"),
        None => format!("Came in with {method}; when is not known"),
    }
}

/// Names the newest change of a device. How long ago it was follows.
pub(crate) fn newest(change: u64) -> String {
    format!("Newest change seen: {change}, ")
}

/// Says how many other devices there are.
pub(crate) fn summary(others: usize) -> String {
    match others {
        0 => "This is the only device of this vault.".to_owned(),
        1 => "This device and one other can write to this vault.".to_owned(),
        more => format!("This device and {more} others can write to this vault."),
    }
}

/// Returns the heading of the question.
pub(crate) fn remove_heading(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::AllOthers => "Remove all other devices?",
        Occasion::MethodRemoved => "Remove what came in with it?",
        Occasion::One => "Remove this device?",
    }
}

/// Says which devices are to be removed. Their names follow.
pub(crate) fn remove(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::AllOthers => "Only this device stays. These are removed:",
        Occasion::MethodRemoved => {
            "The sign-in method is removed. These came in with it and can still write:"
        }
        Occasion::One => "This one is removed:",
    }
}

/// Returns the text of the button that removes devices.
pub(crate) fn remove_button(devices: usize) -> String {
    match devices {
        1 => "Remove device".to_owned(),
        more => format!("Remove {more} devices"),
    }
}

/// Returns the text of the button that removes nothing.
pub(crate) fn keep(devices: usize) -> &'static str {
    if devices == 1 { "Keep it" } else { "Keep them" }
}

/// Says that devices are removed.
pub(crate) fn removed(devices: usize) -> String {
    match devices {
        1 => "The device is removed.".to_owned(),
        more => format!("The {more} devices are removed."),
    }
}

/// Says how many devices came in with a sign-in method that is about to be removed.
pub(crate) fn came_in(devices: usize) -> String {
    match devices {
        1 => "Another device came in with it. You are asked about that one next.".to_owned(),
        more => format!("Another {more} devices came in with it. You are asked about them next."),
    }
}

#[cfg(test)]
mod tests {
    use crystallum_messages::{DeviceId, SignInMethodId};

    use super::*;
    use crate::ui::words::tests::is_calm;

    fn device(name: &str, platform: &str, kind: Option<SignInMethodKind>, method: &str) -> Device {
        Device {
            id: DeviceId([1; 16]),
            this: false,
            name: name.to_owned(),
            platform: platform.to_owned(),
            joined: 0,
            added_by: SignInMethodId([2; 16]),
            kind,
            method: method.to_owned(),
            newest: None,
        }
    }

    #[test]
    fn a_device_has_its_name_or_says_what_it_is() {
        assert_eq!(name(&device("Phone", "Firefox on Linux", None, "")), "Phone");
        assert_eq!(name(&device("", "Firefox on Linux", None, "")), "Firefox on Linux");
        assert_eq!(name(&device("", "", None, "")), UNNAMED);
    }

    #[test]
    fn a_device_says_when_and_how_it_came_in() {
        let by = |kind, method| device("", "", kind, method);
        let passkey = Some(SignInMethodKind::Passkey);
        assert_eq!(joined(&by(passkey, "Blue"), Some("Friday")), "Came in on Friday with the passkey “Blue”");
        assert_eq!(joined(&by(passkey, ""), None), "Came in with a passkey; when is not known");
        assert!(joined(&by(Some(SignInMethodKind::Sheet), ""), None).contains("the recovery sheet"));
        assert!(joined(&by(None, ""), None).contains("that was removed since"));
    }

    #[test]
    fn numbers_have_their_grammar_and_every_sentence_is_calm() {
        for count in [1, 2, 3] {
            for text in [summary(count), removed(count), came_in(count)] {
                assert!(is_calm(&text), "{text}");
                assert_eq!(text.contains(&count.to_string()), count > 1, "{text}");
            }
        }
        assert_eq!((remove_button(1).as_str(), keep(1)), ("Remove device", "Keep it"));
        assert_eq!((remove_button(2).as_str(), keep(2)), ("Remove 2 devices", "Keep them"));
        for text in [TEXT, ALONE_TEXT, REMOVE_MEANS, REMOVE_KEEPS, REMOVE_RETURNS] {
            assert!(is_calm(text), "{text}");
        }
    }
}

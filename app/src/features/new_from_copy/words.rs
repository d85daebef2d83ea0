use crystallum_messages::{Copied, Copyable};

pub(crate) const TITLE: &str = "New vault from this copy";
pub(crate) const HEADING: &str = "Make a new vault from this copy";
pub(crate) const TEXT: &str = "Use this if the server does not show your vault again as this device knows it. The new vault has a passkey, keys and a history of its own, and takes the exchange keys from this device.";
pub(crate) const STAYS: &str = "The old vault stays as it is, on this device and on the server. You can go back to it, and forget it later.";
pub(crate) const TAKEN: &str = "The new vault takes";
pub(crate) const LEFT_OUT: &str = "It does not take";
pub(crate) const NO_EARLIER: &str = "the earlier secrets of these keys";
pub(crate) const NO_METHODS: &str =
    "sign-in methods and devices: make a new recovery sheet, and open the new vault on your other devices";
pub(crate) const REPLACE: &str = "If somebody may have read your keys, replace them at their exchanges as well. A new vault does not make them secret again.";
pub(crate) const NO_ALARM: &str = "There is no alarm, so your vault is as it should be. A new one can be made at any time, after locking this one.";
pub(crate) const LOADING: &str = "Reading this device's copy";
pub(crate) const CREATE: &str = "Create passkey and copy";
pub(crate) const CREATE_HINT: &str =
    "Your device will ask for your fingerprint, face or PIN to make the passkey of the new vault.";

pub(crate) const COPYING: &str = "Copying your keys";
pub(crate) const COPYING_TEXT: &str = "Keep this page open until it is done.";
pub(crate) const COPIED_BAR: &str = "Copied keys";
pub(crate) const GO_ON: &str = "Go on copying";
pub(crate) const DONE: &str = "Your new vault is ready";
pub(crate) const DONE_TEXT: &str = "For now it has one sign-in method, the passkey that you just made. Make a recovery sheet next: the sheet of the old vault does not open this one.";
pub(crate) const MAKE_SHEET: &str = "Make a recovery sheet";
pub(crate) const OPEN: &str = "Open the new vault";

/// Proposes a name that tells the new vault from the old one.
pub(crate) fn proposed_name(old: &str) -> String {
    const SUFFIX: &str = " (new)";
    let room = crystallum_messages::MAX_NAME - SUFFIX.len();
    old.chars().take(room).chain(SUFFIX.chars()).collect()
}

/// Says what the new vault takes.
pub(crate) fn taken(Copyable { keys, .. }: Copyable) -> String {
    match keys {
        0 => "no exchange key: this device's copy has none that can be read".into(),
        1 => "1 exchange key, with its label and note".into(),
        keys => format!("{keys} exchange keys, with their labels and notes, those in the trash included"),
    }
}

/// Says what the new vault does not take and should be looked after.
pub(crate) fn left_out(Copyable { awaited, wallets, unreadable, .. }: Copyable) -> Vec<String> {
    let count = |number: u32, one: &str, several: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {several}")),
    };
    let awaited = count(
        awaited,
        "key whose secret has not arrived on this device",
        "keys whose secrets have not arrived on this device",
    );
    let wallets = count(
        wallets,
        "wallet: show its phrase there, and add it to the new vault",
        "wallets: show their phrases there, and add them to the new vault",
    );
    let unreadable = count(unreadable, "record that cannot be read", "records that cannot be read");
    [awaited, wallets, unreadable].into_iter().flatten().collect()
}

/// Says how far copying has come.
pub(crate) fn progress(Copied { done, left }: Copied) -> String {
    format!("{done} of {} keys", done + left)
}

/// Says what was copied.
pub(crate) fn copied(keys: u32) -> String {
    match keys {
        0 => "It is empty.".into(),
        1 => "1 key was copied.".into(),
        keys => format!("{keys} keys were copied."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::words::tests::is_calm;

    #[test]
    fn a_proposed_name_is_short_enough() {
        assert_eq!(proposed_name("My vault"), "My vault (new)");
        assert_eq!(proposed_name(&"é".repeat(64)).chars().count(), 64);
    }

    #[test]
    fn what_is_left_out_is_named_if_there_is_some() {
        assert!(left_out(Copyable { keys: 3, ..Copyable::default() }).is_empty());
        for number in [1, 2] {
            let lines = left_out(Copyable { keys: 3, awaited: number, wallets: number, unreadable: number });
            assert_eq!(lines.len(), 3);
            // They are items of a list.
            assert!(lines.iter().all(|line| line.starts_with(&format!("{number} "))));
            assert!(lines.iter().all(|line| is_calm(&format!("Left out: {line}."))));
        }
        assert_eq!(progress(Copied { done: 32, left: 8 }), "32 of 40 keys");
    }
}

//! Devices that entered the vault, changes that were set aside, and alarms that are over.

use crystallum_messages::{AsideKind, AsideRow, DeviceJoin, EndedAlarm, SignInMethodKind};

use crate::ui::words::alarm;

pub(crate) const KNOWN: &str = "I know it";
pub(crate) const REMOVE: &str = "Remove it";
pub(crate) const SAVE: &str = "Save it again";
pub(crate) const DISCARD: &str = "Discard it";

/// Says that a device entered the vault. `date` is when, by that device's clock.
pub(crate) fn joined(join: &DeviceJoin, date: &str) -> String {
    let method = match (join.kind, &join.method) {
        (SignInMethodKind::Sheet, _) => "the recovery sheet".to_owned(),
        (SignInMethodKind::Passkey, None) => "a passkey that was removed since".to_owned(),
        (SignInMethodKind::Passkey, Some(name)) if name.is_empty() => "a passkey".to_owned(),
        (SignInMethodKind::Passkey, Some(name)) => format!("the passkey “{name}”"),
    };
    format!(
        "A new device entered this vault with {method}, on {date} by its clock. If that was not you, remove it and the sign-in method that it used, and replace your keys at the exchanges: the device can read them."
    )
}

pub(crate) const SEEN: &str = "I have read it";

/// Says that an alarm is over, and from when to when it lasted.
pub(crate) fn ended(note: &EndedAlarm, since: &str, ended: &str) -> String {
    format!(
        "{} on {since}. That is over: on {ended} the server showed this device's state again, at change {}. Nothing was lost.",
        alarm::heading(&note.alarm),
        note.change
    )
}

/// Says that a change was set aside, where it is, and what to do.
pub(crate) fn aside(row: &AsideRow) -> String {
    let kind = match row.kind {
        AsideKind::Key => "key",
        AsideKind::Other => "entry",
        AsideKind::SignInMethod => "way in",
        AsideKind::Wallet => "wallet",
    };
    format!(
        "The change of the {kind} “{}” is not at the server: it was set aside. It is kept, sealed, on this device only.",
        row.label
    )
}

#[cfg(test)]
mod tests {
    use crystallum_messages::{Alarm, AsideId, DeviceId};

    use super::*;
    use crate::ui::words::tests::is_calm;

    #[test]
    fn a_join_names_its_sign_in_method() {
        let join = |kind, method: Option<&str>| {
            let method = method.map(str::to_owned);
            let device = DeviceId([1; 16]);
            let join = DeviceJoin { device, change: 7, time: 1, kind, method, live: true };
            joined(&join, "27 Nov 2026, 15:00:00")
        };
        let texts = [
            join(SignInMethodKind::Passkey, Some("Phone")),
            join(SignInMethodKind::Passkey, Some("")),
            join(SignInMethodKind::Passkey, None),
            join(SignInMethodKind::Sheet, None),
        ];
        assert!(texts.iter().all(|text| is_calm(text)));
        assert!(texts[0].contains("with the passkey “Phone”, on 27 Nov 2026"));
    }

    #[test]
    fn an_alarm_that_is_over_is_named() {
        let alarm = Alarm::Rollback { mine: 8, offered: 5 };
        let text = ended(&EndedAlarm { alarm, since: 1, ended: 2, change: 9 }, "27 Nov 2026", "28 Nov 2026");
        assert!(is_calm(&text) && text.contains("change 9"), "{text}");
    }

    #[test]
    fn what_was_set_aside_is_named() {
        for kind in [AsideKind::Key, AsideKind::Other, AsideKind::SignInMethod, AsideKind::Wallet] {
            let row = AsideRow { id: AsideId([1; 16]), kind, label: "Bot".to_owned(), time: 1 };
            assert!(is_calm(&aside(&row)) && aside(&row).contains("“Bot”"), "{kind:?}");
        }
    }
}

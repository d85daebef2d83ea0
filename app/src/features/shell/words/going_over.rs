//! What differs between two histories of a vault, and what going over to one of them has done.

use crystallum_messages::{
    AsideKind, GoneOver, MakeAgain, SignInMethodKind,
    going_over::{DeviceDifference, Differences, Fate, MethodDifference, Place, RecordDifference},
};

pub(crate) const HEADING: &str = "Go on with the server's history";
pub(crate) const HINT: &str = "See what differs first. Looking changes nothing, here or at the server.";
pub(crate) const SEE: &str = "See what differs";
pub(crate) const GO_OVER: &str = "Go on with the server's history";
pub(crate) const BUSY: &str = "Fetching and comparing. With many changes this takes a while.";
pub(crate) const WHAT_HAPPENS: &str = "If you go on, this device takes what the server has and adds the keys that are only here. A key that was changed in both is kept twice, each with its own secret. A key that you deleted only on this device is there again. What cannot be added stays on this device.";
const ONLY_IF: &str = "Do this only if you know the sign-in methods and devices that only the server's history has. If you do not, somebody else may have added them: ask whoever runs the server first.";
pub(crate) const SEEN: &str = "I have read it";

/// Says how far each history goes, and since when they differ.
pub(crate) fn ends(differences: &Differences, mine: &str, server: &str) -> String {
    let common = match differences.common {
        Some(common) => format!("They are the same up to change {common}."),
        None => "This device entered the vault after they parted, so it cannot tell since when.".to_owned(),
    };
    format!(
        "This device's history ends with change {}, of {mine}. The server's ends with change {}, of {server}. {common}",
        differences.mine, differences.server.change
    )
}

/// Says what the user must know before going on, if the server's history has sign-in methods or
/// devices that this device does not know.
pub(crate) fn only_if(differences: &Differences) -> Option<&'static str> {
    let mut places = differences.methods.iter().map(|row| row.place);
    let has_unknown = places.any(|place| place == Place::Server)
        || differences.devices.iter().any(|row| row.place == Place::Server && !row.is_removed_again);
    has_unknown.then_some(ONLY_IF)
}

/// Names where something is.
pub(crate) fn place(place: Place) -> &'static str {
    match place {
        Place::Here => "Only on this device",
        Place::Server => "Only at the server",
        Place::Both => "Different in both",
    }
}

/// Returns a line for each thing that is in this place.
pub(crate) fn rows(differences: &Differences, place: Place) -> Vec<String> {
    let devices = differences.devices.iter().filter(|row| row.place == place).map(device);
    let methods = differences.methods.iter().filter(|row| row.place == place).map(method);
    let records = differences.records.iter().filter(|row| row.place == place).map(record);
    records.chain(methods).chain(devices).collect()
}

/// Says that not everything is listed.
pub(crate) fn more(count: u32) -> Option<String> {
    match count {
        0 => None,
        1 => Some("One more entry differs.".to_owned()),
        count => Some(format!("{count} more entries differ.")),
    }
}

fn named(kind: &str, name: &str) -> String {
    if name.is_empty() { format!("{kind} without a name") } else { format!("{kind} “{name}”") }
}

fn kind(kind: AsideKind) -> &'static str {
    match kind {
        AsideKind::Key => "Key",
        AsideKind::Other => "Entry",
        AsideKind::SignInMethod => "Sign-in method",
        AsideKind::Wallet => "Wallet",
    }
}

fn record(row: &RecordDifference) -> String {
    let fate = match (row.fate, row.place) {
        (Fate::ComesAlong, _) => "will be added",
        (Fate::Copied, Place::Here) => "deleted at the server; kept as a copy",
        (Fate::Copied, _) => "this device's version is kept as a copy",
        (Fate::SetAside, _) => "stays on this device, set aside",
        (Fate::MakeAgain, _) => "has to be made again",
        (Fate::ServersCounts, Place::Here) => "deleted at the server, and not changed here since",
        (Fate::ServersCounts, Place::Server) => "will be kept",
        (Fate::ServersCounts, Place::Both) => "the server's version counts",
    };
    format!("{}: {fate}", named(kind(row.kind), &row.label))
}

fn method(row: &MethodDifference) -> String {
    let kind = match row.kind {
        SignInMethodKind::Passkey => "Passkey",
        SignInMethodKind::Sheet => "Recovery sheet",
    };
    let name = match row.kind {
        SignInMethodKind::Sheet if row.name.is_empty() => kind.to_owned(),
        _ => named(kind, &row.name),
    };
    match row.place {
        Place::Here => format!("{name}: has to be made again"),
        Place::Server | Place::Both => format!("{name}: opens the vault"),
    }
}

fn device(row: &DeviceDifference) -> String {
    let name = if row.name.is_empty() { &row.platform } else { &row.name };
    let name = named("Device", name);
    match row.place {
        Place::Here if row.this => format!("{name}, this one: enters again"),
        Place::Here => format!("{name}: has to go over itself"),
        Place::Server | Place::Both if row.is_removed_again => format!("{name}: is removed again"),
        Place::Server | Place::Both => format!("{name}: can read the vault"),
    }
}

/// Says what going over has done, in sentences. `date` is when.
pub(crate) fn gone_over(gone: &GoneOver, date: &str) -> Vec<String> {
    let mut text = vec![format!(
        "On {date} this device went over to the server's history, at change {}. Nothing was lost.",
        gone.change
    )];
    let mut list = |heading: &str, labels: &[String]| {
        if !labels.is_empty() {
            let names: Vec<String> = labels.iter().map(|label| format!("“{label}”")).collect();
            text.push(format!("{heading} {}.", names.join(", ")));
        }
    };
    list("Came along:", &gone.carried);
    list("Kept as a copy beside the server's version:", &gone.copied);
    list("Set aside on this device:", &gone.set_aside);
    if !gone.is_finished {
        text.push(match gone.waiting {
            0 => "Not everything is written yet. That goes on by itself.".to_owned(),
            count => format!("Still to be written: {count}. That goes on by itself."),
        });
    }
    text.extend(gone.again.iter().map(again));
    text
}

fn again(again: &MakeAgain) -> String {
    let name = match again.kind {
        AsideKind::SignInMethod if again.name.is_empty() => "Sign-in method without a name".to_owned(),
        kind_of => named(kind(kind_of), &again.name),
    };
    if again.is_removal {
        format!("Remove again, if you still want to: {}.", lower_first(&name))
    } else {
        format!("Make again: {}.", lower_first(&name))
    }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use crystallum_messages::{Alarm, going_over::SeenHead};

    use super::*;
    use crate::ui::words::tests::is_calm;

    #[test]
    fn every_difference_says_what_becomes_of_it() {
        let mut texts = std::collections::BTreeSet::new();
        let fates = [Fate::ComesAlong, Fate::Copied, Fate::SetAside, Fate::MakeAgain, Fate::ServersCounts];
        for fate in fates {
            for place in [Place::Here, Place::Server, Place::Both] {
                let row = RecordDifference { kind: AsideKind::Key, label: "Bot".to_owned(), place, fate };
                assert!(record(&row).starts_with("Key “Bot”: "), "{fate:?} {place:?}");
                texts.insert(record(&row));
            }
        }
        assert_eq!(texts.len(), 8);
        let line = |place, this, is_removed_again| {
            let (name, platform) = (String::new(), "Firefox on Linux".to_owned());
            device(&DeviceDifference { name, platform, this, place, is_removed_again })
        };
        assert_eq!(line(Place::Here, true, false), "Device “Firefox on Linux”, this one: enters again");
        assert_eq!(line(Place::Server, false, true), "Device “Firefox on Linux”: is removed again");
    }

    #[test]
    fn the_ends_of_both_histories_are_named() {
        let mut differences = Differences {
            server: SeenHead { change: 9, hash: [0; 32] },
            server_time: 1,
            mine: 8,
            mine_time: 2,
            common: Some(6),
            records: Vec::new(),
            more_records: 0,
            methods: Vec::new(),
            devices: Vec::new(),
            hindrance: None,
        };
        let text = ends(&differences, "27 Nov 2026", "28 Nov 2026");
        assert!(
            is_calm(&text) && text.contains("change 9, of 28 Nov") && text.contains("change 6"),
            "{text}"
        );
        assert_eq!(only_if(&differences), None);
        let (kind, name) = (SignInMethodKind::Passkey, String::new());
        differences.methods.push(MethodDifference { kind, name, place: Place::Server });
        assert!(only_if(&differences).is_some_and(is_calm));
        differences.common = None;
        assert!(is_calm(&ends(&differences, "27 Nov 2026", "28 Nov 2026")));
    }

    #[test]
    fn what_going_over_has_done_is_told() {
        let again =
            |is_removal| MakeAgain { kind: AsideKind::Wallet, name: "Savings".to_owned(), is_removal };
        let gone = GoneOver {
            alarm: Alarm::Fork { mine: 8, offered: 9 },
            since: 1,
            ended: 2,
            change: 9,
            carried: vec!["Bot".to_owned(), "Desk".to_owned()],
            copied: vec!["Old".to_owned()],
            set_aside: Vec::new(),
            waiting: 2,
            again: vec![again(false), again(true)],
            has_evidence: true,
            is_finished: false,
        };
        let text = gone_over(&gone, "28 Nov 2026");
        assert!(text.iter().all(|line| is_calm(line)), "{text:?}");
        assert_eq!(text.len(), 6);
        assert_eq!(text[1], "Came along: “Bot”, “Desk”.");
        assert_eq!(text[4], "Make again: wallet “Savings”.");
    }
}

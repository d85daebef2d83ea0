//! The alarm that a device is in, as it keeps it, and what is left of those that are over.

use crystallum_core::{Defence, SignedHead};
use crystallum_messages::Alarm;

/// An alarm, which stays until the server has shown this device's state or one that follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptAlarm {
    pub(crate) alarm: Alarm,
    /// When it was raised, in milliseconds since 1970.
    pub(crate) since: u64,
    /// The heads that show what happened, if the vault signed what was offered.
    pub(crate) evidence: Option<Box<Evidence>>,
}

/// Two heads that the vault has signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// The head that was offered.
    pub(crate) offered: SignedHead,
    /// This device's head with the same counter or, if it has none or no longer has it whole, its
    /// newest one.
    pub(crate) own: SignedHead,
}

/// An alarm that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EndedAlarm {
    pub(crate) alarm: Alarm,
    pub(crate) since: u64,
    /// When it ended, in milliseconds since 1970.
    pub(crate) ended: u64,
    /// The number of the change that the server showed then.
    pub(crate) change: u64,
}

/// How many ended alarms are remembered, so that a server cannot fill the storage with them.
const MAX_ENDED: usize = 16;

impl KeptAlarm {
    /// Creates an alarm without evidence.
    pub(crate) fn new(alarm: Alarm, since: u64) -> Self {
        Self { alarm, since, evidence: None }
    }

    /// Returns whether the alarm is stored. A newer version, or being removed, is no lie that could
    /// be forgotten: the first is found again, and the second has a mark of its own.
    pub(crate) fn is_stored(&self) -> bool {
        !matches!(self.alarm, Alarm::DeviceRemoved | Alarm::TooNew)
    }

    /// Returns whether the server can end the alarm by showing what it should have shown.
    pub(crate) fn can_end(&self) -> bool {
        self.alarm != Alarm::DeviceRemoved
    }

    /// Returns whether only the secrets that this device awaits end the alarm: that the history is
    /// right says nothing about them. They are asked for in spite of it.
    pub(crate) fn ends_by_secrets(&self) -> bool {
        matches!(self.alarm, Alarm::SecretsTampered { .. })
    }

    /// Returns whether another alarm takes the place of this one. What is known of a fork is never
    /// given up for less, nor for another fork.
    pub(crate) fn gives_way_to(&self, other: &Alarm) -> bool {
        let (mine, its) = (weight(&self.alarm), weight(other));
        if !Defence::KeptFork.holds() {
            return true;
        }
        its > mine || (its == mine && its < FORK && self.alarm != *other)
    }

    /// Returns the notes of ended alarms with this one, which ends now.
    pub(crate) fn ended_among(&self, notes: &[EndedAlarm], ended: u64, change: u64) -> Vec<EndedAlarm> {
        let note = EndedAlarm { alarm: self.alarm.clone(), since: self.since, ended, change };
        let surplus = (notes.len() + 1).saturating_sub(MAX_ENDED);
        notes.iter().skip(surplus).cloned().chain([note]).collect()
    }
}

const FORK: u8 = 5;

/// Returns how much an alarm says.
fn weight(alarm: &Alarm) -> u8 {
    match alarm {
        Alarm::BelowSheet { .. } | Alarm::LocalCopy | Alarm::OtherSheet { .. } | Alarm::Tampered { .. } => 1,
        // The vault has signed this one.
        Alarm::TooNew => 2,
        Alarm::Rollback { .. } => 3,
        // A history that is shown again ends those above, and not this one.
        Alarm::SecretsTampered { .. } => 4,
        Alarm::Disowned { .. } | Alarm::Fork { .. } => FORK,
        Alarm::DeviceRemoved => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAMPERED: Alarm = Alarm::Tampered { offered: 9 };
    const SECRETS: Alarm = Alarm::SecretsTampered { offered: 9 };
    const ROLLBACK: Alarm = Alarm::Rollback { mine: 8, offered: 5 };
    const FORKED: Alarm = Alarm::Fork { mine: 8, offered: 9 };

    #[test]
    fn a_fork_is_never_given_up_for_less() {
        let gives_way = |from: Alarm, to: &Alarm| KeptAlarm::new(from, 1).gives_way_to(to);
        for (from, to) in [
            (TAMPERED, Alarm::TooNew),
            (Alarm::TooNew, ROLLBACK),
            (ROLLBACK, SECRETS),
            (SECRETS, FORKED),
            (TAMPERED, FORKED),
            (ROLLBACK, FORKED),
        ] {
            assert!(gives_way(from.clone(), &to));
            assert!(!gives_way(to, &from));
        }
        assert!(!gives_way(FORKED, &Alarm::Fork { mine: 8, offered: 10 }));
        assert!(gives_way(ROLLBACK, &Alarm::Rollback { mine: 8, offered: 4 }));
        assert!(!gives_way(ROLLBACK, &ROLLBACK));
        assert!(gives_way(FORKED, &Alarm::DeviceRemoved));
    }

    #[test]
    fn as_many_notes_stay_as_there_is_room_for() {
        let mut notes = Vec::new();
        for since in 0..100 {
            notes = KeptAlarm::new(TAMPERED, since).ended_among(&notes, since + 1, 9);
        }
        assert_eq!(notes.len(), MAX_ENDED);
        assert_eq!(notes.iter().map(|note| note.since).next_back(), Some(99));
        assert!(notes.is_sorted_by_key(|note| note.since));
    }
}

//! What all devices together have written, and what each may therefore show.

use std::collections::{BTreeMap, BTreeSet};

/// A key on a screen: its label, which no two writes share, and its secret.
pub(crate) type Shown = (String, String);

/// One write of a key.
struct Write {
    /// The key that was added once, with all its edits and their copies.
    key: u32,
    /// The secret that was written with it, or `None` if the label alone was.
    secret: Option<String>,
    /// The label that it replaces.
    replaces: Option<String>,
    /// Whether the device said that it is saved.
    is_acknowledged: bool,
}

/// Everything that was written.
#[derive(Default)]
pub(crate) struct Model {
    writes: BTreeMap<String, Write>,
    deleted: BTreeSet<u32>,
}

impl Model {
    /// Notes that a key is about to be added.
    pub(crate) fn add(&mut self) -> Shown {
        let number = u32::try_from(self.writes.len()).expect("some hundreds");
        let secret = format!("secret {number:04}");
        (self.note(number, None, Some(secret.clone())), secret)
    }

    /// Notes that the key with this label is about to get another one. Returns that.
    pub(crate) fn rename(&mut self, label: &str) -> String {
        self.note(self.key(label), Some(label.to_owned()), None)
    }

    /// Notes that the key with this label is about to get another one and a new secret.
    pub(crate) fn replace(&mut self, label: &str) -> Shown {
        let secret = format!("secret {:04}", self.writes.len());
        (self.note(self.key(label), Some(label.to_owned()), Some(secret.clone())), secret)
    }

    fn note(&mut self, key: u32, replaces: Option<String>, secret: Option<String>) -> String {
        let label = format!("key {key:04}, write {:04}", self.writes.len());
        self.writes.insert(label.clone(), Write { key, secret, replaces, is_acknowledged: false });
        label
    }

    /// Notes that somebody asked to delete the key with this label.
    pub(crate) fn delete(&mut self, label: &str) {
        self.deleted.insert(self.key(label));
    }

    /// Notes that the device said that a write is saved.
    pub(crate) fn acknowledge(&mut self, label: &str) {
        self.writes.get_mut(label).expect("it was noted").is_acknowledged = true;
    }

    /// Returns how many writes were acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        self.writes.values().filter(|write| write.is_acknowledged).count()
    }

    fn key(&self, label: &str) -> u32 {
        self.writes.get(label).unwrap_or_else(|| panic!("nobody has written {label}")).key
    }

    /// Returns the keys that are shown. Each must be what some device has written, and have the
    /// secret that was written with it. One of which the label alone was written may have any
    /// secret of its key.
    pub(crate) fn keys(&self, shown: &[Shown]) -> BTreeSet<u32> {
        let key = |(label, secret): &Shown| {
            let key = self.key(label);
            let fits = match &self.writes[label].secret {
                Some(written) => written == secret,
                None => self
                    .writes
                    .values()
                    .any(|write| write.key == key && write.secret.as_ref() == Some(secret)),
            };
            assert!(fits, "{label} has {secret}");
            key
        };
        shown.iter().map(key).collect()
    }

    /// Checks that a device shows every key that it showed before and that nobody deleted.
    pub(crate) fn check_kept(&self, before: &BTreeSet<u32>, now: &BTreeSet<u32>) {
        let lost: Vec<_> = before.difference(now).filter(|key| !self.deleted.contains(key)).collect();
        assert!(lost.is_empty(), "keys disappeared: {lost:?}");
    }

    /// Checks that every acknowledged write is there, or one that replaced it.
    pub(crate) fn check_complete(&self, there: &BTreeSet<String>) {
        for (label, write) in &self.writes {
            if write.is_acknowledged && !self.deleted.contains(&write.key) {
                assert!(self.is_accounted_for(label, there), "lost: {label}. There are: {there:?}");
            }
        }
    }

    fn is_accounted_for(&self, label: &str, there: &BTreeSet<String>) -> bool {
        let mut later = self.writes.iter().filter(|(_, write)| write.replaces.as_deref() == Some(label));
        there.contains(label) || later.any(|(later, _)| self.is_accounted_for(later, there))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(model: &Model, there: &[&str]) -> bool {
        let there = there.iter().map(|label| (*label).to_owned()).collect();
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| model.check_complete(&there))).is_err()
    }

    #[test]
    fn a_lost_write_is_noticed() {
        let mut model = Model::default();
        let first = model.add();
        let (left, right) = (model.replace(&first.0), model.rename(&first.0));
        assert!(!lost(&model, &[]), "nothing was acknowledged");
        for label in [&first.0, &left.0, &right] {
            model.acknowledge(label);
        }
        assert!(!lost(&model, &[&left.0, &right]), "both replace the first one");
        assert!(lost(&model, &[&left.0]) && lost(&model, &[&first.0]));
        model.delete(&left.0);
        assert!(!lost(&model, &[]));
    }
}

//! Which records must be listed again.

use std::collections::BTreeSet;

use crystallum_core::RecordId;

use crate::vault::objects::Objects;

/// The records whose shown parts may have changed since they were listed.
#[derive(Default)]
pub(crate) struct Unlisted {
    changed: BTreeSet<RecordId>,
    /// The record of the pending write that the lists show.
    pending: Option<RecordId>,
}

impl Unlisted {
    /// Nothing is listed yet.
    pub(super) fn all_of(objects: &Objects) -> Self {
        Self { changed: objects.records.keys().copied().collect(), pending: None }
    }

    /// Notes a record whose confirmed parts have changed.
    pub(super) fn note(&mut self, id: RecordId) {
        self.changed.insert(id);
    }

    /// Takes the records to list, given the record of the pending write. That record is always one
    /// of them, and so is the one of the pending write that was there the last time.
    pub(super) fn take(&mut self, pending: Option<RecordId>) -> BTreeSet<RecordId> {
        let mut records = std::mem::take(&mut self.changed);
        records.extend(std::mem::replace(&mut self.pending, pending));
        records.extend(pending);
        records
    }
}

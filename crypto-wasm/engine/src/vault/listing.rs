//! The lists of an open vault, which are made from its overviews.

use std::collections::BTreeMap;

use crystallum_core::{Overview, OverviewSnapshot, PartUnreadable, RecordId};

use crate::vault::open_vault::{OpenVault, Unreadable};
use crate::vault::pending::Pending;

impl OpenVault {
    /// Lists the records again whose parts, as this device shows them, have changed since the last
    /// time, and opens the overviews of no others.
    pub(crate) fn relist(&mut self) {
        self.relist_with(&OverviewSnapshot::default());
    }

    /// Does the same, and opens no overview that is known from a snapshot. Returns how many were.
    pub(crate) fn relist_with(&mut self, known: &OverviewSnapshot) -> usize {
        let pending = self.pending_record();
        let mut found = 0;
        let unlisted = self.unlisted.take(pending);
        self.catalogue.remove_all(&unlisted);
        for id in unlisted {
            self.index.remove(id);
            // A leaf commits to the confirmed parts.
            let leaf = self.state.record(id).filter(|_| pending != Some(id));
            let overview = leaf.and_then(|leaf| known.overview(id, leaf));
            found += usize::from(overview.is_some());
            self.list_record(id, overview);
        }
        self.catalogue.sort();
        found
    }

    /// Takes a snapshot of all confirmed overviews that can be read. Those that the lists do not
    /// hold are opened.
    pub(crate) fn take_snapshot(&self) -> OverviewSnapshot {
        let mut snapshot = OverviewSnapshot::default();
        let wallets: BTreeMap<_, _> =
            self.catalogue.wallets.iter().map(|(id, wallet)| (id, wallet)).collect();
        let listed_overview = |id: &RecordId| {
            let key = self.index.get(*id).cloned().map(Overview::Key);
            key.or_else(|| wallets.get(id).map(|wallet| Overview::Wallet((*wallet).clone())))
        };
        for (id, parts) in &self.objects.records {
            let Some(leaf) = self.state.record(*id) else { continue };
            let listed = if self.pending_record() == Some(*id) { None } else { listed_overview(id) };
            if let Some(overview) = listed.or_else(|| self.open_overview(*id, parts).ok()) {
                // One that cannot be added is opened the next time.
                let _added = snapshot.push(*id, leaf, &overview);
            }
        }
        snapshot
    }

    /// Returns how many confirmed records are listed as readable.
    pub(crate) fn readable_records(&self) -> usize {
        self.objects.records.len().saturating_sub(self.catalogue.unreadable.len())
    }

    fn pending_record(&self) -> Option<RecordId> {
        self.pending.as_ref().and_then(Pending::record).map(|(id, _)| id)
    }

    /// Adds a record to the list of its kind, if it is there, and opens its overview if it is not
    /// known. What cannot be read is listed as such: a device of the vault has written it, so it is
    /// no sign of tampering.
    fn list_record(&mut self, id: RecordId, known: Option<Overview>) {
        let Some(parts) = self.parts(id) else { return };
        let opaque = self.opaque.get(&id).filter(|(version, _)| *version == parts.secret.version());
        let overview = match (opaque, known) {
            (Some((_, why)), _) => Err(Unreadable(*why)),
            // A snapshot may have been made by a version that listed it.
            (None, Some(known)) if !known.is_in_its_place(self.id(), id) => {
                Err(Unreadable(PartUnreadable::NotUnderstood))
            }
            (None, Some(known)) => Ok(known),
            (None, None) => self.open_overview(id, parts),
        };
        let unreadable = &mut self.catalogue.unreadable;
        match overview {
            Ok(Overview::Key(key)) if key.deleted.is_none() => self.index.insert(id, key),
            Ok(Overview::Profile { name }) => self.name = name,
            Ok(other) => self.catalogue.insert(id, other),
            Err(Unreadable(why)) => unreadable.push((id, why)),
        }
    }
}

#[cfg(test)]
mod tests;

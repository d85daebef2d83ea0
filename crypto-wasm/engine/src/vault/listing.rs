//! The lists of an open vault, which are made from its overviews.

use crystallum_core::{Overview, PartUnreadable, RecordId};

use crate::vault::open_vault::{OpenVault, Unreadable};
use crate::vault::pending::Pending;

impl OpenVault {
    /// Lists the records again whose parts, as this device shows them, have changed since the last
    /// time, and opens the overviews of no others.
    pub(crate) fn relist(&mut self) {
        let pending = self.pending.as_ref().and_then(Pending::record).map(|(id, _)| id);
        for id in self.unlisted.take(pending) {
            self.index.remove(id);
            self.catalogue.remove(id);
            self.list_record(id);
        }
        self.catalogue.sort();
    }

    /// Adds a record to the list of its kind, if it is there. What cannot be read is listed as
    /// such: a device of the vault has written it, so it is no sign of tampering.
    fn list_record(&mut self, id: RecordId) {
        let Some(parts) = self.parts(id) else { return };
        let opaque = self.opaque.get(&id).filter(|(version, _)| *version == parts.secret.version);
        let overview = match opaque {
            Some((_, why)) => Err(Unreadable(*why)),
            None => self.open_overview(id, parts),
        };
        let unreadable = &mut self.catalogue.unreadable;
        match overview {
            Ok(Overview::Key(key)) if key.deleted.is_none() => self.index.insert(id, key),
            Ok(Overview::Profile { name }) if id.as_bytes() == self.keys.vault().as_bytes() => {
                self.name = name
            }
            // The profile is the record with the vault's id, and no other record is one.
            Ok(Overview::Profile { .. }) => unreadable.push((id, PartUnreadable::NotUnderstood)),
            Ok(other) => self.catalogue.insert(id, other),
            Err(Unreadable(why)) => unreadable.push((id, why)),
        }
    }
}

#[cfg(test)]
mod tests;

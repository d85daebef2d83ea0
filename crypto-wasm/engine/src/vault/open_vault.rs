//! An open vault: its keys, verified state, ciphertext, and the pending write.

use std::collections::BTreeMap;

use crystallum_core::{
    DeviceId, MethodId, Overview, PartUnreadable, RecordId, Secret, VaultId, VaultKeys, VaultSigner,
    VaultState,
};
use crystallum_messages::{Alarm, ImpossibleState, Saved, SyncState, VaultFailure};

use crate::vault::aside::Aside;
use crate::vault::catalogue::Catalogue;
use crate::vault::disowned::DisownedHeads;
use crate::vault::fresh_sheet::FreshSheet;
use crate::vault::ids::record_id;
use crate::vault::index::Index;
use crate::vault::join::Join;
use crate::vault::objects::Objects;
use crate::vault::orphans::Orphans;
use crate::vault::part::Parts;
use crate::vault::pending::Pending;
use crate::vault::seal::record_context;

/// A vault whose keys have been derived. The root itself has been wiped.
pub(crate) struct OpenVault {
    pub(crate) name: String,
    pub(crate) keys: VaultKeys,
    pub(crate) signer: VaultSigner,
    pub(crate) device: DeviceId,
    /// The sign-in method that opened the vault.
    pub(crate) opened_by: MethodId,
    pub(crate) state: VaultState,
    /// The confirmed ciphertext, in sync with `state`.
    pub(crate) objects: Objects,
    pub(crate) index: Index,
    /// The overviews of all other records, and the trash.
    pub(crate) catalogue: Catalogue,
    /// The records whose secret turned out to be unreadable when it was needed, with its version.
    /// Their overviews may be readable.
    pub(crate) opaque: BTreeMap<RecordId, (u64, PartUnreadable)>,
    pub(crate) pending: Option<Pending>,
    /// The heads that this device signed and gave up.
    pub(crate) disowned: DisownedHeads,
    /// The sign-in methods of those heads, while they may still be adopted.
    pub(crate) orphans: Orphans,
    /// What was set aside, oldest first.
    pub(crate) aside: Vec<Aside>,
    /// The devices that entered the vault and that nobody has looked at yet, oldest first.
    pub(crate) joins: Vec<Join>,
    /// Whether an atomic change with an unknown outcome turned out not to be made, and the user has
    /// not been told yet.
    pub(crate) unreported_failure: bool,
    /// The new recovery code, until it is confirmed.
    pub(crate) sheet: Option<FreshSheet>,
    /// The alarm, once something was refused. Nothing is written any more after that.
    pub(crate) alarm: Option<Alarm>,
    /// How much the account could still store when the server last reported it.
    pub(crate) quota: Option<Quota>,
    pub(crate) sync: SyncState,
}

/// How much an account can still store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    /// How many live records can be added.
    pub(crate) records: u64,
    /// How many bytes of blobs can be added.
    pub(crate) bytes: u64,
    /// How many bytes can be added by changes of the sign-in methods.
    pub(crate) access: u64,
}

/// A part of a record that was asked for cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable(pub(crate) PartUnreadable);

impl From<Unreadable> for VaultFailure {
    fn from(_: Unreadable) -> Self {
        Self::Impossible(ImpossibleState::RecordUnreadable)
    }
}

/// Returns the open vault, or an error if there is none. Drops the code of a sheet that was not
/// confirmed in time.
pub(crate) fn require_open(vault: Option<&mut OpenVault>, now: u64) -> Result<&mut OpenVault, VaultFailure> {
    let vault = vault.ok_or(VaultFailure::Locked)?;
    if vault.sheet.as_ref().is_some_and(|sheet| sheet.is_expired(now)) {
        vault.sheet = None;
    }
    Ok(vault)
}

impl OpenVault {
    /// Creates a vault in a verified state, with no pending write. Its list is empty until
    /// [`reindex`](Self::reindex).
    pub(crate) fn new(
        name: String,
        (keys, signer): (VaultKeys, VaultSigner),
        (device, opened_by): (DeviceId, MethodId),
        state: VaultState,
        objects: Objects,
    ) -> Self {
        Self {
            name,
            keys,
            signer,
            device,
            opened_by,
            state,
            objects,
            index: Index::default(),
            catalogue: Catalogue::default(),
            opaque: BTreeMap::new(),
            pending: None,
            disowned: DisownedHeads::default(),
            orphans: Orphans::default(),
            aside: Vec::new(),
            joins: Vec::new(),
            unreported_failure: false,
            sheet: None,
            alarm: None,
            quota: None,
            sync: SyncState::Synced,
        }
    }

    pub(crate) fn id(&self) -> VaultId {
        self.keys.vault()
    }

    pub(crate) fn counter(&self) -> u64 {
        self.state.head().body().counter
    }

    /// Returns a record's parts as this device shows them, that is, including the pending write.
    pub(crate) fn parts(&self, id: RecordId) -> Option<&Parts> {
        match self.pending.as_ref().and_then(Pending::record) {
            Some((record, parts)) if record == id => parts,
            _ => self.objects.records.get(&id),
        }
    }

    /// Opens every overview again, after the state or the pending write has changed. What cannot be
    /// read is listed as such: a device of the vault has written it, so it is no sign of tampering.
    pub(crate) fn reindex(&mut self) {
        let pending = self.pending.as_ref().and_then(Pending::record);
        let records =
            self.objects.records.iter().filter(|(id, _)| pending.is_none_or(|(record, _)| record != **id));
        let extra = pending.and_then(|(record, parts)| Some((record, parts?)));
        let (mut keys, mut catalogue) = (Vec::new(), Catalogue::default());
        for (id, parts) in records.map(|(id, parts)| (*id, parts)).chain(extra) {
            if let Some((version, why)) = self.opaque.get(&id)
                && *version == parts.secret.version
            {
                catalogue.unreadable.push((id, *why));
                continue;
            }
            match self.open_overview(id, parts) {
                Ok(Overview::Key(key)) if key.deleted.is_none() => keys.push((id, key)),
                Ok(Overview::Profile { name }) if id.as_bytes() == self.id().as_bytes() => self.name = name,
                // The profile is the record with the vault's id, and no other record is one.
                Ok(Overview::Profile { .. }) => {
                    catalogue.unreadable.push((id, PartUnreadable::NotUnderstood));
                }
                Ok(other) => catalogue.insert(id, other),
                Err(Unreadable(why)) => catalogue.unreadable.push((id, why)),
            }
        }
        catalogue.sort();
        self.index = Index::from_overviews(keys.into_iter());
        self.catalogue = catalogue;
    }

    pub(crate) fn open_overview(&self, id: RecordId, parts: &Parts) -> Result<Overview, Unreadable> {
        self.keys
            .open_overview(record_context(id, parts.overview.version), &parts.overview.blob)
            .map_err(Unreadable)
    }

    pub(crate) fn open_secret(&self, id: RecordId, parts: &Parts) -> Result<Secret, Unreadable> {
        self.keys
            .open_secret(record_context(id, parts.secret.version), &parts.secret.blob)
            .map_err(Unreadable)
    }

    /// Reads both parts of a record, which must be of one type. Only such a record may be edited or
    /// copied: what this version does not understand is kept as it is.
    pub(crate) fn open_record(&self, id: RecordId, parts: &Parts) -> Result<(Overview, Secret), Unreadable> {
        let (overview, secret) = both(self.open_overview(id, parts), self.open_secret(id, parts))?;
        let is_one = overview.is_of_one_type_with(&secret);
        if is_one { Ok((overview, secret)) } else { Err(Unreadable(PartUnreadable::NotUnderstood)) }
    }

    /// Describes a record that was just written.
    pub(crate) fn saved(&self, id: RecordId) -> Saved {
        Saved { id: record_id(id), sync: self.sync }
    }
}

/// Returns both parts. That one of them does not open counts for more than that one is not
/// understood.
fn both<A, B>(overview: Result<A, Unreadable>, secret: Result<B, Unreadable>) -> Result<(A, B), Unreadable> {
    match (overview, secret) {
        (Ok(overview), Ok(secret)) => Ok((overview, secret)),
        (Err(_), Err(not_opened @ Unreadable(PartUnreadable::NotOpened))) => Err(not_opened),
        (Err(unreadable), _) | (_, Err(unreadable)) => Err(unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_does_not_open_counts_first() {
        const NOT_OPENED: PartUnreadable = PartUnreadable::NotOpened;
        const NOT_UNDERSTOOD: PartUnreadable = PartUnreadable::NotUnderstood;
        let why = |overview, secret| {
            let part = |why: Option<PartUnreadable>| why.map_or(Ok(()), |why| Err(Unreadable(why)));
            both(part(overview), part(secret)).err().map(|Unreadable(why)| why)
        };
        assert_eq!(why(None, None), None);
        for (overview, secret, expected) in [
            (Some(NOT_OPENED), None, NOT_OPENED),
            (None, Some(NOT_OPENED), NOT_OPENED),
            (Some(NOT_OPENED), Some(NOT_UNDERSTOOD), NOT_OPENED),
            (Some(NOT_UNDERSTOOD), Some(NOT_OPENED), NOT_OPENED),
            (Some(NOT_UNDERSTOOD), None, NOT_UNDERSTOOD),
            (None, Some(NOT_UNDERSTOOD), NOT_UNDERSTOOD),
        ] {
            assert_eq!(why(overview, secret), Some(expected));
        }
    }
}

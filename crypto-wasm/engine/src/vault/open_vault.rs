//! An open vault: its keys, verified state, ciphertext, and the pending write.

use std::collections::{BTreeMap, BTreeSet};

use crystallum_core::{
    DeviceId, MethodId, Overview, PartUnreadable, RecordId, Secret, VaultId, VaultKeys, VaultSigner,
    VaultState,
};
use crystallum_messages::{ImpossibleState, Saved, SyncState, VaultFailure};

use crate::vault::alarm::{EndedAlarm, KeptAlarm};
use crate::vault::aside::Aside;
use crate::vault::catalogue::Catalogue;
use crate::vault::disowned::DisownedHeads;
use crate::vault::fresh_sheet::{ConfirmedSheet, FreshSheet};
use crate::vault::gone_over::GoneOver;
use crate::vault::ids::record_id;
use crate::vault::index::Index;
use crate::vault::join::Join;
use crate::vault::objects::{Objects, Update};
use crate::vault::orphans::Orphans;
use crate::vault::part::{Parts, SecretPart};
use crate::vault::pending::Pending;
use crate::vault::seal::record_context;
use crate::vault::unlisted::Unlisted;

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
    /// What index and catalogue do not show yet.
    pub(super) unlisted: Unlisted,
    /// The records whose secrets have not arrived on this device yet.
    pub(crate) awaited: BTreeSet<RecordId>,
    /// Whether the last attempt to fetch those brought none. The next one comes after a sync.
    pub(crate) waits_for_sync: bool,
    /// Whether the stored snapshot of the overviews is to be written anew.
    pub(crate) snapshot_due: bool,
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
    /// The sheet whose confirmation is not written yet.
    pub(crate) confirmed_sheet: Option<ConfirmedSheet>,
    /// The alarm, once something was refused. Nothing is written any more until it is over.
    pub(crate) alarm: Option<KeptAlarm>,
    /// The alarms that are over and that nobody has looked at yet, oldest first.
    pub(crate) ended: Vec<EndedAlarm>,
    /// What this device does, or has done, since it went over to another history.
    pub(crate) gone_over: Option<GoneOver>,
    /// How much the account could still store when the server last reported it.
    pub(crate) quota: Option<Quota>,
    /// The live sign-in methods with which nobody can sign in at the server, as that says, while
    /// the session is one of the vault's key. `None` in any other session.
    pub(crate) lacking: Option<BTreeSet<MethodId>>,
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

/// Why a secret is not to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretUnavailable {
    /// It has not arrived on this device yet.
    Awaited,
    /// It, or the overview beside it, cannot be read.
    Unreadable(PartUnreadable),
}

impl From<Unreadable> for SecretUnavailable {
    fn from(Unreadable(why): Unreadable) -> Self {
        Self::Unreadable(why)
    }
}

impl From<SecretUnavailable> for VaultFailure {
    fn from(unavailable: SecretUnavailable) -> Self {
        match unavailable {
            SecretUnavailable::Awaited => Self::SecretNotHere,
            SecretUnavailable::Unreadable(why) => Unreadable(why).into(),
        }
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
    /// Creates a vault in a verified state, with no pending write. Its lists are empty until
    /// [`relist`](Self::relist).
    pub(crate) fn new(
        name: String,
        (keys, signer): (VaultKeys, VaultSigner),
        (device, opened_by): (DeviceId, MethodId),
        state: VaultState,
        objects: Objects,
    ) -> Self {
        let unlisted = Unlisted::all_of(&objects);
        let is_awaited = |parts: &Parts| parts.secret.here().is_none();
        let awaited = objects.records.iter().filter(|(_, parts)| is_awaited(parts)).map(|(id, _)| *id);
        let awaited = awaited.collect();
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
            unlisted,
            awaited,
            waits_for_sync: false,
            snapshot_due: true,
            opaque: BTreeMap::new(),
            pending: None,
            disowned: DisownedHeads::default(),
            orphans: Orphans::default(),
            aside: Vec::new(),
            joins: Vec::new(),
            unreported_failure: false,
            sheet: None,
            confirmed_sheet: None,
            alarm: None,
            ended: Vec::new(),
            gone_over: None,
            quota: None,
            lacking: None,
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

    /// Makes what was stored part of the confirmed ciphertext.
    pub(crate) fn apply(&mut self, update: Update) {
        for (id, parts) in &update.records {
            self.unlisted.note(*id);
            // What was deleted for good does not stay in the snapshot until the next unlock.
            self.snapshot_due |= parts.is_none();
        }
        self.take(update);
    }

    /// Takes secrets that were awaited. Nothing that the lists show has changed.
    pub(crate) fn take_secrets(&mut self, secrets: Update) {
        self.take(secrets);
    }

    fn take(&mut self, update: Update) {
        for (id, parts) in &update.records {
            match parts.as_ref().map(|parts| &parts.secret) {
                Some(SecretPart::Awaited { .. }) => self.awaited.insert(*id),
                Some(SecretPart::Here(_)) | None => self.awaited.remove(id),
            };
        }
        self.objects.apply(update);
    }

    /// Returns how many secrets have not arrived on this device yet.
    pub(crate) fn count_awaited(&self) -> u32 {
        u32::try_from(self.awaited.len()).unwrap_or(u32::MAX)
    }

    /// Notes that the secret of a record turned out to be unreadable.
    pub(crate) fn mark_opaque(&mut self, id: RecordId, secret_version: u64, why: PartUnreadable) {
        self.opaque.insert(id, (secret_version, why));
        self.unlisted.note(id);
    }

    pub(crate) fn open_overview(&self, id: RecordId, parts: &Parts) -> Result<Overview, Unreadable> {
        #[cfg(test)]
        opened::add();
        let context = record_context(id, parts.overview.version);
        match self.keys.open_overview(context, &parts.overview.blob) {
            Ok(overview) if overview.is_in_its_place(self.id(), id) => Ok(overview),
            Ok(_) => Err(Unreadable(PartUnreadable::NotUnderstood)),
            Err(why) => Err(Unreadable(why)),
        }
    }

    pub(crate) fn open_secret(&self, id: RecordId, parts: &Parts) -> Result<Secret, SecretUnavailable> {
        let secret = parts.secret.here().ok_or(SecretUnavailable::Awaited)?;
        self.keys
            .open_secret(record_context(id, secret.version), &secret.blob)
            .map_err(SecretUnavailable::Unreadable)
    }

    /// Reads both parts of a record, which must be of one type. Only such a record may be edited or
    /// copied: what this version does not understand is kept as it is.
    pub(crate) fn open_record(
        &self,
        id: RecordId,
        parts: &Parts,
    ) -> Result<(Overview, Secret), SecretUnavailable> {
        let (overview, secret) = both(self.open_overview(id, parts), self.open_secret(id, parts))?;
        let is_one = overview.is_of_one_type_with(&secret);
        if is_one { Ok((overview, secret)) } else { Err(Unreadable(PartUnreadable::NotUnderstood).into()) }
    }

    /// Describes a record that was just written.
    pub(crate) fn saved(&self, id: RecordId) -> Saved {
        Saved { id: record_id(id), sync: self.sync }
    }
}

/// Returns both parts. That one of them does not open counts for more than that one is not
/// understood. Nothing is said of a record whose secret is still to come.
fn both<A, B>(
    overview: Result<A, Unreadable>,
    secret: Result<B, SecretUnavailable>,
) -> Result<(A, B), SecretUnavailable> {
    use SecretUnavailable::{Awaited, Unreadable};
    match (overview, secret) {
        (Ok(overview), Ok(secret)) => Ok((overview, secret)),
        (_, Err(first @ (Awaited | Unreadable(PartUnreadable::NotOpened)))) => Err(first),
        (Err(unreadable), _) => Err(unreadable.into()),
        (Ok(_), Err(unavailable)) => Err(unavailable),
    }
}

/// Counts the overviews that are opened, so that tests can tell what a change costs.
#[cfg(test)]
pub(crate) mod opened {
    use std::cell::Cell;

    thread_local! {
        static OPENED: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn add() {
        OPENED.set(OPENED.get() + 1);
    }

    /// Returns how many overviews were opened while `work` ran.
    pub(crate) fn during(work: impl FnOnce()) -> usize {
        let before = OPENED.get();
        work();
        OPENED.get() - before
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
            both(part(overview), part(secret).map_err(Into::into)).err()
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
            assert_eq!(why(overview, secret), Some(SecretUnavailable::Unreadable(expected)));
        }
        for overview in [Ok(()), Err(Unreadable(NOT_OPENED))] {
            let awaited: Result<(), _> = Err(SecretUnavailable::Awaited);
            assert_eq!(both(overview, awaited), Err(SecretUnavailable::Awaited));
        }
    }
}

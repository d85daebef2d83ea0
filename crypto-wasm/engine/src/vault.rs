//! An open vault: keys, verified state, ciphertext, and the one write that may be in flight.

use crystallum_api as api;
use crystallum_core::{
    DeviceId, Environment, LeafId, Opener, Overview, RecordContext, RecordId, Scope, SlotId, VaultId,
    VaultKeys, VaultSigner, VaultState, Wrap,
};
use crystallum_messages::{self as messages, Alarm, Opened, SyncState};

use crate::catalogue::Catalogue;
use crate::index::Index;
use crate::objects::{Objects, Parts};
use crate::pending::Pending;
use crate::sheet::FreshSheet;

/// The environment of this build's records.
pub(crate) const ENVIRONMENT: Environment = Environment::Real;

/// A vault whose keys are derived. The root is gone.
pub(crate) struct OpenVault {
    pub(crate) name: String,
    pub(crate) keys: VaultKeys,
    pub(crate) signer: VaultSigner,
    pub(crate) device: DeviceId,
    /// The root slot that opened it.
    pub(crate) opened_by: SlotId,
    pub(crate) state: VaultState,
    /// Confirmed ciphertext, in step with `state`.
    pub(crate) objects: Objects,
    pub(crate) index: Index,
    /// Every other record's overview, and what is in the trash.
    pub(crate) catalogue: Catalogue,
    pub(crate) pending: Option<Pending>,
    /// Whether a change that was unsettled was not made in the end, and nobody has been told.
    pub(crate) unmade: bool,
    /// The recovery code that was just made, until it is confirmed.
    pub(crate) sheet: Option<FreshSheet>,
    /// Set once something was refused: nothing is written any more.
    pub(crate) alarm: Option<Alarm>,
    /// What still fitted when the server last said so.
    pub(crate) room: Option<api::RemainingQuota>,
    pub(crate) sync: SyncState,
}

/// A record's own content does not open: a state signed by this vault that none of its devices would write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

impl OpenVault {
    /// A vault in a verified state, with nothing in flight. Its list is empty until [`reindex`](Self::reindex).
    pub(crate) fn new(
        name: String,
        (keys, signer): (VaultKeys, VaultSigner),
        (device, opened_by): (DeviceId, SlotId),
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
            pending: None,
            unmade: false,
            sheet: None,
            alarm: None,
            room: None,
            sync: SyncState::Synced,
        }
    }

    pub(crate) fn id(&self) -> VaultId {
        self.keys.vault()
    }

    pub(crate) fn counter(&self) -> u64 {
        self.state.head().body().counter
    }

    /// A record's parts as this device shows them: with the write in flight.
    pub(crate) fn parts(&self, id: RecordId) -> Option<&Parts> {
        match self.pending.as_ref().and_then(Pending::record) {
            Some((record, parts)) if record == id => parts,
            _ => self.objects.records.get(&id),
        }
    }

    /// Opens every overview again: after another state or another write in flight.
    pub(crate) fn reindex(&mut self) -> Result<(), Unreadable> {
        let pending = self.pending.as_ref().and_then(Pending::record);
        let records =
            self.objects.records.iter().filter(|(id, _)| pending.is_none_or(|(record, _)| record != **id));
        let extra = pending.and_then(|(record, parts)| Some((record, parts?)));
        let (mut keys, mut catalogue) = (Vec::new(), Catalogue::default());
        for (id, parts) in records.map(|(id, parts)| (*id, parts)).chain(extra) {
            match self.open_overview(id, parts)? {
                Overview::Key(key) if key.deleted.is_none() => keys.push((id, key)),
                Overview::Profile { name } => self.name = name,
                other => catalogue.take(id, other),
            }
        }
        catalogue.sort();
        self.index = Index::from_overviews(keys.into_iter());
        self.catalogue = catalogue;
        Ok(())
    }

    pub(crate) fn open_overview(&self, id: RecordId, parts: &Parts) -> Result<Overview, Unreadable> {
        self.keys
            .open_overview(context(id, parts.overview.version), &parts.overview.blob)
            .map_err(|_| Unreadable)
    }

    pub(crate) fn opened(&self) -> Opened {
        Opened {
            id: messages::VaultId(*self.id().as_bytes()),
            name: self.name.clone(),
            change: self.counter(),
            records: u32::try_from(self.index.len()).unwrap_or(u32::MAX),
            ways: crate::ways::counting(self),
            sync: self.sync,
        }
    }
}

pub(crate) fn context(record: RecordId, version: u64) -> RecordContext {
    RecordContext { record, version, environment: ENVIRONMENT }
}

/// The slots of one scope of a state, with their wraps.
pub(crate) fn slots<'a>(
    state: &'a VaultState,
    objects: &'a Objects,
    scope: Scope,
) -> impl Iterator<Item = (SlotId, &'a Wrap)> {
    state.leaves().filter_map(move |(id, _)| match id {
        LeafId::Keyslot(id) if state.keyslot(id)?.scope == scope => Some((id, objects.wraps.get(&id)?)),
        _ => None,
    })
}

/// Credential ids of the passkeys that open a state.
pub(crate) fn passkeys(state: &VaultState, objects: &Objects) -> Vec<Vec<u8>> {
    slots(state, objects, Scope::Root)
        .filter_map(|(_, wrap)| match wrap.opener() {
            Opener::Passkey { credential_id } => Some(credential_id.to_vec()),
            Opener::RecoveryCode { .. } => None,
        })
        .collect()
}

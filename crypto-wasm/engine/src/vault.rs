//! An open vault: keys, verified state, ciphertext, and the one write that may be in flight.

use crystallum_api as api;
use crystallum_core::{
    Blob, DeviceId, Environment, LeafId, Overview, RecordContext, RecordId, Scope, SignedHead, SlotId,
    VaultId, VaultKeys, VaultSigner, VaultState, Wrap,
};
use crystallum_messages::{self as messages, Alarm, Opened, SyncState};

use crate::index::Index;
use crate::objects::{Objects, Part, Parts};

/// The environment of this build's records.
pub(crate) const ENVIRONMENT: Environment = Environment::Real;

/// A vault whose keys are derived. The root is gone.
pub(crate) struct OpenVault {
    pub(crate) name: String,
    pub(crate) keys: VaultKeys,
    pub(crate) signer: VaultSigner,
    pub(crate) device: DeviceId,
    pub(crate) state: VaultState,
    /// Confirmed ciphertext, in step with `state`.
    pub(crate) objects: Objects,
    pub(crate) index: Index,
    pub(crate) pending: Option<Pending>,
    /// Set once something was refused: nothing is written any more.
    pub(crate) alarm: Option<Alarm>,
    /// What still fitted when the server last said so.
    pub(crate) room: Option<api::Room>,
    pub(crate) sync: SyncState,
}

/// A signed write that is stored on this device and not confirmed: the same bytes go to the server until a head at its counter is verified.
#[derive(Clone)]
pub(crate) struct Pending {
    pub(crate) commit: api::Commit,
    /// The record that it is about, and its parts after it; `None` deletes it.
    pub(crate) record: RecordId,
    pub(crate) parts: Option<Parts>,
}

impl Pending {
    /// Reads a stored commit against the state that it was signed on.
    pub(crate) fn restore(commit: api::Commit, vault: &OpenVault) -> Option<Self> {
        let head = SignedHead::from_bytes(commit.head.as_slice()).ok()?;
        let [change] = commit.changes.as_slice() else { return None };
        if head.body().prev != Some(vault.state.head().body().hash()) {
            return None;
        }
        let objects = &vault.objects;
        match change {
            api::Change::Record { id, overview, secret } => {
                let record = RecordId::new(id.0);
                let old = objects.records.get(&record);
                let overview = part(overview.as_ref(), old.map(|parts| &parts.overview))?;
                let secret = part(secret.as_ref(), old.map(|parts| &parts.secret))?;
                Some(Self { record, parts: Some(Parts { overview, secret }), commit })
            }
            api::Change::Tombstone { id, .. } => {
                Some(Self { record: RecordId::new(id.0), parts: None, commit })
            }
            api::Change::Device { .. } | api::Change::Keyslot { .. } => None,
        }
    }

    pub(crate) fn head(&self) -> Option<SignedHead> {
        SignedHead::from_bytes(self.commit.head.as_slice()).ok()
    }
}

fn part(new: Option<&api::Part>, old: Option<&Part>) -> Option<Part> {
    match new {
        Some(new) => {
            Some(Part { version: new.version, blob: Blob::from_bytes(new.blob.as_ref()?.0.clone()) })
        }
        None => old.cloned(),
    }
}

/// A record's own content does not open: a state signed by this vault that none of its devices would write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable;

impl OpenVault {
    /// A vault in a verified state, with nothing in flight. Its list is empty until [`reindex`](Self::reindex).
    pub(crate) fn new(
        name: String,
        (keys, signer): (VaultKeys, VaultSigner),
        device: DeviceId,
        state: VaultState,
        objects: Objects,
    ) -> Self {
        Self {
            name,
            keys,
            signer,
            device,
            state,
            objects,
            index: Index::default(),
            pending: None,
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
        match &self.pending {
            Some(pending) if pending.record == id => pending.parts.as_ref(),
            _ => self.objects.records.get(&id),
        }
    }

    /// Opens every overview again: after another state or another write in flight.
    pub(crate) fn reindex(&mut self) -> Result<(), Unreadable> {
        let pending = self.pending.as_ref();
        let records = self.objects.records.iter().filter(|(id, _)| pending.is_none_or(|p| p.record != **id));
        let extra = pending.and_then(|pending| Some((&pending.record, pending.parts.as_ref()?)));
        let mut keys = Vec::new();
        for (id, parts) in records.chain(extra) {
            match self.open_overview(*id, parts)? {
                Overview::Key(overview) => keys.push((*id, overview)),
                Overview::Profile { name } => self.name = name,
            }
        }
        self.index = Index::from_overviews(keys.into_iter());
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
            sync: self.sync,
        }
    }
}

pub(crate) fn context(record: RecordId, version: u64) -> RecordContext {
    RecordContext { record, version, environment: ENVIRONMENT }
}

/// The root slots of a state with their wraps.
pub(crate) fn root_slots<'a>(
    state: &'a VaultState,
    objects: &'a Objects,
) -> impl Iterator<Item = (SlotId, &'a Wrap)> {
    state.leaves().filter_map(|(id, _)| match id {
        LeafId::Keyslot(id) if state.keyslot(id)?.scope == Scope::Root => Some((id, objects.wraps.get(&id)?)),
        _ => None,
    })
}

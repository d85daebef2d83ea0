//! The pending write: signed and stored on this device, but not confirmed by the server.

use std::collections::BTreeSet;

use crystallum_api as api;
use crystallum_core::{Blob, LeafId, RecordId, SignedHead, VaultState};

use crate::local::load::SignedWrite;
use crate::vault::objects::{Part, Parts, ReceivedBlobs, Update, leaves_changed_by};
use crate::vault::open_vault::OpenVault;

/// A write whose bytes are sent to the server until a head with its counter is verified.
#[derive(Clone)]
pub(crate) struct Pending {
    pub(crate) signed: SignedWrite,
    pub(crate) work: Work,
}

/// What a pending write changes.
#[derive(Clone)]
pub(crate) enum Work {
    /// One record. The write can be replayed on another state.
    Record {
        /// The record.
        id: RecordId,
        /// Its new parts; `None` deletes it.
        parts: Option<Parts>,
    },
    /// Sign-in methods or a wallet's shares, changed on exactly this state or not at all.
    Atomic,
}

/// The state of the vault after the pending write, and the updates that lead to it.
pub(crate) struct NextState {
    pub(crate) state: VaultState,
    pub(crate) update: Update,
    pub(crate) changed: BTreeSet<LeafId>,
}

impl Pending {
    /// Restores a stored write. Returns `None` unless it was signed on this state.
    pub(crate) fn restore(signed: SignedWrite, vault: &OpenVault) -> Option<Self> {
        let commit = &signed.commit;
        if commit.expected_counter != vault.counter()
            || signed.request.as_ref().is_some_and(|request| request.commit != *commit)
        {
            return None;
        }
        next_state(commit, vault)?;
        let work = match signed.commit.changes.as_slice() {
            [api::Change::Record { id, overview, secret }] => {
                let id = RecordId::new(id.0);
                let old = vault.objects.records.get(&id);
                let overview = restore_part(overview.as_ref(), old.map(|parts| &parts.overview))?;
                let secret = restore_part(secret.as_ref(), old.map(|parts| &parts.secret))?;
                Work::Record { id, parts: Some(Parts { overview, secret }) }
            }
            [api::Change::Tombstone { id, .. }] => Work::Record { id: RecordId::new(id.0), parts: None },
            _ => Work::Atomic,
        };
        Some(Self { signed, work })
    }

    /// Computes the state after the write. Returns `None` unless it was signed on this state.
    pub(crate) fn next_state(&self, vault: &OpenVault) -> Option<NextState> {
        next_state(&self.signed.commit, vault)
    }

    pub(crate) fn head(&self) -> Option<SignedHead> {
        SignedHead::from_bytes(self.signed.commit.head.as_slice()).ok()
    }

    /// Returns the record that the write changes, with its new parts. Returns `None` for an atomic
    /// change.
    pub(crate) fn record(&self) -> Option<(RecordId, Option<&Parts>)> {
        match &self.work {
            Work::Record { id, parts } => Some((*id, parts.as_ref())),
            Work::Atomic => None,
        }
    }
}

fn next_state(commit: &api::Commit, vault: &OpenVault) -> Option<NextState> {
    let head = SignedHead::from_bytes(commit.head.as_slice()).ok()?;
    let mut received = ReceivedBlobs::default();
    let changes = received.read_all(&commit.changes, head.body(), Some(&vault.state)).ok()?;
    let mut state = vault.state.clone();
    state.advance(head, &changes).ok()?;
    let changed: BTreeSet<LeafId> = changes.iter().flat_map(leaves_changed_by).collect();
    let update = received.update(&state, &vault.objects, &changed)?;
    Some(NextState { state, update, changed })
}

fn restore_part(new: Option<&api::Part>, old: Option<&Part>) -> Option<Part> {
    match new {
        Some(new) => {
            Some(Part { version: new.version, blob: Blob::from_bytes(new.blob.as_ref()?.0.clone()) })
        }
        None => old.cloned(),
    }
}

//! The one write that may be in flight: signed, stored on this device, and not confirmed.

use std::collections::BTreeSet;

use crystallum_api as api;
use crystallum_core::{Blob, LeafId, RecordId, SignedHead, VaultState};

use crate::local::Waiting;
use crate::objects::{Brought, Part, Parts, Update, touched};
use crate::vault::OpenVault;

/// The same bytes go to the server until a head at its counter is verified.
#[derive(Clone)]
pub(crate) struct Pending {
    pub(crate) waiting: Waiting,
    pub(crate) work: Work,
}

/// What a write in flight is about.
#[derive(Clone)]
pub(crate) enum Work {
    /// One record, and its parts after it; `None` deletes it. It can be replayed on another state.
    Record {
        /// The record.
        id: RecordId,
        /// Its parts afterwards.
        parts: Option<Parts>,
    },
    /// Ways in, or a wallet's shares: made on exactly this state or not at all.
    Whole,
}

/// What a write in flight makes of the vault.
pub(crate) struct After {
    pub(crate) state: VaultState,
    pub(crate) update: Update,
    pub(crate) touched: BTreeSet<LeafId>,
}

impl Pending {
    /// Reads a stored write, if it is what was signed on this state.
    pub(crate) fn restore(waiting: Waiting, vault: &OpenVault) -> Option<Self> {
        let commit = &waiting.commit;
        if commit.expected_counter != vault.counter()
            || waiting.ways.as_ref().is_some_and(|ways| ways.commit != *commit)
        {
            return None;
        }
        after(commit, vault)?;
        let work = match waiting.commit.changes.as_slice() {
            [api::Change::Record { id, overview, secret }] => {
                let id = RecordId::new(id.0);
                let old = vault.objects.records.get(&id);
                let overview = part(overview.as_ref(), old.map(|parts| &parts.overview))?;
                let secret = part(secret.as_ref(), old.map(|parts| &parts.secret))?;
                Work::Record { id, parts: Some(Parts { overview, secret }) }
            }
            [api::Change::Tombstone { id, .. }] => Work::Record { id: RecordId::new(id.0), parts: None },
            _ => Work::Whole,
        };
        Some(Self { waiting, work })
    }

    /// What it makes of the vault; `None` when it is not what was signed on this state.
    pub(crate) fn after(&self, vault: &OpenVault) -> Option<After> {
        after(&self.waiting.commit, vault)
    }

    pub(crate) fn head(&self) -> Option<SignedHead> {
        SignedHead::from_bytes(self.waiting.commit.head.as_slice()).ok()
    }

    /// The record that it changes, with its parts afterwards.
    pub(crate) fn record(&self) -> Option<(RecordId, Option<&Parts>)> {
        match &self.work {
            Work::Record { id, parts } => Some((*id, parts.as_ref())),
            Work::Whole => None,
        }
    }
}

fn after(commit: &api::Commit, vault: &OpenVault) -> Option<After> {
    let head = SignedHead::from_bytes(commit.head.as_slice()).ok()?;
    let mut brought = Brought::default();
    let changes = brought.read_all(&commit.changes, head.body(), Some(&vault.state)).ok()?;
    let mut state = vault.state.clone();
    state.advance(head, &changes).ok()?;
    let touched: BTreeSet<LeafId> = changes.iter().flat_map(touched).collect();
    let update = brought.update(&state, &vault.objects, &touched)?;
    Some(After { state, update, touched })
}

fn part(new: Option<&api::Part>, old: Option<&Part>) -> Option<Part> {
    match new {
        Some(new) => {
            Some(Part { version: new.version, blob: Blob::from_bytes(new.blob.as_ref()?.0.clone()) })
        }
        None => old.cloned(),
    }
}

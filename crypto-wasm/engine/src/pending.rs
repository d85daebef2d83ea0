//! The one write that may be in flight: signed, stored on this device, and not confirmed.

use crystallum_api as api;
use crystallum_core::{Blob, RecordId, SignedHead};

use crate::local::Waiting;
use crate::objects::{Part, Parts};
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

impl Pending {
    /// Reads a stored write against the state that it was signed on.
    pub(crate) fn restore(waiting: Waiting, vault: &OpenVault) -> Option<Self> {
        let head = SignedHead::from_bytes(waiting.commit.head.as_slice()).ok()?;
        if head.body().prev != Some(vault.state.head().body().hash()) {
            return None;
        }
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

fn part(new: Option<&api::Part>, old: Option<&Part>) -> Option<Part> {
    match new {
        Some(new) => {
            Some(Part { version: new.version, blob: Blob::from_bytes(new.blob.as_ref()?.0.clone()) })
        }
        None => old.cloned(),
    }
}

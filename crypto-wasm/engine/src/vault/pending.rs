//! The pending write: signed and stored on this device, but not confirmed by the server.

use std::collections::BTreeSet;

use crystallum_core::{LeafId, RecordId, VaultState};

use crate::vault::change::{Commit, PartChange, SealedChange, SignedWrite, leaves_changed_by};
use crate::vault::objects::{Objects, Update};
use crate::vault::part::{Part, Parts, SecretPart};
use crate::vault::received::{MissingSecrets, ReceivedBlobs};

/// A write whose bytes are sent to the server until a head with its counter is verified.
#[derive(Clone)]
pub(crate) struct Pending {
    pub(crate) signed: SignedWrite,
    pub(crate) work: Work,
    /// Whether the user was told that the change is saved, or can rely on it for another reason.
    /// Its content is then set aside if it can be neither sent nor replayed.
    pub(crate) is_promised: bool,
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
    pub(crate) fn restore(signed: SignedWrite, state: &VaultState, objects: &Objects) -> Option<Self> {
        if signed.commit.expected_counter != state.head().body().counter {
            return None;
        }
        next_state(&signed.commit, state, objects)?;
        let work = match signed.commit.changes.as_slice() {
            [SealedChange::Record { id, overview, secret }] => {
                let old = objects.records.get(id);
                let overview = match overview {
                    Some(new) => restore_part(new)?,
                    None => old?.overview.clone(),
                };
                let secret = match secret {
                    Some(new) => SecretPart::Here(restore_part(new)?),
                    None => old?.secret.clone(),
                };
                Work::Record { id: *id, parts: Some(Parts { overview, secret }) }
            }
            [SealedChange::Tombstone(id, _)] => Work::Record { id: *id, parts: None },
            _ => Work::Atomic,
        };
        Some(Self { signed, work, is_promised: true })
    }

    /// Computes the state after the write. Returns `None` unless it was signed on this state.
    pub(crate) fn next_state(&self, state: &VaultState, objects: &Objects) -> Option<NextState> {
        next_state(&self.signed.commit, state, objects)
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

fn next_state(commit: &Commit, state: &VaultState, objects: &Objects) -> Option<NextState> {
    let mut received = ReceivedBlobs::default();
    let changes = received.take_signed(commit.changes.clone(), commit.head.body(), state).ok()?;
    let mut state = state.clone();
    state.advance(commit.head, &changes).ok()?;
    let changed: BTreeSet<LeafId> = changes.iter().flat_map(leaves_changed_by).collect();
    let update = received.update(&state, objects, &changed, MissingSecrets::Refuse)?;
    Some(NextState { state, update, changed })
}

fn restore_part(new: &PartChange) -> Option<Part> {
    Some(Part { version: new.version, blob: new.blob.clone()? })
}

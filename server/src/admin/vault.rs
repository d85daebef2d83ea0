//! Recomputes a vault from its history as a client does, to the extent possible without keys
//! (FORMAT.md, sections 6 and 7).

mod change;
mod error;
mod record;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crystallum_api::{Change, Id};
use crystallum_format::head::{HeadBody, HeadRejected, NewerHead, Op, SignedHead};
use crystallum_format::ids::VaultId;
use crystallum_format::leaf::{Leaf, LeafId, ShareLeaf, blob_hash};
use crystallum_format::state::{HeadRefused, VaultState};
use crystallum_format::version::{FIRST_EPOCH, FIRST_FORMAT};

use self::change::to_format;
use self::error::HistoryError;
pub(crate) use self::record::{Record, Version};
use crate::vault::rules::are_distinct;

/// A vault after one of its commits.
pub(crate) struct Vault {
    id: Id,
    /// The verified state, `None` before the first commit.
    state: Option<VaultState>,
    records: HashMap<Id, Record>,
    /// Every keyslot that was ever added, in the order of the commits.
    keyslots: Vec<AddedKeyslot>,
}

/// A keyslot as the commit that added it has it now.
pub(crate) struct AddedKeyslot {
    pub(crate) id: Id,
    /// The counter of the commit.
    pub(crate) counter: u64,
    /// SHA-256 of the wrap, or `None` if the commit no longer has one.
    pub(crate) wrap: Option<[u8; 32]>,
}

impl Vault {
    /// Returns a vault without any commits.
    pub(crate) fn new(id: Id) -> Self {
        Self { id, state: None, records: HashMap::new(), keyslots: Vec::new() }
    }

    /// Applies one commit. After an error the vault must not be used any more.
    pub(crate) fn apply_commit(&mut self, head: &[u8], changes: &[Change]) -> Result<(), HistoryError> {
        let vault = VaultId::new(self.id.0);
        let head = SignedHead::parse(head).map_err(|rejected| match rejected {
            HeadRejected::Newer(newer) if self.has_signed(&newer) => HistoryError::Format,
            HeadRejected::Newer(_) => HistoryError::VaultSignature,
            HeadRejected::Malformed => HistoryError::Malformed,
        })?;
        let body = *head.body();
        self.check_header(vault, &body)?;
        ensure(are_distinct(changes), HistoryError::Operation)?;
        let mut leaves = Vec::with_capacity(changes.len());
        for change in changes {
            let record = self.record_after(change, body.counter);
            leaves.push(to_format(change, self.state.as_ref(), record.as_ref())?);
            self.note(change, record, body.counter);
        }
        let advanced = match &mut self.state {
            Some(state) => state.advance(head, &leaves),
            none => VaultState::genesis(vault, head, &leaves).map(|state| *none = Some(state)),
        };
        advanced.map_err(|refused| self.explain(refused, &head))
    }

    /// Returns the roots of the complete subtrees of the history log that end with the newest head.
    pub(crate) fn history_subtrees(&self) -> Vec<u8> {
        let Some(state) = &self.state else { return Vec::new() };
        let mut past = state.past().clone();
        past.push_with_subtrees(&state.head().body().hash()).concat()
    }

    /// Checks how a head continues the one before it. The format checks this too, but does not
    /// distinguish the causes.
    fn check_header(&self, vault: VaultId, body: &HeadBody) -> Result<(), HistoryError> {
        ensure(body.vault == vault, HistoryError::Vault)?;
        ensure(body.min_format == FIRST_FORMAT, HistoryError::Format)?;
        match self.state.as_ref().map(|state| state.head().body()) {
            None => {
                ensure(body.counter == 1, HistoryError::Counter)?;
                ensure(body.prev.is_none() && body.op == Op::Genesis, HistoryError::Parent)?;
                ensure(body.epoch == FIRST_EPOCH, HistoryError::Key)
            }
            Some(parent) => {
                ensure(parent.counter.checked_add(1) == Some(body.counter), HistoryError::Counter)?;
                ensure(body.prev == Some(parent.hash()) && body.op != Op::Genesis, HistoryError::Parent)?;
                let same_key = (body.epoch, body.vault_key) == (parent.epoch, parent.vault_key);
                ensure(same_key, HistoryError::Key)
            }
        }
    }

    /// Returns why the format refuses a head whose header and changes were checked.
    fn explain(&self, refused: HeadRefused, head: &SignedHead) -> HistoryError {
        let HeadBody { op, writer, .. } = *head.body();
        let adds_writer = matches!(op, Op::Genesis | Op::Join);
        match refused {
            HeadRefused::OtherTree => HistoryError::Tree,
            HeadRefused::InvalidSignature
                if !adds_writer && self.state.as_ref().is_none_or(|state| state.device(writer).is_none()) =>
            {
                HistoryError::Writer
            }
            HeadRefused::InvalidSignature if !head.is_signed_by_vault() => HistoryError::VaultSignature,
            HeadRefused::InvalidSignature => HistoryError::DeviceSignature,
            HeadRefused::OtherVault => HistoryError::Key,
            HeadRefused::NotNext => HistoryError::Parent,
            HeadRefused::OtherHistory => HistoryError::History,
            HeadRefused::ForbiddenChanges => HistoryError::Operation,
        }
    }

    /// Returns whether the vault has signed a head of a later version, as far as its key is known.
    fn has_signed(&self, newer: &NewerHead) -> bool {
        self.state.as_ref().is_none_or(|state| newer.is_signed_by(&state.head().body().vault_key))
    }

    /// Returns a changed record as it is after the commit with this counter.
    fn record_after(&self, change: &Change, counter: u64) -> Option<Record> {
        let Change::Record { id, overview, secret } = change else { return None };
        Record::after(self.records.get(id), overview.as_ref(), secret.as_ref(), counter)
    }

    /// Records what the tables are derived from.
    fn note(&mut self, change: &Change, record: Option<Record>, counter: u64) {
        match change {
            Change::Record { id, .. } => self.records.extend(record.map(|record| (*id, record))),
            Change::Tombstone { id, .. } => drop(self.records.remove(id)),
            Change::Keyslot { id, wrap, .. } => {
                let wrap = wrap.as_ref().map(|wrap| blob_hash(wrap.as_slice()));
                self.keyslots.push(AddedKeyslot { id: *id, counter, wrap });
            }
            _ => (),
        }
    }

    /// Returns the counter of the last commit, or 0 if there is none.
    pub(crate) fn counter(&self) -> u64 {
        self.state.as_ref().map_or(0, |state| state.head().body().counter)
    }

    /// Returns the live records.
    pub(crate) fn records(&self) -> &HashMap<Id, Record> {
        &self.records
    }

    /// Returns the verified state, `None` before the first commit.
    pub(crate) fn state(&self) -> Option<&VaultState> {
        self.state.as_ref()
    }

    /// Returns every keyslot that was ever added, in the order of the commits.
    pub(crate) fn keyslots(&self) -> &[AddedKeyslot] {
        &self.keyslots
    }

    /// Returns the live shares.
    pub(crate) fn shares(&self) -> HashMap<Id, ShareLeaf> {
        let leaves = self.state.iter().flat_map(VaultState::leaves);
        leaves
            .filter_map(|leaf| match leaf {
                (LeafId::Share(id), Leaf::Share(share)) => Some((Id(*id.as_bytes()), *share)),
                _ => None,
            })
            .collect()
    }
}

fn ensure(holds: bool, error: HistoryError) -> Result<(), HistoryError> {
    if holds { Ok(()) } else { Err(error) }
}

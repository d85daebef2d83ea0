//! Recomputes a vault from its history as a client does, as far as that is possible without keys
//! (FORMAT.md, sections 6 and 7).

mod leaf;
mod rules;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::{HashMap, HashSet, VecDeque};

use crystallum_api::{Bytes, Change, Id, KEPT_VERSIONS, Part};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::head::Head;
use leaf::Kind;
use rules::GENESIS;
use tree::Tree;

type Hash = [u8; 32];

/// The length of an uncompressed SEC1 point.
const DEVICE_KEY_BYTES: usize = 65;

/// Why a stored commit is not a valid successor in its vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum HistoryError {
    #[error("its head has not the form of a head")]
    Malformed,
    #[error("its head is of another vault")]
    Vault,
    #[error("its head has another number")]
    Counter,
    #[error("its head asks for a format or names an operation that this version does not know")]
    Format,
    #[error("its head does not name the head before it")]
    Parent,
    #[error("its head has another key epoch or vault key than the head before it")]
    Key,
    #[error("its operation does not allow what it changes")]
    Operation,
    #[error("what it changes does not follow from what was there before")]
    Change,
    #[error(
        "the tree with its changes has not the root or the number of leaves that its head was signed for"
    )]
    Tree,
    #[error("its writer is no device of the vault")]
    Writer,
    #[error("the vault's signature does not verify")]
    VaultSignature,
    #[error("the device's signature does not verify")]
    DeviceSignature,
}

/// One version of a part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) number: u64,
    pub(crate) hash: Hash,
    /// The counter of the commit that wrote this version.
    pub(crate) counter: u64,
}

/// A live record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) overview: Version,
    pub(crate) secret: Version,
    /// The earlier secrets that the server keeps, oldest first.
    pub(crate) earlier: VecDeque<Version>,
}

/// A live share: its dealing, its store, and its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) set: Id,
    pub(crate) epoch: u32,
    pub(crate) store: Id,
    pub(crate) hash: Hash,
}

/// A vault after one of its commits.
pub(crate) struct Vault {
    id: Id,
    parent: Option<Parent>,
    tree: Tree,
    records: HashMap<Id, Record>,
    deleted: HashMap<Id, u64>,
    /// The live keyslots and their scopes.
    slots: HashMap<Id, u8>,
    devices: HashMap<Id, Vec<u8>>,
    shares: HashMap<Id, Share>,
    /// All keyslots and devices that ever existed.
    members: HashSet<(u8, Id)>,
}

struct Parent {
    hash: Hash,
    counter: u64,
    epoch: u32,
    min_format: u16,
    vault_key: Hash,
}

impl Vault {
    /// Returns a vault without any commits.
    pub(crate) fn new(id: Id) -> Self {
        Self {
            id,
            parent: None,
            tree: Tree::default(),
            records: HashMap::new(),
            deleted: HashMap::new(),
            slots: HashMap::new(),
            devices: HashMap::new(),
            shares: HashMap::new(),
            members: HashSet::new(),
        }
    }

    /// Applies one commit. After an error the vault must not be used any more.
    pub(crate) fn apply_commit(&mut self, head: &[u8], changes: &[Change]) -> Result<(), HistoryError> {
        self.apply_with(head, changes, |wrap| Sha256::digest(wrap).into())
    }

    fn apply_with(
        &mut self,
        head: &[u8],
        changes: &[Change],
        wrap_hash: fn(&[u8]) -> Hash,
    ) -> Result<(), HistoryError> {
        let head = Head::parse(head).ok_or(HistoryError::Malformed)?;
        self.check_header(&head)?;
        ensure(rules::allows(head.op, head.writer, changes, self), HistoryError::Operation)?;
        let slots_before = self.slots_by_scope();
        for change in changes {
            self.apply_change(change, wrap_hash).ok_or(HistoryError::Change)?;
        }
        ensure(
            rules::keeps_enough_slots(head.op, slots_before, self.slots_by_scope()),
            HistoryError::Operation,
        )?;
        ensure(head.root == self.tree.root() && head.leaves == self.tree.leaves(), HistoryError::Tree)?;
        let key = self.devices.get(&head.writer).ok_or(HistoryError::Writer)?;
        ensure(head.vault_has_signed(), HistoryError::VaultSignature)?;
        ensure(head.device_has_signed(key), HistoryError::DeviceSignature)?;
        let Head { hash, counter, epoch, min_format, vault_key, .. } = head;
        self.parent = Some(Parent { hash, counter, epoch, min_format, vault_key });
        Ok(())
    }

    fn check_header(&self, head: &Head) -> Result<(), HistoryError> {
        ensure(head.vault == self.id, HistoryError::Vault)?;
        ensure(head.min_format == 1 && rules::is_known(head.op), HistoryError::Format)?;
        match &self.parent {
            None => {
                ensure(head.counter == 1, HistoryError::Counter)?;
                ensure(head.prev.is_none() && head.op == GENESIS, HistoryError::Parent)?;
                ensure(head.epoch == 1, HistoryError::Key)
            }
            Some(parent) => {
                ensure(parent.counter.checked_add(1) == Some(head.counter), HistoryError::Counter)?;
                ensure(head.prev == Some(parent.hash) && head.op != GENESIS, HistoryError::Parent)?;
                ensure(head.min_format >= parent.min_format, HistoryError::Format)?;
                ensure(head.epoch == parent.epoch && head.vault_key == parent.vault_key, HistoryError::Key)
            }
        }
    }

    fn apply_change(&mut self, change: &Change, wrap_hash: fn(&[u8]) -> Hash) -> Option<()> {
        match change {
            Change::Device { id, key, max_format, added_by } => {
                (key.0.len() == DEVICE_KEY_BYTES).then_some(())?;
                self.devices.insert(*id, key.0.clone()).is_none().then_some(())?;
                self.members.insert((4, *id));
                let fields: [&[u8]; 3] = [&key.0, &max_format.to_be_bytes(), &added_by.0];
                self.set_leaf(Kind::Device, *id, &fields);
            }
            Change::Keyslot { id, slot_kind, scope, wrap } => {
                self.slots.insert(*id, *scope).is_none().then_some(())?;
                self.members.insert((3, *id));
                self.set_leaf(Kind::Keyslot, *id, &[&[*slot_kind], &[*scope], &wrap_hash(&wrap.0)]);
            }
            Change::KeyslotGone { id } => {
                self.slots.remove(id)?;
                self.tree.set(leaf::position(Kind::Keyslot, *id), None);
            }
            Change::Record { id, overview, secret } => {
                let record = self.updated_record(*id, overview.as_ref(), secret.as_ref())?;
                let (versions, hashes) = (
                    [record.overview.number, record.secret.number],
                    [record.overview.hash, record.secret.hash],
                );
                let versions = versions.map(u64::to_be_bytes);
                self.records.insert(*id, record);
                self.set_leaf(Kind::Record, *id, &[&versions[0], &hashes[0], &versions[1], &hashes[1]]);
            }
            Change::Tombstone { id, version } => {
                let Record { overview, secret, .. } = self.records.remove(id)?;
                (*version > overview.number && *version > secret.number).then_some(())?;
                self.deleted.insert(*id, *version);
                self.tree.set(leaf::position(Kind::Record, *id), None);
                self.set_leaf(Kind::Tombstone, *id, &[&version.to_be_bytes()]);
            }
            Change::Share { id, set, epoch, k, n, index, store, hash } => {
                let hash: Hash = hash.0.as_slice().try_into().ok()?;
                self.shares
                    .insert(*id, Share { set: *set, epoch: *epoch, store: *store, hash })
                    .is_none()
                    .then_some(())?;
                let fields: [&[u8]; 7] =
                    [&set.0, &epoch.to_be_bytes(), &[*k], &[*n], &[*index], &store.0, &hash];
                self.set_leaf(Kind::Share, *id, &fields);
            }
            Change::ShareGone { id } => {
                self.shares.remove(id)?;
                self.tree.set(leaf::position(Kind::Share, *id), None);
            }
        }
        Some(())
    }

    /// Counts the live keyslots of each scope.
    fn slots_by_scope(&self) -> [usize; 2] {
        [1, 2].map(|wanted| self.slots.values().filter(|scope| **scope == wanted).count())
    }

    /// Returns a record after a change. The version of each changed part increases by one.
    fn updated_record(&self, id: Id, overview: Option<&Part>, secret: Option<&Part>) -> Option<Record> {
        if self.deleted.contains_key(&id) || (overview.is_none() && secret.is_none()) {
            return None;
        }
        let before = self.records.get(&id);
        let next = |part: Option<&Part>, before: Option<Version>| match part {
            None => before,
            Some(Part { version, hash: Bytes(hash), .. }) => {
                let expected = before.map_or(Some(1), |before| before.number.checked_add(1));
                let hash = hash.as_slice().try_into().ok()?;
                (Some(*version) == expected).then_some(Version {
                    number: *version,
                    hash,
                    counter: self.counter() + 1,
                })
            }
        };
        let mut earlier = before.map(|record| record.earlier.clone()).unwrap_or_default();
        if let (Some(_), Some(record)) = (secret, before) {
            earlier.push_back(record.secret);
            if earlier.len() > KEPT_VERSIONS {
                earlier.pop_front();
            }
        }
        Some(Record {
            overview: next(overview, before.map(|record| record.overview))?,
            secret: next(secret, before.map(|record| record.secret))?,
            earlier,
        })
    }

    fn set_leaf(&mut self, kind: Kind, id: Id, fields: &[&[u8]]) {
        let position = leaf::position(kind, id);
        self.tree.set(position, Some(leaf::hash(kind, &position, fields)));
    }

    /// Returns the counter of the last commit, or 0 if there is none.
    pub(crate) fn counter(&self) -> u64 {
        self.parent.as_ref().map_or(0, |parent| parent.counter)
    }

    /// Returns the live records.
    pub(crate) fn records(&self) -> &HashMap<Id, Record> {
        &self.records
    }

    /// Returns the deleted records and the versions of their tombstones.
    pub(crate) fn deleted(&self) -> &HashMap<Id, u64> {
        &self.deleted
    }

    /// Returns the live shares.
    pub(crate) fn shares(&self) -> &HashMap<Id, Share> {
        &self.shares
    }

    /// Returns whether a keyslot is live.
    pub(crate) fn has_slot(&self, id: Id) -> bool {
        self.slots.contains_key(&id)
    }

    /// Returns all keyslots (kind 3) and devices (kind 4) that ever existed.
    pub(crate) fn members(&self) -> &HashSet<(u8, Id)> {
        &self.members
    }
}

fn ensure(holds: bool, error: HistoryError) -> Result<(), HistoryError> {
    if holds { Ok(()) } else { Err(error) }
}

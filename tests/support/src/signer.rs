//! A vault that signs its states, implemented from FORMAT.md. Its ciphertexts are random bytes,
//! everything else is real.

use std::collections::BTreeMap;

use crystallum_api::{Bytes, Challenge, Change, Commit, Id, Part, VaultProof};
use p256::ecdsa::signature::Signer as _;

use crate::commits::{device_key, hash, id, operation, part, vault_key};
use crate::format::{body_length, encode, fields, head_hash, head_message};
use crate::seeded_rng::SeededRng;
use crate::tree::{Hash, history, leaf, position, root};

/// The operation that creates a vault.
pub const GENESIS: u8 = 1;
/// The operation that changes records.
pub const WRITE: u8 = 2;
/// The operation with which a device joins.
pub const JOIN: u8 = 3;
/// The operation that changes sign-in methods.
pub const SIGN_IN_METHODS: u8 = 5;
/// The operation that changes a wallet and its shares.
pub const WALLET: u8 = 6;
/// The operation that removes devices.
pub const DEVICES: u8 = 8;

/// A live record: the versions and hashes of both parts.
#[derive(Clone, Copy, Default)]
pub struct Record {
    /// The overview.
    pub overview: (u64, Hash),
    /// The secret.
    pub secret: (u64, Hash),
}

/// A state on which the next one is signed.
#[derive(Clone)]
pub struct Signer {
    /// The id of the vault.
    pub vault: Id,
    /// The number of writes so far.
    pub counter: u64,
    /// The live records.
    pub records: BTreeMap<Id, Record>,
    /// The head of the newest write.
    pub head: Vec<u8>,
    /// The hash of every head so far.
    heads: Vec<Hash>,
    leaves: BTreeMap<Hash, Hash>,
    vault_key: ed25519_dalek::SigningKey,
    device: Id,
    device_key: p256::ecdsa::SigningKey,
}

impl Signer {
    /// Returns the state before the genesis of a new vault.
    pub fn new(rng: &mut SeededRng) -> Self {
        Self {
            vault: rng.id(),
            counter: 0,
            records: BTreeMap::new(),
            head: Vec::new(),
            heads: Vec::new(),
            leaves: BTreeMap::new(),
            vault_key: ed25519_dalek::SigningKey::from_bytes(&rng.bytes()),
            device: rng.id(),
            device_key: p256::ecdsa::SigningKey::from_slice(&rng.bytes::<32>())
                .expect("hardly any 32 bytes are not a key"),
        }
    }

    /// Returns the state before the genesis of the vault with this id. The keys of the vault and of
    /// its first device follow from their ids.
    pub fn named(vault: Id) -> Self {
        let device = id("device");
        Self {
            vault,
            counter: 0,
            records: BTreeMap::new(),
            head: Vec::new(),
            heads: Vec::new(),
            leaves: BTreeMap::new(),
            vault_key: vault_key(vault),
            device,
            device_key: device_key(device),
        }
    }

    /// Returns the state before the genesis of this vault.
    pub fn before_genesis(&self) -> Self {
        Self {
            counter: 0,
            records: BTreeMap::new(),
            head: Vec::new(),
            heads: Vec::new(),
            leaves: BTreeMap::new(),
            ..self.clone()
        }
    }

    /// Returns this state with another device as the writer, whose key follows from its id.
    pub fn written_by(&self, device: Id) -> Self {
        Self { device, device_key: device_key(device), ..self.clone() }
    }

    /// Returns the device that writes.
    pub fn device(&self) -> Id {
        self.device
    }

    /// Returns a commit with these changes, whose id follows from `name` and whose operation from
    /// the changes. It is written by the device that the changes add, if they add one.
    pub fn commit(&self, name: &str, changes: Vec<Change>) -> Commit {
        let op = if self.counter == 0 { GENESIS } else { operation(&changes) };
        let added = changes.iter().find_map(|change| match change {
            Change::Device { id, .. } => Some(*id),
            _ => None,
        });
        let writer = added.map(|device| self.written_by(device));
        writer.as_ref().unwrap_or(self).sign_as(op, changes, id(name)).1
    }

    /// Returns the state after a commit on this one.
    pub fn after(&self, commit: &Commit) -> Self {
        let mut next = self.clone();
        for change in &commit.changes {
            next.apply_change(change);
        }
        next.counter += 1;
        let Bytes(head) = &commit.head;
        next.heads.push(head_hash(&head[..body_length(head)]));
        next.head.clone_from(head);
        next
    }

    /// Returns the genesis commit and the state after it.
    pub fn genesis(&self, rng: &mut SeededRng) -> (Self, Commit) {
        let (method, root, cold) = (rng.id(), rng.id(), rng.id());
        let slot = |id, scope, rng: &mut SeededRng| {
            let wrap = rng.blob(200);
            Change::Keyslot { id, method, slot_kind: 1, scope, hash: hash(&wrap), wrap: Some(Bytes(wrap)) }
        };
        let point = self.device_key.verifying_key().to_sec1_point(false);
        let device = Change::Device {
            id: self.device,
            key: Bytes(point.as_bytes().to_vec()),
            max_format: 1,
            added_by: method,
        };
        let changes = vec![device, slot(root, 1, rng), slot(cold, 2, rng), self.add(self.vault, rng, 1_024)];
        self.sign(GENESIS, changes, rng)
    }

    /// Returns a change that adds a record.
    pub fn add(&self, id: Id, rng: &mut SeededRng, class: usize) -> Change {
        Change::Record { id, overview: random_part(rng, 1, 512), secret: random_part(rng, 1, class) }
    }

    /// Returns a change with new versions of one or both parts of a record.
    pub fn edit(&self, id: Id, overview: bool, secret: bool, rng: &mut SeededRng) -> Change {
        let record = self.records[&id];
        Change::Record {
            id,
            overview: if overview { random_part(rng, record.overview.0 + 1, 2_048) } else { None },
            secret: if secret { random_part(rng, record.secret.0 + 1, 1_024) } else { None },
        }
    }

    /// Returns a change that deletes a record.
    pub fn delete(&self, id: Id) -> Change {
        let record = self.records[&id];
        Change::Tombstone { id, version: record.overview.0.max(record.secret.0) + 1 }
    }

    /// Returns the state after these changes, and the commit that makes them.
    pub fn sign(&self, op: u8, changes: Vec<Change>, rng: &mut SeededRng) -> (Self, Commit) {
        self.sign_as(op, changes, rng.id())
    }

    /// Returns the state after these changes, and the commit with this id that makes them. Whether
    /// the operation allows the changes is not checked.
    pub fn sign_as(&self, op: u8, changes: Vec<Change>, commit_id: Id) -> (Self, Commit) {
        let mut next = self.clone();
        for change in &changes {
            next.apply_change(change);
        }
        let mut body = vec![1, 1, 0, 1, op];
        body.extend_from_slice(&self.vault.0);
        body.extend_from_slice(&1_u32.to_be_bytes());
        body.extend_from_slice(&(self.counter + 1).to_be_bytes());
        body.push(u8::from(!self.heads.is_empty()));
        body.extend(self.heads.last().into_iter().flatten());
        body.extend_from_slice(&history(&self.heads));
        let leaves: Vec<(Hash, Hash)> = next.leaves.iter().map(|(at, leaf)| (*at, *leaf)).collect();
        body.extend_from_slice(&root(&leaves, 0));
        body.extend_from_slice(&u64::try_from(leaves.len()).expect("64 bits").to_be_bytes());
        body.extend_from_slice(&self.device.0);
        body.extend_from_slice(&1_800_000_000_000_u64.to_be_bytes());
        body.extend_from_slice(self.vault_key.verifying_key().as_bytes());
        let message = head_message(&head_hash(&body));
        let by_device: p256::ecdsa::Signature = self.device_key.sign(&message);
        body.extend_from_slice(&self.vault_key.sign(&message).to_bytes());
        body.extend_from_slice(&by_device.to_bytes());
        let commit = Commit { commit_id, expected_counter: self.counter, changes, head: Bytes(body) };
        (self.after(&commit), commit)
    }

    /// Signs a nonce with the vault's key and that of the device that writes, for a server of this
    /// host name.
    pub fn vault_proof(&self, challenge: &Challenge, host: &str) -> VaultProof {
        let point = self.device_key.verifying_key().to_sec1_point(false);
        let key_hash = hash(point.as_bytes());
        let values: [&[u8]; 3] = [host.as_bytes(), challenge.challenge.as_slice(), key_hash.as_slice()];
        let message = encode("crystallum/1/login/vault", &fields(&values));
        let by_device: p256::ecdsa::Signature = self.device_key.sign(&message);
        VaultProof {
            ceremony: challenge.ceremony,
            device: self.device,
            device_key: Bytes(point.as_bytes().to_vec()),
            vault_signature: Bytes(self.vault_key.sign(&message).to_bytes().to_vec()),
            device_signature: Bytes(by_device.to_bytes().to_vec()),
        }
    }

    /// Applies a change, whether it is allowed or not.
    fn apply_change(&mut self, change: &Change) {
        match change {
            Change::Device { id, key, max_format, added_by } => {
                self.set_leaf(4, "device", *id, &[&key.0, &max_format.to_be_bytes(), &added_by.0]);
            }
            Change::DeviceGone { id } => drop(self.leaves.remove(&position(4, *id))),
            Change::Keyslot { id, method, slot_kind, scope, hash, .. } => {
                let fields: [&[u8]; 4] = [&method.0, &[*slot_kind], &[*scope], &hash.0];
                self.set_leaf(3, "keyslot", *id, &fields);
            }
            Change::Record { id, overview, secret } => {
                let mut record = self.records.get(id).copied().unwrap_or_default();
                for (new, part) in [(overview, &mut record.overview), (secret, &mut record.secret)] {
                    if let Some(new) = new {
                        *part = (new.version, new.hash.0.as_slice().try_into().unwrap_or_default());
                    }
                }
                self.records.insert(*id, record);
                let Record { overview, secret } = record;
                let versions = [overview.0.to_be_bytes(), secret.0.to_be_bytes()];
                self.set_leaf(1, "record", *id, &[&versions[0], &overview.1, &versions[1], &secret.1]);
            }
            Change::Tombstone { id, version } => {
                self.records.remove(id);
                self.leaves.remove(&position(1, *id));
                self.set_leaf(2, "tombstone", *id, &[&version.to_be_bytes()]);
            }
            Change::Share { id, record, set, epoch, k, n, index, store, hash } => {
                let fields: [&[u8]; 8] =
                    [&record.0, &set.0, &epoch.to_be_bytes(), &[*k], &[*n], &[*index], &store.0, &hash.0];
                self.set_leaf(5, "share", *id, &fields);
            }
            Change::ShareGone { id } => drop(self.leaves.remove(&position(5, *id))),
            Change::KeyslotGone { id } => drop(self.leaves.remove(&position(3, *id))),
        }
    }

    fn set_leaf(&mut self, kind: u8, name: &str, id: Id, values: &[&[u8]]) {
        let value = encode(&format!("crystallum/1/leaf/{name}"), &fields(values));
        let at = position(kind, id);
        self.leaves.insert(at, leaf(&at, &value));
    }
}

/// Returns a part whose ciphertext is random bytes in place of a sealed blob of this size class.
fn random_part(rng: &mut SeededRng, version: u64, class: usize) -> Option<Part> {
    part(version, rng.blob(82 + class))
}

//! A vault that signs its states, implemented from FORMAT.md. Its ciphertexts are random bytes,
//! everything else is real.

use std::collections::BTreeMap;

use crystallum_api::{Bytes, Change, Commit, Id, Part};
use p256::ecdsa::signature::Signer as _;
use sha2::{Digest, Sha256};

use crate::commits::{hash, part};
use crate::format::{encode, fields, head_hash, head_message};
use crate::seeded_rng::SeededRng;

type Hash = [u8; 32];

/// The operation that creates a vault.
pub const GENESIS: u8 = 1;
/// The operation that changes records.
pub const WRITE: u8 = 2;
/// The operation that changes sign-in methods.
pub const SIGN_IN_METHODS: u8 = 5;
/// The operation that changes a wallet and its shares.
pub const WALLET: u8 = 6;

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
        let mut next = self.clone();
        for change in &changes {
            next.apply_change(change);
        }
        next.counter += 1;
        let mut body = vec![1, 1, 0, 1, op];
        body.extend_from_slice(&self.vault.0);
        body.extend_from_slice(&1_u32.to_be_bytes());
        body.extend_from_slice(&next.counter.to_be_bytes());
        body.push(u8::from(!self.heads.is_empty()));
        body.extend(self.heads.last().into_iter().flatten());
        body.extend_from_slice(&history(&self.heads));
        let leaves: Vec<(Hash, Hash)> = next.leaves.iter().map(|(at, leaf)| (*at, *leaf)).collect();
        body.extend_from_slice(&root(&leaves, 0));
        body.extend_from_slice(&u64::try_from(leaves.len()).expect("64 bits").to_be_bytes());
        body.extend_from_slice(&self.device.0);
        body.extend_from_slice(&1_800_000_000_000_u64.to_be_bytes());
        body.extend_from_slice(self.vault_key.verifying_key().as_bytes());
        let hash = head_hash(&body);
        let message = head_message(&hash);
        let by_device: p256::ecdsa::Signature = self.device_key.sign(&message);
        body.extend_from_slice(&self.vault_key.sign(&message).to_bytes());
        body.extend_from_slice(&by_device.to_bytes());
        next.heads.push(hash);
        next.head.clone_from(&body);
        let commit =
            Commit { commit_id: rng.id(), expected_counter: self.counter, changes, head: Bytes(body) };
        (next, commit)
    }

    fn apply_change(&mut self, change: &Change) {
        match change {
            Change::Device { id, key, max_format, added_by } => {
                self.set_leaf(4, "device", *id, &[&key.0, &max_format.to_be_bytes(), &added_by.0]);
            }
            Change::DeviceGone { id } => drop(self.leaves.remove(&position(4, *id)).expect("a device")),
            Change::Keyslot { id, method, slot_kind, scope, hash, .. } => {
                let fields: [&[u8]; 4] = [&method.0, &[*slot_kind], &[*scope], &hash.0];
                self.set_leaf(3, "keyslot", *id, &fields);
            }
            Change::Record { id, overview, secret } => {
                let mut record = self.records.get(id).copied().unwrap_or_default();
                for (new, part) in [(overview, &mut record.overview), (secret, &mut record.secret)] {
                    if let Some(new) = new {
                        *part = (new.version, new.hash.0.as_slice().try_into().expect("a hash has 32 bytes"));
                    }
                }
                self.records.insert(*id, record);
                let Record { overview, secret } = record;
                let versions = [overview.0.to_be_bytes(), secret.0.to_be_bytes()];
                self.set_leaf(1, "record", *id, &[&versions[0], &overview.1, &versions[1], &secret.1]);
            }
            Change::Tombstone { id, version } => {
                self.records.remove(id).expect("only live records are deleted");
                self.leaves.remove(&position(1, *id)).expect("it was live");
                self.set_leaf(2, "tombstone", *id, &[&version.to_be_bytes()]);
            }
            Change::Share { id, record, set, epoch, k, n, index, store, hash } => {
                let fields: [&[u8]; 8] =
                    [&record.0, &set.0, &epoch.to_be_bytes(), &[*k], &[*n], &[*index], &store.0, &hash.0];
                self.set_leaf(5, "share", *id, &fields);
            }
            Change::ShareGone { id } => drop(self.leaves.remove(&position(5, *id)).expect("a live share")),
            Change::KeyslotGone { id } => drop(self.leaves.remove(&position(3, *id)).expect("a keyslot")),
        }
    }

    fn set_leaf(&mut self, kind: u8, name: &str, id: Id, values: &[&[u8]]) {
        let value = encode(&format!("crystallum/1/leaf/{name}"), &fields(values));
        let at = position(kind, id);
        let hash = Sha256::new().chain_update([0]).chain_update(at).chain_update(Sha256::digest(value));
        self.leaves.insert(at, hash.finalize().into());
    }
}

/// Returns a part whose ciphertext is random bytes in place of a sealed blob of this size class.
fn random_part(rng: &mut SeededRng, version: u64, class: usize) -> Option<Part> {
    part(version, rng.blob(82 + class))
}

/// Returns the Merkle tree hash of RFC 9162 over the hashes of heads.
fn history(heads: &[Hash]) -> Hash {
    match heads {
        [] => Sha256::digest([]).into(),
        [head] => Sha256::new().chain_update([0]).chain_update(head).finalize().into(),
        _ => {
            let (left, right) = heads.split_at(heads.len().next_power_of_two() / 2);
            let node = Sha256::new().chain_update([1]).chain_update(history(left));
            node.chain_update(history(right)).finalize().into()
        }
    }
}

fn position(kind: u8, id: Id) -> Hash {
    Sha256::new().chain_update([3, kind]).chain_update(id.0).finalize().into()
}

/// Returns the root of the subtree with these sorted leaves.
fn root(leaves: &[(Hash, Hash)], depth: usize) -> Hash {
    match leaves {
        [] => [0; 32],
        [(_, leaf)] => *leaf,
        _ => {
            let right = |(at, _): &(Hash, Hash)| at[depth / 8] & (0x80 >> (depth % 8)) != 0;
            let (left, right) = leaves.split_at(leaves.partition_point(|leaf| !right(leaf)));
            let node = Sha256::new().chain_update([1]).chain_update(root(left, depth + 1));
            node.chain_update(root(right, depth + 1)).finalize().into()
        }
    }
}

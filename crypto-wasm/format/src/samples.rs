//! A sample vault with fixed ids, keys and hashes, for the tests of this crate and of the core.

pub mod signatures;

use std::collections::BTreeMap;

use ed25519_dalek::Signer as _;
use p256::ecdsa::SigningKey;
use sha2::{Digest, Sha256};

use crate::change::Change;
use crate::head::{HeadBody, Op, SignedHead};
use crate::ids::{DeviceId, MethodId, RecordId, ShareId, ShareSetId, SlotId, StoreId, VaultId};
use crate::keyslot::{Scope, SlotKind};
use crate::leaf::{DeviceLeaf, KeyslotLeaf, Leaf, LeafId, RecordLeaf, ShareLeaf};
use crate::state::VaultState;
use crate::tree::Tree;
use crate::vault_key::VaultVerifier;
use crate::version::MAX_FORMAT;

/// The sample vault.
pub const VAULT: VaultId = VaultId::new([0x11; 16]);
/// Its first device, which creates it.
pub const DEVICE: DeviceId = DeviceId::new([0xa1; 16]);
/// A device that joins it.
pub const SECOND_DEVICE: DeviceId = DeviceId::new([0xa2; 16]);
/// Its first sign-in method.
pub const METHOD: MethodId = MethodId::new([0x30; 16]);
/// The root keyslot of its first sign-in method.
pub const ROOT_SLOT: SlotId = SlotId::new([0x31; 16]);
/// The cold keyslot of its first sign-in method.
pub const COLD_SLOT: SlotId = SlotId::new([0x32; 16]);
/// The record of its profile, which has the vault's id.
pub const PROFILE: RecordId = RecordId::new(*VAULT.as_bytes());
/// A record.
pub const RECORD: RecordId = RecordId::new([0x42; 16]);
/// A wallet's record.
pub const WALLET: RecordId = RecordId::new([0x43; 16]);
/// That wallet's set of shares.
pub const SET: ShareSetId = ShareSetId::new([0x51; 16]);
/// When its genesis is signed.
pub const TIME: u64 = 1_760_000_000_000;

/// Returns the store of share `index` of the sample wallet.
pub const fn store(index: u8) -> StoreId {
    StoreId::new([0x60 + index; 16])
}

/// Returns the seed of the signing key that the core derives for the sample vault from a root of 32
/// times one byte, which is 1 or 2.
fn vault_key(root: u8) -> ed25519_dalek::SigningKey {
    let seed = match root {
        1 => [
            0x89, 0x3b, 0xf2, 0x73, 0x27, 0x45, 0x4a, 0xf1, 0x45, 0x0e, 0x23, 0x20, 0xce, 0x1b, 0xdd, 0x39,
            0xf5, 0x70, 0x4a, 0xfb, 0xa2, 0x81, 0x3d, 0xc2, 0x33, 0x4f, 0xed, 0x00, 0x76, 0x9f, 0xe5, 0xe2,
        ],
        2 => [
            0x05, 0x49, 0x96, 0x5b, 0xf3, 0x35, 0x94, 0x60, 0xb3, 0xaa, 0x12, 0x4f, 0x16, 0xd2, 0xf6, 0xc5,
            0xdf, 0x7e, 0x39, 0x5a, 0xf7, 0xb0, 0x14, 0x49, 0x36, 0xec, 0x8c, 0x2e, 0x04, 0xa6, 0x1c, 0x5c,
        ],
        other => panic!("no seed is recorded for root {other}"),
    };
    ed25519_dalek::SigningKey::from_bytes(&seed)
}

/// Returns the vault's public key under that root.
pub fn vault_verifier(root: u8) -> VaultVerifier {
    VaultVerifier::from_bytes(vault_key(root).verifying_key().to_bytes())
}

/// Returns the vault's signature of a message under that root.
pub fn sign_as_vault(root: u8, message: &[u8]) -> [u8; 64] {
    vault_key(root).sign(message).to_bytes()
}

/// Returns the signing key of a sample device.
pub fn device_key(byte: u8) -> SigningKey {
    SigningKey::from_slice(&[byte; 32]).expect("a scalar below the order")
}

/// Returns the public key of a device, SEC1 uncompressed.
pub fn public(key: &SigningKey) -> [u8; 65] {
    let point = key.verifying_key().to_sec1_point(false);
    point.as_bytes().try_into().expect("uncompressed points have 65 bytes")
}

/// Returns the leaf of a device that joined with the first sign-in method.
pub fn device_leaf(key: u8) -> DeviceLeaf {
    DeviceLeaf { key: public(&device_key(key)), max_format: MAX_FORMAT, added_by: METHOD }
}

/// Returns a leaf of the first sign-in method, a passkey.
pub fn slot_leaf(scope: Scope) -> KeyslotLeaf {
    KeyslotLeaf { method: METHOD, kind: SlotKind::Passkey, scope, wrap_hash: [scope.number(); 32] }
}

/// Returns a record's leaf whose hashes follow from the versions.
pub fn record_leaf(overview: u64, secret: u64) -> RecordLeaf {
    let hash = |part: u8, version: u64| {
        Sha256::new().chain_update([part]).chain_update(version.to_be_bytes()).finalize().into()
    };
    RecordLeaf {
        overview_version: overview,
        overview_hash: hash(1, overview),
        secret_version: secret,
        secret_hash: hash(2, secret),
    }
}

/// Returns the id of a share of the sample wallet.
pub const fn share_id(epoch: u32, index: u8) -> ShareId {
    let [_, _, _, epoch] = epoch.to_be_bytes();
    let mut id = [0x70; 16];
    (id[0], id[1]) = (epoch, index);
    ShareId::new(id)
}

/// Returns a share's leaf in the sample wallet.
pub fn share_leaf(epoch: u32, k: u8, n: u8, index: u8) -> ShareLeaf {
    let hash = Sha256::new().chain_update(epoch.to_be_bytes()).chain_update([k, n, index]).finalize().into();
    ShareLeaf { record: WALLET, set: SET, epoch, k, n, index, store: store(index), hash }
}

/// Returns all shares of a dealing of the sample wallet, as they are added.
pub fn dealing(epoch: u32, k: u8, n: u8) -> Vec<Change> {
    (1..=n).map(|index| Change::Share(share_id(epoch, index), share_leaf(epoch, k, n, index))).collect()
}

/// Returns the changes of the genesis.
pub fn genesis_changes() -> Vec<Change> {
    vec![
        Change::Device(DEVICE, device_leaf(0x21)),
        Change::Keyslot(ROOT_SLOT, slot_leaf(Scope::Root)),
        Change::Keyslot(COLD_SLOT, slot_leaf(Scope::Cold)),
        Change::Record(PROFILE, record_leaf(1, 1)),
    ]
}

/// Returns the signature of a head by a device.
pub fn device_signature(body: &HeadBody, device: u8) -> [u8; 64] {
    let signature: p256::ecdsa::Signature = device_key(device).sign(&body.message());
    signature.to_bytes().into()
}

/// Signs with the sample vault's key and the key of a device.
pub fn sign(body: HeadBody, device: u8) -> SignedHead {
    sign_for(1, body, device)
}

/// Signs with the key of the vault of a root and the key of a device.
pub fn sign_for(root: u8, body: HeadBody, device: u8) -> SignedHead {
    SignedHead::new(body, sign_as_vault(root, &body.message()), device_signature(&body, device))
}

/// Returns the body of the genesis.
pub fn genesis_body() -> HeadBody {
    VaultState::genesis_body(VAULT, vault_verifier(1), DEVICE, &genesis_changes(), TIME)
        .expect("good changes")
}

/// Returns the sample vault after its genesis.
pub fn genesis() -> VaultState {
    VaultState::genesis(VAULT, sign(genesis_body(), 0x21), &genesis_changes()).expect("a good genesis")
}

/// Returns the sample vault with one more record, at counter 2.
pub fn written() -> VaultState {
    let mut state = genesis();
    let changes = [Change::Record(RECORD, record_leaf(1, 1))];
    let body = state.next_body(Op::Write, DEVICE, &changes, TIME + 1).expect("good changes");
    state.advance(sign(body, 0x21), &changes).expect("a good head");
    state
}

/// Builds a body over these changes with the right tree, even if the rules forbid them.
pub fn forged(state: &VaultState, op: Op, writer: DeviceId, changes: &[Change]) -> HeadBody {
    let mine = state.head().body();
    let mut past = state.past().clone();
    past.push(&mine.hash());
    let body = HeadBody {
        counter: mine.counter + 1,
        prev: Some(mine.hash()),
        history: past.root(),
        writer,
        op,
        time: TIME,
        ..*mine
    };
    over(state.leaves().map(|(id, leaf)| (id, *leaf)).collect(), changes, body)
}

/// Builds a genesis body over these changes with the right tree, even if the rules forbid them.
pub fn forged_genesis(changes: &[Change]) -> HeadBody {
    over(BTreeMap::new(), changes, genesis_body())
}

fn over(mut leaves: BTreeMap<LeafId, Leaf>, changes: &[Change], body: HeadBody) -> HeadBody {
    for change in changes {
        if let Change::Tombstone(id, _) = change {
            leaves.remove(&LeafId::Record(*id));
        }
        match change.leaf() {
            (id, Some(leaf)) => leaves.insert(id, leaf),
            (id, None) => leaves.remove(&id),
        };
    }
    let tree = tree(&leaves);
    HeadBody { root: tree.root(), leaves: tree.leaves(), ..body }
}

/// Returns the tree over these leaves.
pub fn tree(leaves: &BTreeMap<LeafId, Leaf>) -> Tree {
    let mut tree = Tree::default();
    for (id, leaf) in leaves {
        let position = id.position();
        tree.insert(position, leaf.hash(&position));
    }
    tree
}

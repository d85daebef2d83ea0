//! Fixed randomness and a sample vault.

use std::collections::BTreeMap;

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer;
use proptest::prelude::ProptestConfig;
use proptest::test_runner::{RngAlgorithm, RngSeed};
use sha2::{Digest, Sha256};

use crate::encoding::Encoder;
use crate::keys::Key;
use crate::{
    Change, ColdRoot, DeviceId, DeviceLeaf, Entropy, Environment, FIRST_EPOCH, HeadBody, KeyslotLeaf, Leaf,
    LeafId, MAX_FORMAT, Op, RecordId, RecordLeaf, Root, Scope, ShareId, ShareLeaf, ShareSetId, SignedHead,
    SlotId, SlotKind, StoreId, StoreKeys, Tree, VaultId, VaultKeys, VaultSigner, VaultState, WalletContext,
};

/// Bytes that look random and are the same in every run: SHA-256 over a seed and a count.
pub(crate) struct Fixed {
    seed: u64,
    count: u64,
}

impl Fixed {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, count: 0 }
    }
}

impl Entropy for Fixed {
    fn fill(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            self.count += 1;
            let block = Sha256::new()
                .chain_update(self.seed.to_be_bytes())
                .chain_update(self.count.to_be_bytes())
                .finalize();
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// A source that returns these bytes in order, and no more.
pub(crate) struct Given(pub(crate) Vec<u8>);

impl Entropy for Given {
    fn fill(&mut self, out: &mut [u8]) {
        let rest = self.0.split_off(out.len());
        out.copy_from_slice(&self.0);
        self.0 = rest;
    }
}

/// A source that is stuck at one byte.
pub(crate) struct Stuck(pub(crate) u8);

impl Entropy for Stuck {
    fn fill(&mut self, out: &mut [u8]) {
        out.fill(self.0);
    }
}

pub(crate) const VAULT: VaultId = VaultId::new([0x11; 16]);
pub(crate) const DEVICE: DeviceId = DeviceId::new([0xa1; 16]);
pub(crate) const SECOND_DEVICE: DeviceId = DeviceId::new([0xa2; 16]);
pub(crate) const ROOT_SLOT: SlotId = SlotId::new([0x31; 16]);
pub(crate) const COLD_SLOT: SlotId = SlotId::new([0x32; 16]);
pub(crate) const PROFILE: RecordId = RecordId::new([0x41; 16]);
pub(crate) const RECORD: RecordId = RecordId::new([0x42; 16]);
pub(crate) const WALLET: RecordId = RecordId::new([0x43; 16]);
pub(crate) const SET: ShareSetId = ShareSetId::new([0x51; 16]);
pub(crate) const TIME: u64 = 1_760_000_000_000;

pub(crate) fn key(byte: u8) -> Key {
    Key::from_slice(&[byte; 32]).expect("32 bytes")
}

/// A dealing of the sample wallet.
pub(crate) fn wallet_context(k: u8, n: u8) -> WalletContext {
    WalletContext {
        vault: VAULT,
        epoch: FIRST_EPOCH,
        record: WALLET,
        set: SET,
        share_epoch: 1,
        k,
        n,
        environment: Environment::Real,
    }
}

/// The store of share `index` of the sample wallet.
pub(crate) const fn store(index: u8) -> StoreId {
    StoreId::new([0x60 + index; 16])
}

/// The keys of that store under the cold root of 32 times 2.
pub(crate) fn store_keys(index: u8) -> StoreKeys {
    ColdRoot(key(2)).store_keys(VAULT, FIRST_EPOCH, store(index))
}

/// Keys of the sample vault; every root is 32 times one byte.
pub(crate) fn unlock(root: u8) -> (VaultKeys, VaultSigner) {
    Root(key(root)).unlock(VAULT, FIRST_EPOCH)
}

/// The signing key of a sample device.
pub(crate) fn device_key(byte: u8) -> SigningKey {
    SigningKey::from_slice(&[byte; 32]).expect("a scalar below the order")
}

pub(crate) fn public(key: &SigningKey) -> [u8; 65] {
    let point = key.verifying_key().to_sec1_point(false);
    point.as_bytes().try_into().expect("uncompressed points have 65 bytes")
}

pub(crate) fn device_leaf(key: u8) -> DeviceLeaf {
    DeviceLeaf { key: public(&device_key(key)), max_format: MAX_FORMAT, added_by: ROOT_SLOT }
}

pub(crate) fn slot_leaf(scope: Scope) -> KeyslotLeaf {
    KeyslotLeaf { kind: SlotKind::Passkey, scope, wrap_hash: [scope.number(); 32] }
}

/// A record's leaf whose hashes follow from the versions.
pub(crate) fn record_leaf(overview: u64, secret: u64) -> RecordLeaf {
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

/// The id of a share of the sample wallet.
pub(crate) const fn share_id(epoch: u32, index: u8) -> ShareId {
    let [_, _, _, epoch] = epoch.to_be_bytes();
    let mut id = [0x70; 16];
    (id[0], id[1]) = (epoch, index);
    ShareId::new(id)
}

/// A share's leaf in the sample wallet.
pub(crate) fn share_leaf(epoch: u32, k: u8, n: u8, index: u8) -> ShareLeaf {
    let hash = Sha256::new().chain_update(epoch.to_be_bytes()).chain_update([k, n, index]).finalize().into();
    ShareLeaf { set: SET, epoch, k, n, index, store: store(index), hash }
}

/// All shares of a dealing of the sample wallet, as they are added.
pub(crate) fn dealing(epoch: u32, k: u8, n: u8) -> Vec<Change> {
    (1..=n).map(|index| Change::Share(share_id(epoch, index), share_leaf(epoch, k, n, index))).collect()
}

pub(crate) fn genesis_changes() -> Vec<Change> {
    vec![
        Change::Device(DEVICE, device_leaf(0x21)),
        Change::Keyslot(ROOT_SLOT, slot_leaf(Scope::Root)),
        Change::Keyslot(COLD_SLOT, slot_leaf(Scope::Cold)),
        Change::Record(PROFILE, record_leaf(1, 1)),
    ]
}

pub(crate) fn device_signature(body: &HeadBody, device: u8) -> [u8; 64] {
    let signature: p256::ecdsa::Signature = device_key(device).sign(&body.message());
    signature.to_bytes().into()
}

/// Signs with the sample root and the key of a device.
pub(crate) fn sign(body: HeadBody, device: u8) -> SignedHead {
    body.sign(&unlock(1).1, device_signature(&body, device))
}

pub(crate) fn genesis_body() -> HeadBody {
    VaultState::genesis_body(VAULT, unlock(1).1.verifier(), DEVICE, &genesis_changes(), TIME)
        .expect("good changes")
}

/// The sample vault after its genesis.
pub(crate) fn genesis() -> VaultState {
    VaultState::genesis(VAULT, sign(genesis_body(), 0x21), &genesis_changes()).expect("a good genesis")
}

/// The sample vault with one more record, at counter 2.
pub(crate) fn written() -> VaultState {
    let mut state = genesis();
    let changes = [Change::Record(RECORD, record_leaf(1, 1))];
    let body = state.next_body(Op::Write, DEVICE, &changes, TIME + 1).expect("good changes");
    state.advance(sign(body, 0x21), &changes).expect("a good head");
    state
}

/// Builds a body over these changes with the right tree, even if the rules forbid them.
pub(crate) fn forged(state: &VaultState, op: Op, writer: DeviceId, changes: &[Change]) -> HeadBody {
    let mine = state.head().body();
    let body =
        HeadBody { counter: mine.counter + 1, prev: Some(mine.hash()), writer, op, time: TIME, ..*mine };
    over(state.leaves().map(|(id, leaf)| (id, *leaf)).collect(), changes, body)
}

/// Builds a genesis body over these changes with the right tree, even if the rules forbid them.
pub(crate) fn forged_genesis(changes: &[Change]) -> HeadBody {
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

/// The tree over these leaves.
pub(crate) fn tree(leaves: &BTreeMap<LeafId, Leaf>) -> Tree {
    let mut tree = Tree::default();
    for (id, leaf) in leaves {
        let position = id.position();
        tree.insert(position, leaf.hash(&position));
    }
    tree
}

/// Seals a blob by FORMAT.md alone. The caller chooses label, associated data, salt, content and
/// class, which need not be valid.
pub(crate) fn raw_seal(
    key: &Key,
    label: &str,
    place: &[(u8, &[u8])],
    salt: &[u8; 32],
    content: &[u8],
    class: usize,
) -> Vec<u8> {
    let mut padded = u32::try_from(content.len()).expect("short").to_be_bytes().to_vec();
    padded.extend_from_slice(content);
    padded.resize(class, 0);
    raw_seal_padded(key, label, place, salt, padded)
}

/// Like [`raw_seal`], for a plaintext that is already padded.
pub(crate) fn raw_seal_padded(
    key: &Key,
    label: &str,
    place: &[(u8, &[u8])],
    salt: &[u8; 32],
    mut padded: Vec<u8>,
) -> Vec<u8> {
    let fields =
        place.iter().fold(Encoder::new(label).field(1, salt), |all, (tag, value)| all.field(*tag, value));
    let okm = key.expand::<64>(&fields.finish());
    let cipher = Aes256Gcm::new_from_slice(&okm[..32]).expect("32 bytes");
    let tag = cipher
        .encrypt_inout_detached(&Nonce::default(), b"", padded.as_mut_slice().into())
        .expect("far below the cipher's limit");
    [[1, 1].as_slice(), salt, &okm[32..], &padded, &tag].concat()
}

/// Returns the seed in `CRYSTALLUM_SEED`, or else a constant, so that a failure can be repeated.
pub(crate) fn seed() -> u64 {
    let seed = std::env::var("CRYSTALLUM_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(2);
    println!("seed {seed}");
    seed
}

/// Returns whether this is a long run.
pub(crate) fn deep() -> bool {
    std::env::var_os("CRYSTALLUM_DEEP").is_some()
}

/// Configures the runner of property tests with the seed.
pub(crate) fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 256,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(seed()),
        ..ProptestConfig::default()
    }
}

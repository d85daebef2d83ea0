//! Well-formed commits of a vault whose ids and ciphertexts follow from names. The signatures of
//! the vault and of its devices are real; the ciphertexts are not sealed, and the tree is not that
//! of the changes.

use crystallum_api::{Bytes, Change, Commit, Id, Part};
use ed25519_dalek::SigningKey;
use p256::ecdsa;
use sha2::{Digest, Sha256};

use crate::format::{sign_as_device, sign_as_vault, writer};

/// Returns the id that follows from a name.
pub fn id(name: &str) -> Id {
    let hash = Sha256::digest(name);
    Id(hash.first_chunk().copied().expect("a hash is longer"))
}

/// Returns the key of a device, which follows from its id.
pub fn device_key(device: Id) -> ecdsa::SigningKey {
    let seed = Sha256::new().chain_update("device key").chain_update(device.0).finalize();
    ecdsa::SigningKey::from_slice(&seed).expect("hardly any hash is not a key")
}

/// Signs a head as the vault and as its writer. Their keys follow from their ids.
pub fn sign(head: &mut Bytes) {
    let Bytes(head) = head;
    let account: [u8; 16] = head[5..21].try_into().expect("16 bytes");
    sign_as_vault(head, &SigningKey::from_bytes(&Sha256::digest(account).into()));
    let writer = Id(writer(head));
    sign_as_device(head, &device_key(writer));
}

/// Returns a head whose operation matches the changes. The writer is the device that the changes
/// add, or else that of the [`genesis`].
pub fn head(account: Id, counter: u64, changes: &[Change]) -> Bytes {
    let added = changes.iter().find_map(|change| match change {
        Change::Device { id, .. } => Some(*id),
        _ => None,
    });
    head_by(added.unwrap_or_else(|| id("device")), account, counter, changes)
}

/// Returns a head of this writer whose operation matches the changes.
pub fn head_by(writer: Id, account: Id, counter: u64, changes: &[Change]) -> Bytes {
    let parents = usize::from(counter > 1);
    let op = if counter == 1 { 1 } else { operation(changes) };
    let mut head = vec![1, 1, 0, 1, op];
    head.extend_from_slice(&account.0);
    head.extend_from_slice(&1_u32.to_be_bytes());
    head.extend_from_slice(&counter.to_be_bytes());
    head.push(u8::from(counter > 1));
    let end = 162 + 32 * parents;
    head.resize(end + 128, 0x5a);
    let writer_at = end - (16 + 8 + 32);
    head[writer_at..writer_at + 16].copy_from_slice(&writer.0);
    let key = SigningKey::from_bytes(&Sha256::digest(account.0).into());
    head[end - 32..end].copy_from_slice(key.verifying_key().as_bytes());
    let mut head = Bytes(head);
    sign(&mut head);
    head
}

fn operation(changes: &[Change]) -> u8 {
    let of = |change: &Change| match change {
        Change::Record { .. } | Change::Tombstone { .. } => 2,
        Change::Device { .. } => 3,
        Change::DeviceGone { .. } => 8,
        Change::Keyslot { .. } | Change::KeyslotGone { .. } => 5,
        Change::Share { .. } | Change::ShareGone { .. } => 6,
    };
    changes.iter().map(of).max().unwrap_or(2)
}

/// Returns a part with this ciphertext.
pub fn part(version: u64, blob: Vec<u8>) -> Option<Part> {
    Some(Part { version, hash: Bytes(Sha256::digest(&blob).to_vec()), blob: Some(Bytes(blob)) })
}

fn named_part(name: &str, version: u64, class: usize) -> Option<Part> {
    let seed = Sha256::digest(format!("{name} {version} {class}"));
    part(version, seed.iter().copied().cycle().take(82 + class).collect())
}

/// Returns a version of an overview.
pub fn overview(name: &str, version: u64) -> Option<Part> {
    named_part(name, version, 512)
}

/// Returns a version of a secret.
pub fn secret(name: &str, version: u64) -> Option<Part> {
    named_part(name, version, 1_024)
}

/// Returns a version of a large secret.
pub fn big_secret(name: &str, version: u64) -> Option<Part> {
    named_part(name, version, 16_384)
}

/// The size in bytes of an [`overview`] and a [`secret`].
pub const SMALL_RECORD: u32 = 82 + 512 + 82 + 1_024;

/// Returns a change of a record.
pub fn record(name: &str, overview: Option<Part>, secret: Option<Part>) -> Change {
    Change::Record { id: id(name), overview, secret }
}

/// Returns a change that adds a record.
pub fn new_record(name: &str) -> Change {
    record(name, overview(name, 1), secret(name, 1))
}

/// Returns a change that deletes a record.
pub fn tombstone(name: &str, version: u64) -> Change {
    Change::Tombstone { id: id(name), version }
}

/// Returns a change that adds a device.
pub fn device(name: &str) -> Change {
    let key = device_key(id(name)).verifying_key().to_sec1_point(false).as_bytes().to_vec();
    Change::Device { id: id(name), key: Bytes(key), max_format: 1, added_by: id("slot") }
}

/// Returns a change that adds a keyslot of a passkey. The first word of the name names its sign-in
/// method.
pub fn keyslot(name: &str, scope: u8) -> Change {
    let method = id(name.split(' ').next().expect("a word"));
    Change::Keyslot {
        id: id(name),
        method,
        slot_kind: 1,
        scope,
        hash: hash(&[9; 200]),
        wrap: Some(Bytes(vec![9; 200])),
    }
}

/// Returns the hash of a wrap or of a blob.
pub fn hash(bytes: &[u8]) -> Bytes {
    Bytes(Sha256::digest(bytes).to_vec())
}

/// Returns a change that removes a keyslot.
pub fn keyslot_gone(name: &str) -> Change {
    Change::KeyslotGone { id: id(name) }
}

/// Returns a change that removes a share.
pub fn share_gone(name: &str) -> Change {
    Change::ShareGone { id: id(name) }
}

/// Returns a commit whose id is derived from `name`.
pub fn commit(account: Id, name: &str, expected_counter: u64, changes: Vec<Change>) -> Commit {
    let head = head(account, expected_counter + 1, &changes);
    Commit { commit_id: id(name), expected_counter, changes, head }
}

/// Returns the first commit of a vault.
pub fn genesis(account: Id) -> Commit {
    let changes =
        vec![device("device"), keyslot("slot root", 1), keyslot("slot cold", 2), new_record("profile")];
    commit(account, "genesis", 0, changes)
}

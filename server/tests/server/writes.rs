//! Well-formed commits. The vault's signatures are real, the blobs are not sealed.

use crystallum_api::{Bytes, Change, Commit, Id, Part};
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

pub(crate) fn id(name: &str) -> Id {
    let hash = Sha256::digest(name);
    Id(hash.first_chunk().copied().unwrap())
}

/// Returns a head whose operation matches the changes.
pub(crate) fn head(account: Id, counter: u64, changes: &[Change]) -> Bytes {
    let parents = usize::from(counter > 1);
    let mut head = vec![1, 1];
    head.extend_from_slice(&account.0);
    head.extend_from_slice(&1_u32.to_be_bytes());
    head.extend_from_slice(&counter.to_be_bytes());
    head.push(u8::from(counter > 1));
    let end = 130 + 32 * parents;
    head.resize(end + 128, 0x5a);
    head[89 + 32 * parents] = if counter == 1 { 1 } else { operation(changes) };
    sign(account, &mut head[..], end);
    Bytes(head)
}

/// Returns the vault's signature, with a key derived from the account's id.
fn sign(account: Id, head: &mut [u8], end: usize) {
    let key = SigningKey::from_bytes(&Sha256::digest(account.0).into());
    head[end - 32..end].copy_from_slice(key.verifying_key().as_bytes());
    let hash = Sha256::new().chain_update([2]).chain_update(&head[..end]).finalize();
    let message = [b"crystallum/1/head".as_slice(), &hash].concat();
    head[end..end + 64].copy_from_slice(&key.sign(&message).to_bytes());
}

fn operation(changes: &[Change]) -> u8 {
    let of = |change: &Change| match change {
        Change::Record { .. } | Change::Tombstone { .. } => 2,
        Change::Device { .. } => 3,
        Change::Keyslot { .. } | Change::KeyslotGone { .. } => 5,
        Change::Share { .. } | Change::ShareGone { .. } => 6,
    };
    changes.iter().map(of).max().unwrap_or(2)
}

fn part(name: &str, version: u64, class: usize) -> Option<Part> {
    let seed = Sha256::digest(format!("{name} {version} {class}"));
    let blob: Vec<u8> = seed.iter().copied().cycle().take(82 + class).collect();
    Some(Part { version, hash: Bytes(Sha256::digest(&blob).to_vec()), blob: Some(Bytes(blob)) })
}

pub(crate) fn overview(name: &str, version: u64) -> Option<Part> {
    part(name, version, 512)
}

pub(crate) fn secret(name: &str, version: u64) -> Option<Part> {
    part(name, version, 1_024)
}

pub(crate) fn big_secret(name: &str, version: u64) -> Option<Part> {
    part(name, version, 16_384)
}

/// The size in bytes of an [`overview`] and a [`secret`].
pub(crate) const SMALL_RECORD: u32 = 82 + 512 + 82 + 1_024;

pub(crate) fn record(name: &str, overview: Option<Part>, secret: Option<Part>) -> Change {
    Change::Record { id: id(name), overview, secret }
}

pub(crate) fn new_record(name: &str) -> Change {
    record(name, overview(name, 1), secret(name, 1))
}

pub(crate) fn tombstone(name: &str, version: u64) -> Change {
    Change::Tombstone { id: id(name), version }
}

pub(crate) fn device(name: &str) -> Change {
    Change::Device { id: id(name), key: Bytes(vec![4; 65]), max_format: 1, added_by: id("slot root") }
}

pub(crate) fn keyslot(name: &str, scope: u8) -> Change {
    Change::Keyslot { id: id(name), slot_kind: 1, scope, wrap: Bytes(vec![9; 200]) }
}

pub(crate) fn keyslot_gone(name: &str) -> Change {
    Change::KeyslotGone { id: id(name) }
}

pub(crate) fn share_gone(name: &str) -> Change {
    Change::ShareGone { id: id(name) }
}

/// Returns a commit whose id is derived from `name`.
pub(crate) fn commit(account: Id, name: &str, expected_counter: u64, changes: Vec<Change>) -> Commit {
    let head = head(account, expected_counter + 1, &changes);
    Commit { commit_id: id(name), expected_counter, changes, head }
}

pub(crate) fn genesis(account: Id) -> Commit {
    let changes =
        vec![device("device"), keyslot("slot root", 1), keyslot("slot cold", 2), new_record("profile")];
    commit(account, "genesis", 0, changes)
}

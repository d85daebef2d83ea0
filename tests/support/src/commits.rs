//! Changes of a vault whose ids and ciphertexts follow from names. The ciphertexts are not sealed.
//! A [`Signer`](crate::signer::Signer) signs commits that make them.

use crystallum_api::{Bytes, Change, Id, Part};
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

/// Returns the key of a vault, which follows from its id.
pub fn vault_key(vault: Id) -> SigningKey {
    SigningKey::from_bytes(&Sha256::digest(vault.0).into())
}

/// Signs a head anew, as the vault and as its writer. Their keys follow from their ids.
pub fn sign(head: &mut Bytes) {
    let Bytes(head) = head;
    let vault: [u8; 16] = head[5..21].try_into().expect("16 bytes");
    sign_as_vault(head, &vault_key(Id(vault)));
    let writer = Id(writer(head));
    sign_as_device(head, &device_key(writer));
}

/// Returns the operation that makes such changes after the genesis.
pub fn operation(changes: &[Change]) -> u8 {
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

/// Returns a change that removes a device.
pub fn device_gone(name: &str) -> Change {
    Change::DeviceGone { id: id(name) }
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
        hash: hash(&wrap(name)),
        wrap: Some(Bytes(wrap(name))),
    }
}

/// Returns a change that adds a keyslot of a recovery code.
pub fn code_slot(name: &str, scope: u8) -> Change {
    match keyslot(name, scope) {
        Change::Keyslot { id, method, scope, hash, wrap, .. } => {
            Change::Keyslot { id, method, slot_kind: 3, scope, hash, wrap }
        }
        other => other,
    }
}

/// Returns the wrap of a keyslot.
pub fn wrap(name: &str) -> Vec<u8> {
    let hashes = (0..7).flat_map(|at| Sha256::digest(format!("wrap {name} {at}")));
    hashes.take(200).collect()
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

/// Returns a change of the profile.
pub fn profile(vault: Id, overview: Option<Part>, secret: Option<Part>) -> Change {
    Change::Record { id: vault, overview, secret }
}

/// Returns the first changes of a vault: a device, a sign-in method and the profile.
pub fn genesis_changes(vault: Id) -> Vec<Change> {
    let profile = profile(vault, overview("profile", 1), secret("profile", 1));
    vec![device("device"), keyslot("slot root", 1), keyslot("slot cold", 2), profile]
}

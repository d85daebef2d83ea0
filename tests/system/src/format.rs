//! Opens keyslots by `FORMAT.md` alone, without the core. Tests need the roots to search for them.

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce};
use crystallum_api::{Change, Commit};
use crystallum_test_support::format::{body_length, encode, field, sign_as_vault, take_field};
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use sha2::Sha256;

/// Both roots of a vault.
pub struct Roots {
    /// The root.
    pub root: [u8; 32],
    /// The cold root.
    pub cold: [u8; 32],
}

/// Opens the keyslots of a genesis commit with the outputs of an authenticator. Checks the root
/// against the public key in the head.
pub fn recompute_roots(commit: &Commit, rp_id: &str, outputs: &[Vec<u8>]) -> Roots {
    let head = commit.head.as_slice();
    let vault = &head[5..21];
    let find = |scope: u8| {
        let opened = commit.changes.iter().find_map(|change| match change {
            Change::Keyslot { id, scope: found, wrap: Some(wrap), .. } if *found == scope => {
                outputs.iter().find_map(|output| open(output, rp_id, vault, &id.0, scope, wrap.as_slice()))
            }
            _ => None,
        });
        opened.expect("a keyslot of this scope opens with one of the outputs")
    };
    let roots = Roots { root: find(1), cold: find(2) };
    let public = vault_key(&roots, vault).verifying_key().to_bytes();
    let signed = body_length(head);
    assert_eq!(&head[signed - 32..signed], public, "the root is the one that the head names");
    roots
}

/// Replaces the vault's signature of a head, using the key that derives from the root. The device's
/// signature is unchanged.
pub fn sign_head(roots: &Roots, head: &mut [u8]) {
    let key = vault_key(roots, &head[5..21]);
    sign_as_vault(head, &key);
}

/// Derives the vault's signing key.
pub(crate) fn vault_key(roots: &Roots, vault: &[u8]) -> SigningKey {
    let context = [field(1, vault), field(2, &1_u32.to_be_bytes())];
    SigningKey::from_bytes(&expand(&roots.root, &encode("crystallum/1/derive/manifest", &context)))
}

fn open(output: &[u8], rp_id: &str, vault: &[u8], slot: &[u8], scope: u8, wrap: &[u8]) -> Option<[u8; 32]> {
    let label = "crystallum/1/keyslot/passkey";
    let fields = wrap.get(1 + label.len() + 3..)?;
    let (credential, rest) = take_field(fields)?;
    let (blob, _) = take_field(rest)?;
    let info = encode(
        "crystallum/1/derive/keyslot.passkey",
        &[field(1, rp_id.as_bytes()), field(2, &[scope]), field(3, credential)],
    );
    let mut kek = [0; 32];
    Hkdf::<Sha256>::new(None, output).expand(&info, &mut kek).ok()?;
    let (salt, rest) = blob.get(2..)?.split_first_chunk::<32>()?;
    let (commitment, sealed) = rest.split_first_chunk::<32>()?;
    let info = encode(
        "crystallum/1/seal/keyslot",
        &[
            field(1, salt),
            field(2, vault),
            field(3, &1_u32.to_be_bytes()),
            field(4, slot),
            field(5, &[1]),
            field(6, &[scope]),
        ],
    );
    let keys: [u8; 64] = expand(&kek, &info);
    let (key, expected) = keys.split_first_chunk::<32>()?;
    if expected != commitment {
        return None;
    }
    let plain = Aes256Gcm::new(key.into()).decrypt(&Nonce::default(), sealed).ok()?;
    plain.get(4..36)?.try_into().ok()
}

fn expand<const N: usize>(key: &[u8; 32], info: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    Hkdf::<Sha256>::from_prk(key).expect("a key is a full hash").expand(info, &mut out).expect("N is small");
    out
}

//! The parts of `FORMAT.md` that tests need, written from it again without the core.

use ed25519_dalek::{Signer, SigningKey};
use p256::ecdsa;
use sha2::{Digest, Sha256};

/// The length of both signatures at the end of a head.
const SIGNATURES: usize = 128;

/// Encodes a structure of version 1 with a label and fields.
pub fn encode(label: &str, fields: &[Vec<u8>]) -> Vec<u8> {
    let count = |n: usize| u8::try_from(n).expect("labels and field lists are short");
    [&[count(label.len())], label.as_bytes(), &[1, 1, count(fields.len())], &fields.concat()].concat()
}

/// Encodes a field.
pub fn field(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).expect("fields are short");
    [&[tag], length.to_be_bytes().as_slice(), value].concat()
}

/// Encodes fields with the tags 1, 2, and so on.
pub fn fields(values: &[&[u8]]) -> Vec<Vec<u8>> {
    (1..).zip(values).map(|(tag, value)| field(tag, value)).collect()
}

/// Splits off the value of the first field.
pub fn take_field(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (front, rest) = bytes.split_first_chunk::<3>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes([front[1], front[2]])))
}

/// Returns the hash of a head's body.
pub fn head_hash(body: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([2]).chain_update(body).finalize().into()
}

/// Returns what the vault and a device sign of the head with this hash.
pub fn head_message(hash: &[u8; 32]) -> Vec<u8> {
    [b"crystallum/1/head".as_slice(), hash].concat()
}

/// Returns the length of a head's body.
pub fn body_length(head: &[u8]) -> usize {
    head.len() - SIGNATURES
}

/// Returns the id of the device that wrote a head.
pub fn writer(head: &[u8]) -> [u8; 16] {
    // Behind it: the time and the vault's key.
    let end = body_length(head) - (8 + 32);
    head[end - 16..end].try_into().expect("16 bytes")
}

/// Replaces the vault's signature of a head. The device's signature is unchanged.
pub fn sign_as_vault(head: &mut [u8], vault: &SigningKey) {
    let (body, signatures) = head.split_at_mut(body_length(head));
    signatures[..64].copy_from_slice(&vault.sign(&head_message(&head_hash(body))).to_bytes());
}

/// Replaces the device's signature of a head. The vault's signature is unchanged.
pub fn sign_as_device(head: &mut [u8], device: &ecdsa::SigningKey) {
    let (body, signatures) = head.split_at_mut(body_length(head));
    let signature: ecdsa::Signature = device.sign(&head_message(&head_hash(body)));
    signatures[64..].copy_from_slice(&signature.to_bytes());
}

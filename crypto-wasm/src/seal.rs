//! Sealing: authenticated encryption with a fresh, committing key for every blob
//! (FORMAT.md, section 3).

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce, Tag};
use crystallum_format::defence::Defence;
use crystallum_format::encoding::Encoder;
use crystallum_format::entropy::Entropy;
use crystallum_format::labels;
use crystallum_format::limits::SEAL_OVERHEAD;
use crystallum_format::version::{FORMAT, SUITE};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::key::Key;

const HEADER: usize = 2;
const SALT: usize = 32;
const COMMITMENT: usize = 32;
const TAG: usize = 16;
const _: () = assert!(HEADER + SALT + COMMITMENT + TAG == SEAL_OVERHEAD, "the parts add up");

/// The blob was not sealed by this key with this associated data. All causes share one error so
/// that none can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the data was not sealed by this key for this place")]
pub struct NotOpened;

/// A sealed blob: ciphertext that is safe to store anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob(Vec<u8>);

impl Blob {
    /// Wraps bytes from storage or the wire. They are only verified when the blob is opened.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Returns the bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The associated data that a blob is bound to, together with the purpose of sealing it.
pub(crate) trait AssociatedData {
    /// The label of the purpose, see [`labels`].
    const LABEL: &'static str;
    /// The padded lengths in bytes that plaintexts of this purpose can have, ascending.
    const CLASSES: &'static [usize];

    /// Appends the fields of the associated data. Tag 1 is reserved for the salt.
    fn fields(&self, encoder: Encoder) -> Encoder;
}

/// A key that seals and opens blobs and is never used to derive other keys.
pub(crate) struct SealingKey(Key);

impl SealingKey {
    pub(crate) fn new(key: Key) -> Self {
        Self(key)
    }

    /// Seals `plaintext`. Returns `None` if it is longer than the largest class of the purpose.
    pub(crate) fn seal<A: AssociatedData>(
        &self,
        aad: &A,
        plaintext: &[u8],
        entropy: &mut impl Entropy,
    ) -> Option<Blob> {
        let padded = pad(plaintext, A::CLASSES)?;
        let salt = self.salt(aad, &padded, entropy);
        let (message_key, commitment) = self.message_key(aad, &salt);

        let mut blob = Vec::with_capacity(SEAL_OVERHEAD + padded.len());
        blob.extend_from_slice(&[FORMAT, SUITE]);
        blob.extend_from_slice(&salt);
        blob.extend_from_slice(&commitment);
        let mut body = padded;
        let tag = message_key
            .encrypt_inout_detached(&Nonce::default(), b"", body.as_mut_slice().into())
            .expect("the largest class is far below the cipher's limit");
        blob.extend_from_slice(&body);
        blob.extend_from_slice(&tag);
        Some(Blob(blob))
    }

    /// Opens a blob. The commitment is compared before the cipher runs.
    pub(crate) fn open<A: AssociatedData>(
        &self,
        aad: &A,
        blob: &Blob,
    ) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        let (header, rest) = blob.0.split_first_chunk::<HEADER>().ok_or(NotOpened)?;
        let (salt, rest) = rest.split_first_chunk::<SALT>().ok_or(NotOpened)?;
        let (commitment, rest) = rest.split_first_chunk::<COMMITMENT>().ok_or(NotOpened)?;
        let (body, tag) = rest.split_last_chunk::<TAG>().ok_or(NotOpened)?;
        if Defence::BlobHeader.holds() && header != &[FORMAT, SUITE] {
            return Err(NotOpened);
        }
        if !A::CLASSES.contains(&body.len()) {
            return Err(NotOpened);
        }
        let (message_key, expected) = self.message_key(aad, salt);
        if Defence::BlobCommitment.holds() && !bool::from(expected.ct_eq(commitment)) {
            return Err(NotOpened);
        }
        let mut body = Zeroizing::new(body.to_vec());
        message_key
            .decrypt_inout_detached(&Nonce::default(), b"", body.as_mut_slice().into(), &Tag::from(*tag))
            .map_err(|_| NotOpened)?;
        unpad(&body, A::CLASSES)
    }

    /// `HMAC(key, label ‖ random ‖ SHA-256(padded) ‖ SHA-256(associated data))`. Even if the random
    /// source is stuck, distinct plaintexts get distinct keys.
    fn salt<A: AssociatedData>(&self, aad: &A, padded: &[u8], entropy: &mut impl Entropy) -> [u8; SALT] {
        let mut random = [0; 32];
        entropy.fill(&mut random);
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose()).expect("HMAC takes any key");
        mac.update(labels::SALT);
        mac.update(&random);
        if Defence::SaltOfPlaintext.holds() {
            mac.update(&Sha256::digest(padded));
        }
        mac.update(&Sha256::digest(aad.fields(Encoder::new(A::LABEL)).finish().as_slice()));
        mac.finalize().into_bytes().into()
    }

    fn message_key<A: AssociatedData>(&self, aad: &A, salt: &[u8; SALT]) -> (Aes256Gcm, [u8; COMMITMENT]) {
        let info = aad.fields(Encoder::new(A::LABEL).field(1, salt)).finish();
        let okm = self.0.expand::<64>(&info);
        let (message_key, commitment) = okm.split_first_chunk::<32>().expect("64 bytes hold 32");
        let commitment = commitment.try_into().expect("64 less 32 is 32");
        (Aes256Gcm::new(message_key.into()), commitment)
    }
}

/// `u32 len ‖ data ‖ 0…` up to the smallest class that fits.
fn pad(plaintext: &[u8], classes: &[usize]) -> Option<Zeroizing<Vec<u8>>> {
    let class = class_of(plaintext.len(), classes)?;
    let length = u32::try_from(plaintext.len()).ok()?;
    let mut padded = Zeroizing::new(Vec::with_capacity(class));
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(plaintext);
    if Defence::SizeClasses.holds() {
        padded.resize(class, 0);
    }
    Some(padded)
}

/// Returns the smallest class that holds `length` bytes and the 4 bytes of their count.
fn class_of(length: usize, classes: &[usize]) -> Option<usize> {
    classes.iter().copied().find(|class| *class - 4 >= length)
}

fn unpad(padded: &[u8], classes: &[usize]) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
    let (length, rest) = padded.split_first_chunk::<4>().ok_or(NotOpened)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| NotOpened)?;
    let (data, zeros) = rest.split_at_checked(length).ok_or(NotOpened)?;
    if Defence::ZeroPadding.holds() && zeros.iter().any(|byte| *byte != 0) {
        return Err(NotOpened);
    }
    if class_of(length, classes) != Some(padded.len()) {
        return Err(NotOpened);
    }
    Ok(Zeroizing::new(data.to_vec()))
}

#[cfg(test)]
mod tests;

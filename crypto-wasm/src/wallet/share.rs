//! Shares of a wallet's key, in clear and sealed for one store.

use crystallum_format::defence::Defence;
use crystallum_format::encoding::{Decoder, Encoder, Malformed};
use crystallum_format::entropy::Entropy;
use crystallum_format::ids::{RecordId, ShareSetId, StoreId};
use crystallum_format::labels;
use crystallum_format::leaf::{ShareLeaf, blob_hash};
use crystallum_format::limits::{SEAL_OVERHEAD, is_valid_dealing};
use zeroize::Zeroizing;

use super::context::WalletContext;
use crate::keys::StoreKeys;
use crate::seal::{AssociatedData, Blob, NotOpened};

/// One share of one dealing, in clear. Wiped when dropped.
pub struct DealtShare {
    pub(crate) context: WalletContext,
    pub(crate) index: u8,
    pub(crate) value: Zeroizing<[u8; 32]>,
    pub(crate) check: [u8; 32],
}

impl DealtShare {
    /// Returns the index of the share in its dealing, from 1.
    pub fn index(&self) -> u8 {
        self.index
    }

    /// Seals the share for the store that the keys are for.
    pub fn seal(&self, keys: &StoreKeys, entropy: &mut impl Entropy) -> SealedShare {
        let aad = ShareAad { context: self.context, index: self.index, store: keys.store };
        let blob = keys.share.seal(&aad, &self.encode(), entropy).expect("a share fits the class");
        let WalletContext { record, set, share_epoch, k, n, .. } = self.context;
        SealedShare { record, set, share_epoch, k, n, index: self.index, store: keys.store, blob }
    }

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        Encoder::new(labels::SHARE_VALUE).field(1, self.value.as_slice()).field(2, &self.check).finish()
    }
}

/// A share as a store holds it: sealed, with a header in clear that identifies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedShare {
    record: RecordId,
    set: ShareSetId,
    share_epoch: u32,
    k: u8,
    n: u8,
    index: u8,
    store: StoreId,
    blob: Blob,
}

impl SealedShare {
    /// Parses what a store returned.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut fields = Decoder::new(labels::SHARE_SEALED, bytes)?;
        let share = Self {
            record: RecordId::new(fields.array(1)?),
            set: ShareSetId::new(fields.array(2)?),
            share_epoch: fields.u32(3)?,
            k: fields.u8(4)?,
            n: fields.u8(5)?,
            index: fields.u8(6)?,
            store: StoreId::new(fields.array(7)?),
            blob: Blob::from_bytes(fields.array::<{ ShareAad::BLOB }>(8)?.to_vec()),
        };
        fields.finish()?;
        let good =
            is_valid_dealing(share.share_epoch, share.k, share.n) && (1..=share.n).contains(&share.index);
        if good { Ok(share) } else { Err(Malformed) }
    }

    /// Encodes the share for its store. The share's leaf holds the hash of these bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        Encoder::new(labels::SHARE_SEALED)
            .field(1, self.record.as_bytes())
            .field(2, self.set.as_bytes())
            .field(3, &self.share_epoch.to_be_bytes())
            .field(4, &[self.k])
            .field(5, &[self.n])
            .field(6, &[self.index])
            .field(7, self.store.as_bytes())
            .field(8, self.blob.as_bytes())
            .finish()
            .to_vec()
    }

    /// Returns the SHA-256 of the encoded share.
    pub fn hash(&self) -> [u8; 32] {
        blob_hash(&self.to_bytes())
    }

    /// Returns the leaf of this share. A share whose leaf differs from the live one is bad.
    pub fn leaf(&self) -> ShareLeaf {
        ShareLeaf {
            record: self.record,
            set: self.set,
            epoch: self.share_epoch,
            k: self.k,
            n: self.n,
            index: self.index,
            store: self.store,
            hash: self.hash(),
        }
    }

    /// Returns the wallet's record.
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// Returns the wallet's set of shares.
    pub fn set(&self) -> ShareSetId {
        self.set
    }

    /// Returns the number of the dealing, from 1.
    pub fn share_epoch(&self) -> u32 {
        self.share_epoch
    }

    /// Returns the threshold: how many shares rebuild the key.
    pub fn k(&self) -> u8 {
        self.k
    }

    /// Returns the number of shares in the dealing.
    pub fn n(&self) -> u8 {
        self.n
    }

    /// Returns the index of the share in its dealing, from 1.
    pub fn index(&self) -> u8 {
        self.index
    }

    /// Returns the store that the share is for.
    pub fn store(&self) -> StoreId {
        self.store
    }

    /// Opens the share as share `index` of the dealing, at the store that the keys are for. Its
    /// header must match.
    pub fn open(
        &self,
        keys: &StoreKeys,
        context: &WalletContext,
        index: u8,
    ) -> Result<DealtShare, NotOpened> {
        let expected =
            (context.record, context.set, context.share_epoch, context.k, context.n, index, keys.store);
        let says = (self.record, self.set, self.share_epoch, self.k, self.n, self.index, self.store);
        if Defence::SharePlace.holds() && says != expected {
            return Err(NotOpened);
        }
        let aad = ShareAad { context: *context, index, store: keys.store };
        let plaintext = keys.share.open(&aad, &self.blob)?;
        Self::decode(*context, index, &plaintext).map_err(|Malformed| NotOpened)
    }

    fn decode(context: WalletContext, index: u8, plaintext: &[u8]) -> Result<DealtShare, Malformed> {
        let mut fields = Decoder::new(labels::SHARE_VALUE, plaintext)?;
        let mut value = Zeroizing::new([0; 32]);
        let bytes = fields.bytes(1)?;
        if bytes.len() != value.len() {
            return Err(Malformed);
        }
        value.copy_from_slice(bytes);
        let check = fields.array(2)?;
        fields.finish()?;
        Ok(DealtShare { context, index, value, check })
    }
}

/// The associated data of a sealed share.
struct ShareAad {
    context: WalletContext,
    index: u8,
    store: StoreId,
}

impl ShareAad {
    const BLOB: usize = SEAL_OVERHEAD + 128;
}

impl AssociatedData for ShareAad {
    const LABEL: &'static str = labels::SEAL_SHARE;
    const CLASSES: &'static [usize] = &[128];

    fn fields(&self, encoder: Encoder) -> Encoder {
        if !Defence::SharePlace.holds() {
            return encoder;
        }
        encoder
            .field(2, self.context.vault.as_bytes())
            .field(3, &self.context.epoch.to_be_bytes())
            .field(4, self.context.record.as_bytes())
            .field(5, self.context.set.as_bytes())
            .field(6, &self.context.share_epoch.to_be_bytes())
            .field(7, &[self.context.k])
            .field(8, &[self.context.n])
            .field(9, &[self.index])
            .field(10, self.store.as_bytes())
            .field(11, &[self.context.environment.number()])
    }
}

#[cfg(test)]
mod tests;

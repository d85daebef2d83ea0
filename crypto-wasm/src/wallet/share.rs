//! Shares of a wallet's key: dealt in clear, kept sealed for one store.

use zeroize::Zeroizing;

use super::{WalletContext, dealt_well};
use crate::encoding::{Decoder, Encoder};
use crate::keys::{Entropy, StoreKeys};
use crate::seal::{Context, OVERHEAD};
use crate::{Blob, Malformed, NotOpened, RecordId, ShareLeaf, ShareSetId, StoreId, blob_hash, labels};

/// One share in clear, of one dealing. Wiped when dropped.
pub struct DealtShare {
    pub(crate) context: WalletContext,
    pub(crate) index: u8,
    pub(crate) value: Zeroizing<[u8; 32]>,
    pub(crate) check: [u8; 32],
}

impl DealtShare {
    /// Which share of its dealing it is, from 1.
    pub fn index(&self) -> u8 {
        self.index
    }

    /// Seals it for the store that the keys are for.
    pub fn seal(&self, keys: &StoreKeys, entropy: &mut impl Entropy) -> SealedShare {
        let place = Place { context: self.context, index: self.index, store: keys.store };
        let blob = keys.share.seal(&place, &self.encode(), entropy).expect("a share fits the class");
        let WalletContext { record, set, share_epoch, k, n, .. } = self.context;
        SealedShare { record, set, share_epoch, k, n, index: self.index, store: keys.store, blob }
    }

    fn encode(&self) -> Zeroizing<Vec<u8>> {
        Encoder::new(labels::SHARE_VALUE).field(1, self.value.as_slice()).field(2, &self.check).finish()
    }
}

/// What a store keeps: a sealed share, and in clear which one it is.
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
    /// Reads what a store returned.
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
            blob: Blob::from_bytes(fields.array::<{ Place::BLOB }>(8)?.to_vec()),
        };
        fields.finish()?;
        let good = dealt_well(share.share_epoch, share.k, share.n) && (1..=share.n).contains(&share.index);
        if good { Ok(share) } else { Err(Malformed) }
    }

    /// The bytes for the store; the share's leaf holds their hash.
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

    /// SHA-256 of the bytes.
    pub fn hash(&self) -> [u8; 32] {
        blob_hash(&self.to_bytes())
    }

    /// The leaf that this share has. A share whose leaf is not the live one is bad.
    pub fn leaf(&self) -> ShareLeaf {
        ShareLeaf {
            set: self.set,
            epoch: self.share_epoch,
            k: self.k,
            n: self.n,
            index: self.index,
            store: self.store,
            hash: self.hash(),
        }
    }

    /// The wallet's record.
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// The wallet's set of shares.
    pub fn set(&self) -> ShareSetId {
        self.set
    }

    /// Number of the dealing.
    pub fn share_epoch(&self) -> u32 {
        self.share_epoch
    }

    /// How many shares make the key.
    pub fn k(&self) -> u8 {
        self.k
    }

    /// How many shares the dealing has.
    pub fn n(&self) -> u8 {
        self.n
    }

    /// Which of them this is, from 1.
    pub fn index(&self) -> u8 {
        self.index
    }

    /// The store that it is for.
    pub fn store(&self) -> StoreId {
        self.store
    }

    /// Opens it as share `index` of the dealing at the store that the keys are for; what it says of itself must agree.
    pub fn open(
        &self,
        keys: &StoreKeys,
        context: &WalletContext,
        index: u8,
    ) -> Result<DealtShare, NotOpened> {
        let expected =
            (context.record, context.set, context.share_epoch, context.k, context.n, index, keys.store);
        if (self.record, self.set, self.share_epoch, self.k, self.n, self.index, self.store) != expected {
            return Err(NotOpened);
        }
        let place = Place { context: *context, index, store: keys.store };
        let plaintext = keys.share.open(&place, &self.blob)?;
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

struct Place {
    context: WalletContext,
    index: u8,
    store: StoreId,
}

impl Place {
    const BLOB: usize = OVERHEAD + 128;
}

impl Context for Place {
    const LABEL: &'static str = labels::SEAL_SHARE;
    const CLASSES: &'static [usize] = &[128];

    fn fields(&self, encoder: Encoder) -> Encoder {
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

use crystallum_format::encoding::{Decoder, Encoder, Malformed};
use crystallum_format::ids::ShareSetId;
use crystallum_format::labels;
use crystallum_format::limits::{MAX_LABEL, MAX_NOTE, is_valid_dealing};

use super::tags::{Tags, decode_favourite, encode_favourite};
use super::text::{line, note, one_line, several_lines};

/// The part of a wallet that a list shows.
#[derive(Clone, PartialEq, Eq)]
pub struct WalletOverview {
    /// The label, 1 to 256 bytes.
    pub label: String,
    /// A free text, at most 1200 bytes.
    pub note: String,
    /// When the record was created, in milliseconds since 1970.
    pub created: u64,
    /// When the record was last changed, in milliseconds since 1970.
    pub updated: u64,
    /// The number of words in the phrase: 12, 15, 18, 21 or 24.
    pub words: u8,
    /// The set of shares of its key.
    pub set: ShareSetId,
    /// The number of the dealing, from 1.
    pub share_epoch: u32,
    /// The threshold: how many shares rebuild the key, from 2.
    pub k: u8,
    /// The number of shares, from `k` to 16.
    pub n: u8,
    /// When the key was dealt, in milliseconds since 1970.
    pub dealt: u64,
    /// When it was moved to the trash, in milliseconds since 1970.
    pub deleted: Option<u64>,
    /// Whether it stands before the others in lists.
    pub favourite: bool,
    /// Words by which the user groups records.
    pub tags: Tags,
}

impl WalletOverview {
    fn check(&self) -> Result<(), Malformed> {
        let words = matches!(self.words, 12 | 15 | 18 | 21 | 24);
        if words && is_valid_dealing(self.share_epoch, self.k, self.n) { Ok(()) } else { Err(Malformed) }
    }

    pub(super) fn encode(&self) -> Result<Encoder, Malformed> {
        one_line(&self.label, 1, MAX_LABEL)?;
        several_lines(&self.note, MAX_NOTE)?;
        self.check()?;
        let deleted = self.deleted.map(u64::to_be_bytes);
        Ok(Encoder::new(labels::WALLET_OVERVIEW)
            .field(1, self.label.as_bytes())
            .field(2, self.note.as_bytes())
            .field(3, &self.created.to_be_bytes())
            .field(4, &self.updated.to_be_bytes())
            .field(5, &[self.words])
            .field(6, self.set.as_bytes())
            .field(7, &self.share_epoch.to_be_bytes())
            .field(8, &[self.k])
            .field(9, &[self.n])
            .field(10, &self.dealt.to_be_bytes())
            .field_if(11, deleted.as_ref().map(|time| time.as_slice()))
            .field_if(12, encode_favourite(self.favourite))
            .field_if(13, self.tags.encode().as_deref()))
    }

    /// Decodes the fields that follow the label [`labels::WALLET_OVERVIEW`].
    pub(super) fn decode(mut fields: Decoder<'_>) -> Result<Self, Malformed> {
        let wallet = Self {
            label: line(&mut fields, 1, 1, MAX_LABEL)?.to_owned(),
            note: note(&mut fields, 2, MAX_NOTE)?.to_owned(),
            created: fields.u64(3)?,
            updated: fields.u64(4)?,
            words: fields.u8(5)?,
            set: ShareSetId::new(fields.array(6)?),
            share_epoch: fields.u32(7)?,
            k: fields.u8(8)?,
            n: fields.u8(9)?,
            dealt: fields.u64(10)?,
            deleted: fields.optional_u64(11)?,
            favourite: decode_favourite(fields.optional(12)?)?,
            tags: Tags::decode(fields.optional(13)?)?,
        };
        fields.finish()?;
        wallet.check()?;
        Ok(wallet)
    }
}

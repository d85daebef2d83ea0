use crate::encoding::{Decoder, Encoder, text};
use crate::{Malformed, SlotId, labels};

/// Longest name, in bytes.
const MAX_NAME: usize = 256;

/// What a list shows of a way in.
#[derive(Clone, PartialEq, Eq)]
pub struct WayOverview {
    /// The way's root slot.
    pub slot: SlotId,
    /// At most 256 bytes.
    pub name: String,
    /// Milliseconds since 1970.
    pub created: u64,
    /// When its owner proved to have it, in milliseconds since 1970; 0 for not yet.
    pub confirmed: u64,
}

impl WayOverview {
    pub(super) fn encode(&self) -> Result<Encoder, Malformed> {
        text(self.name.as_bytes(), 0, MAX_NAME)?;
        Ok(Encoder::new(labels::WAY_OVERVIEW)
            .field(1, self.slot.as_bytes())
            .field(2, self.name.as_bytes())
            .field(3, &self.created.to_be_bytes())
            .field(4, &self.confirmed.to_be_bytes()))
    }

    /// Reads what follows the label [`labels::WAY_OVERVIEW`].
    pub(super) fn decode(mut fields: Decoder<'_>) -> Result<Self, Malformed> {
        let way = Self {
            slot: SlotId::new(fields.array(1)?),
            name: fields.text(2, 0, MAX_NAME)?.to_owned(),
            created: fields.u64(3)?,
            confirmed: fields.u64(4)?,
        };
        fields.finish()?;
        Ok(way)
    }
}

use crystallum_format::encoding::{Decoder, Encoder, Malformed, text};
use crystallum_format::ids::SlotId;
use crystallum_format::labels;
use crystallum_format::limits::MAX_LABEL;

/// The part of a sign-in method that a list shows.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInMethodOverview {
    /// The root slot of the method.
    pub slot: SlotId,
    /// The name that the user gave it, at most 256 bytes.
    pub name: String,
    /// When it was added, in milliseconds since 1970.
    pub created: u64,
    /// When the user showed that they wrote the code down, in milliseconds since 1970; 0 if not
    /// yet.
    pub confirmed: u64,
}

impl SignInMethodOverview {
    pub(super) fn encode(&self) -> Result<Encoder, Malformed> {
        text(self.name.as_bytes(), 0, MAX_LABEL)?;
        Ok(Encoder::new(labels::SIGN_IN_METHOD_OVERVIEW)
            .field(1, self.slot.as_bytes())
            .field(2, self.name.as_bytes())
            .field(3, &self.created.to_be_bytes())
            .field(4, &self.confirmed.to_be_bytes()))
    }

    /// Decodes the fields that follow the label [`labels::SIGN_IN_METHOD_OVERVIEW`].
    pub(super) fn decode(mut fields: Decoder<'_>) -> Result<Self, Malformed> {
        let method = Self {
            slot: SlotId::new(fields.array(1)?),
            name: fields.text(2, 0, MAX_LABEL)?.to_owned(),
            created: fields.u64(3)?,
            confirmed: fields.u64(4)?,
        };
        fields.finish()?;
        Ok(method)
    }
}

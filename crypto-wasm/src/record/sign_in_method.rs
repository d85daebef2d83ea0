use crystallum_format::encoding::{Decoder, Encoder, Malformed};
use crystallum_format::ids::MethodId;
use crystallum_format::labels;
use crystallum_format::limits::MAX_LABEL;

use super::text::{line, one_line};

/// The part of a sign-in method that a list shows.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInMethodOverview {
    /// The method, by the id in its keyslots' leaves.
    pub method: MethodId,
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
        one_line(&self.name, 0, MAX_LABEL)?;
        Ok(Encoder::new(labels::SIGN_IN_METHOD_OVERVIEW)
            .field(1, self.method.as_bytes())
            .field(2, self.name.as_bytes())
            .field(3, &self.created.to_be_bytes())
            .field(4, &self.confirmed.to_be_bytes()))
    }

    /// Decodes the fields that follow the label [`labels::SIGN_IN_METHOD_OVERVIEW`].
    pub(super) fn decode(mut fields: Decoder<'_>) -> Result<Self, Malformed> {
        let method = Self {
            method: MethodId::new(fields.array(1)?),
            name: line(&mut fields, 2, 0, MAX_LABEL)?.to_owned(),
            created: fields.u64(3)?,
            confirmed: fields.u64(4)?,
        };
        fields.finish()?;
        Ok(method)
    }
}

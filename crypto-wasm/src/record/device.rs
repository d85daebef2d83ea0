use crystallum_format::encoding::{Decoder, Encoder, Malformed};
use crystallum_format::labels;
use crystallum_format::limits::{MAX_LABEL, MAX_PLATFORM};

use super::text::{line, one_line};

/// The part of a device that a list shows. The record's id is that of the device.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceOverview {
    /// The name that the user gave it, at most 256 bytes; empty if none.
    pub name: String,
    /// When it joined, in milliseconds since 1970.
    pub joined: u64,
    /// Browser and system as the device named itself, at most 128 bytes. Nobody checks it.
    pub platform: String,
}

impl DeviceOverview {
    pub(super) fn encode(&self) -> Result<Encoder, Malformed> {
        one_line(&self.name, 0, MAX_LABEL)?;
        one_line(&self.platform, 0, MAX_PLATFORM)?;
        Ok(Encoder::new(labels::DEVICE_OVERVIEW)
            .field(1, self.name.as_bytes())
            .field(2, &self.joined.to_be_bytes())
            .field(3, self.platform.as_bytes()))
    }

    /// Decodes the fields that follow the label [`labels::DEVICE_OVERVIEW`].
    pub(super) fn decode(mut fields: Decoder<'_>) -> Result<Self, Malformed> {
        let device = Self {
            name: line(&mut fields, 1, 0, MAX_LABEL)?.to_owned(),
            joined: fields.u64(2)?,
            platform: line(&mut fields, 3, 0, MAX_PLATFORM)?.to_owned(),
        };
        fields.finish()?;
        Ok(device)
    }
}

use crystallum_exchanges::{Exchange, MAX_CREDENTIAL};
use crystallum_format::encoding::{Decoder, Encoder, Malformed, text};
use crystallum_format::labels;
use crystallum_format::limits::{MAX_LABEL, MAX_MASKED, MAX_NOTE};
use zeroize::Zeroizing;

/// The part of an exchange key that a list shows.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyOverview {
    /// The exchange that the key is for.
    pub exchange: Exchange,
    /// The label, 1 to 256 bytes.
    pub label: String,
    /// The first and last characters of the API key, at most 64 bytes.
    pub masked: String,
    /// A free text, at most 1200 bytes.
    pub note: String,
    /// When the record was created, in milliseconds since 1970.
    pub created: u64,
    /// When the record was last changed, in milliseconds since 1970.
    pub updated: u64,
    /// Whether the secret has a passphrase.
    pub has_passphrase: bool,
    /// When it was moved to the trash, in milliseconds since 1970.
    pub deleted: Option<u64>,
}

/// The credentials of an exchange key, each 1 to 5000 bytes.
pub struct KeySecret {
    /// The API key.
    pub api_key: Zeroizing<String>,
    /// The API secret, or a private key as PEM.
    pub api_secret: Zeroizing<String>,
    /// The passphrase, if the exchange uses one.
    pub passphrase: Option<Zeroizing<String>>,
}

impl KeyOverview {
    pub(super) fn encode(&self) -> Result<Encoder, Malformed> {
        text(self.label.as_bytes(), 1, MAX_LABEL)?;
        text(self.masked.as_bytes(), 0, MAX_MASKED)?;
        text(self.note.as_bytes(), 0, MAX_NOTE)?;
        let deleted = self.deleted.map(u64::to_be_bytes);
        Ok(Encoder::new(labels::EXCHANGE_KEY_OVERVIEW)
            .field(1, self.exchange.code().as_bytes())
            .field(2, self.label.as_bytes())
            .field(3, self.masked.as_bytes())
            .field(4, self.note.as_bytes())
            .field(5, &self.created.to_be_bytes())
            .field(6, &self.updated.to_be_bytes())
            .field(7, &[u8::from(self.has_passphrase)])
            .field_if(8, deleted.as_ref().map(|time| time.as_slice())))
    }

    /// Decodes the fields that follow the label [`labels::EXCHANGE_KEY_OVERVIEW`].
    pub(super) fn decode(mut fields: Decoder<'_>) -> Result<Self, Malformed> {
        let key = Self {
            exchange: Exchange::from_code(fields.text(1, 1, 32)?).ok_or(Malformed)?,
            label: fields.text(2, 1, MAX_LABEL)?.to_owned(),
            masked: fields.text(3, 0, MAX_MASKED)?.to_owned(),
            note: fields.text(4, 0, MAX_NOTE)?.to_owned(),
            created: fields.u64(5)?,
            updated: fields.u64(6)?,
            has_passphrase: match fields.u8(7)? {
                0 => false,
                1 => true,
                _ => return Err(Malformed),
            },
            deleted: fields.optional_u64(8)?,
        };
        fields.finish()?;
        Ok(key)
    }
}

impl KeySecret {
    pub(super) fn encode(&self) -> Result<Encoder, Malformed> {
        let passphrase = self.passphrase.as_ref().map(|passphrase| passphrase.as_bytes());
        for value in [Some(self.api_key.as_bytes()), Some(self.api_secret.as_bytes()), passphrase] {
            value.map_or(Ok(""), |value| text(value, 1, MAX_CREDENTIAL))?;
        }
        Ok(Encoder::new(labels::EXCHANGE_KEY_SECRET)
            .field(1, self.api_key.as_bytes())
            .field(2, self.api_secret.as_bytes())
            .field_if(3, passphrase))
    }

    /// Decodes the fields that follow the label [`labels::EXCHANGE_KEY_SECRET`].
    pub(super) fn decode(mut fields: Decoder<'_>) -> Result<Self, Malformed> {
        let own = |value: &str| Zeroizing::new(value.to_owned());
        let key = Self {
            api_key: own(fields.text(1, 1, MAX_CREDENTIAL)?),
            api_secret: own(fields.text(2, 1, MAX_CREDENTIAL)?),
            passphrase: fields
                .optional(3)?
                .map(|value| text(value, 1, MAX_CREDENTIAL).map(own))
                .transpose()?,
        };
        fields.finish()?;
        Ok(key)
    }
}

//! What the parts of a record say.

use zeroize::Zeroizing;

use crate::encoding::{Decoder, Encoder, text};
use crate::{ExchangeCode, Malformed, labels};

const MAX_LABEL: usize = 256;
const MAX_MASKED: usize = 64;
const MAX_NOTE: usize = 1200;
const MAX_CREDENTIAL: usize = 5000;

/// The overview of a record.
#[derive(Clone, PartialEq, Eq)]
pub enum Overview {
    /// An exchange key.
    Key(KeyOverview),
    /// The vault's own name.
    Profile {
        /// 1 to 256 bytes.
        name: String,
    },
}

/// What a list shows of an exchange key.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyOverview {
    /// Whose key.
    pub exchange: ExchangeCode,
    /// 1 to 256 bytes.
    pub label: String,
    /// First and last characters of the API key, at most 64 bytes.
    pub masked: String,
    /// At most 1200 bytes.
    pub note: String,
    /// Milliseconds since 1970.
    pub created: u64,
    /// Milliseconds since 1970.
    pub updated: u64,
    /// Whether the secret has a passphrase.
    pub has_passphrase: bool,
}

/// The secret of a record.
pub enum Secret {
    /// An exchange key.
    Key(KeySecret),
    /// A profile has none.
    Profile,
}

/// The parts of an exchange key, each 1 to 5000 bytes.
pub struct KeySecret {
    /// API key.
    pub api_key: Zeroizing<String>,
    /// API secret, or a private key as PEM.
    pub api_secret: Zeroizing<String>,
    /// Passphrase, where the exchange has one.
    pub passphrase: Option<Zeroizing<String>>,
}

impl Overview {
    pub(crate) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, Malformed> {
        let encoder = match self {
            Self::Key(key) => {
                text(key.label.as_bytes(), 1, MAX_LABEL)?;
                text(key.masked.as_bytes(), 0, MAX_MASKED)?;
                text(key.note.as_bytes(), 0, MAX_NOTE)?;
                Encoder::new(labels::EXCHANGE_KEY_OVERVIEW)
                    .field(1, key.exchange.as_str().as_bytes())
                    .field(2, key.label.as_bytes())
                    .field(3, key.masked.as_bytes())
                    .field(4, key.note.as_bytes())
                    .field(5, &key.created.to_be_bytes())
                    .field(6, &key.updated.to_be_bytes())
                    .field(7, &[u8::from(key.has_passphrase)])
            }
            Self::Profile { name } => {
                text(name.as_bytes(), 1, MAX_LABEL)?;
                Encoder::new(labels::PROFILE_OVERVIEW).field(1, name.as_bytes())
            }
        };
        Ok(encoder.finish())
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        if let Ok(mut fields) = Decoder::new(labels::PROFILE_OVERVIEW, bytes) {
            let name = fields.text(1, 1, MAX_LABEL)?.to_owned();
            fields.finish()?;
            return Ok(Self::Profile { name });
        }
        let mut fields = Decoder::new(labels::EXCHANGE_KEY_OVERVIEW, bytes)?;
        let key = KeyOverview {
            exchange: ExchangeCode::parse(fields.text(1, 1, 32)?)?,
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
        };
        fields.finish()?;
        Ok(Self::Key(key))
    }
}

impl Secret {
    pub(crate) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, Malformed> {
        let encoder = match self {
            Self::Key(key) => {
                let passphrase = key.passphrase.as_ref().map(|passphrase| passphrase.as_bytes());
                for value in [Some(key.api_key.as_bytes()), Some(key.api_secret.as_bytes()), passphrase] {
                    value.map_or(Ok(""), |value| text(value, 1, MAX_CREDENTIAL))?;
                }
                Encoder::new(labels::EXCHANGE_KEY_SECRET)
                    .field(1, key.api_key.as_bytes())
                    .field(2, key.api_secret.as_bytes())
                    .field_if(3, passphrase)
            }
            Self::Profile => Encoder::new(labels::PROFILE_SECRET),
        };
        Ok(encoder.finish())
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        if let Ok(fields) = Decoder::new(labels::PROFILE_SECRET, bytes) {
            fields.finish()?;
            return Ok(Self::Profile);
        }
        let own = |value: &str| Zeroizing::new(value.to_owned());
        let mut fields = Decoder::new(labels::EXCHANGE_KEY_SECRET, bytes)?;
        let key = KeySecret {
            api_key: own(fields.text(1, 1, MAX_CREDENTIAL)?),
            api_secret: own(fields.text(2, 1, MAX_CREDENTIAL)?),
            passphrase: fields
                .optional(3)?
                .map(|value| text(value, 1, MAX_CREDENTIAL).map(own))
                .transpose()?,
        };
        fields.finish()?;
        Ok(Self::Key(key))
    }
}

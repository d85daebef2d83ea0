use crystallum_exchanges::MAX_CREDENTIAL;
use crystallum_format::encoding::{Decoder, Encoder, Malformed, text};
use crystallum_format::ids::RecordId;
use crystallum_format::labels;
use crystallum_format::limits::{MAX_EARLIER_SECRETS, MAX_LABEL, MAX_MASKED, MAX_NOTE};
use zeroize::Zeroizing;

use super::exchange_code::ExchangeCode;
use super::tags::{Tags, decode_favourite, encode_favourite};
use super::text::{line, note, one_line, several_lines};

/// The part of an exchange key that a list shows.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyOverview {
    /// The exchange that the key is for.
    pub exchange: ExchangeCode,
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
    /// Whether it stands before the others in lists.
    pub favourite: bool,
    /// Words by which the user groups records.
    pub tags: Tags,
    /// The record of which this one is a copy, if it was copied from another history of the vault.
    pub copy_of: Option<RecordId>,
}

/// An earlier secret of an exchange key, by which its blob is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarlierSecret {
    /// The version of the part.
    pub version: u64,
    /// SHA-256 of the blob.
    pub hash: [u8; 32],
}

/// The credentials of an exchange key, each 1 to 5000 bytes.
pub struct KeySecret {
    /// The API key.
    pub api_key: Zeroizing<String>,
    /// The API secret, or a private key as PEM.
    pub api_secret: Zeroizing<String>,
    /// The passphrase, if the exchange uses one.
    pub passphrase: Option<Zeroizing<String>>,
    /// The secrets before this one, newest first, at most ten. There are none in a copy.
    pub earlier: Vec<EarlierSecret>,
}

impl KeyOverview {
    pub(super) fn encode(&self) -> Result<Encoder, Malformed> {
        one_line(&self.label, 1, MAX_LABEL)?;
        one_line(&self.masked, 0, MAX_MASKED)?;
        several_lines(&self.note, MAX_NOTE)?;
        let deleted = self.deleted.map(u64::to_be_bytes);
        Ok(Encoder::new(labels::EXCHANGE_KEY_OVERVIEW)
            .field(1, self.exchange.as_str().as_bytes())
            .field(2, self.label.as_bytes())
            .field(3, self.masked.as_bytes())
            .field(4, self.note.as_bytes())
            .field(5, &self.created.to_be_bytes())
            .field(6, &self.updated.to_be_bytes())
            .field(7, &[u8::from(self.has_passphrase)])
            .field_if(8, deleted.as_ref().map(|time| time.as_slice()))
            .field_if(9, encode_favourite(self.favourite))
            .field_if(10, self.tags.encode().as_deref())
            .field_if(11, self.copy_of.as_ref().map(|id| id.as_bytes().as_slice())))
    }

    /// Decodes the fields that follow the label [`labels::EXCHANGE_KEY_OVERVIEW`].
    pub(super) fn decode(mut fields: Decoder<'_>) -> Result<Self, Malformed> {
        let key = Self {
            exchange: ExchangeCode::parse(fields.bytes(1)?)?,
            label: line(&mut fields, 2, 1, MAX_LABEL)?.to_owned(),
            masked: line(&mut fields, 3, 0, MAX_MASKED)?.to_owned(),
            note: note(&mut fields, 4, MAX_NOTE)?.to_owned(),
            created: fields.u64(5)?,
            updated: fields.u64(6)?,
            has_passphrase: match fields.u8(7)? {
                0 => false,
                1 => true,
                _ => return Err(Malformed),
            },
            deleted: fields.optional_u64(8)?,
            favourite: decode_favourite(fields.optional(9)?)?,
            tags: Tags::decode(fields.optional(10)?)?,
            copy_of: (fields.optional(11)?)
                .map(|id| id.try_into().map(RecordId::new).map_err(|_| Malformed))
                .transpose()?,
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
            .field_if(3, passphrase)
            .field_if(4, self.encode_earlier()?.as_deref()))
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
            earlier: decode_earlier(fields.optional(4)?)?,
        };
        fields.finish()?;
        Ok(key)
    }

    /// Encodes the earlier secrets, newest first; nothing if there are none.
    fn encode_earlier(&self) -> Result<Option<Vec<u8>>, Malformed> {
        let encoded: Vec<u8> = self
            .earlier
            .iter()
            .flat_map(|one| one.version.to_be_bytes().into_iter().chain(one.hash))
            .collect();
        let encoded = (!encoded.is_empty()).then_some(encoded);
        decode_earlier(encoded.as_deref())?;
        Ok(encoded)
    }
}

/// Decodes earlier secrets: 1 to 10 of them, with versions that fall and are at least 1.
fn decode_earlier(bytes: Option<&[u8]>) -> Result<Vec<EarlierSecret>, Malformed> {
    let Some(bytes) = bytes else { return Ok(Vec::new()) };
    let (entries, rest) = bytes.as_chunks::<40>();
    let read = |entry: &[u8; 40]| {
        let (version, hash) = entry.split_first_chunk::<8>()?;
        Some(EarlierSecret { version: u64::from_be_bytes(*version), hash: hash.try_into().ok()? })
    };
    let earlier: Vec<EarlierSecret> = entries.iter().map_while(read).collect();
    let falls = earlier.is_sorted_by(|newer, older| newer.version > older.version);
    let in_range = earlier.last().is_some_and(|oldest| oldest.version >= 1);
    if rest.is_empty() && falls && in_range && earlier.len() <= MAX_EARLIER_SECRETS {
        Ok(earlier)
    } else {
        Err(Malformed)
    }
}

//! The fields of an exchange key's credentials.

/// The longest API key, API secret or passphrase, in bytes of UTF-8.
pub const MAX_CREDENTIAL: usize = 5000;

/// One field of an exchange key's credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The API key, or Coinbase's key name.
    ApiKey,
    /// The API secret, or a private key as PEM.
    ApiSecret,
    /// The passphrase.
    Passphrase,
}

/// The rule of an exchange for one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldRule {
    /// The field.
    pub field: Field,
    /// Whether the field must not be empty.
    pub required: bool,
    /// Whether the field may have several lines (a PEM key).
    pub multiline: bool,
}

const API_KEY: FieldRule = FieldRule { field: Field::ApiKey, required: true, multiline: false };
const SECRET_LINE: FieldRule = FieldRule { field: Field::ApiSecret, required: true, multiline: false };
const SECRET_LINES: FieldRule = FieldRule { field: Field::ApiSecret, required: true, multiline: true };
const PASSPHRASE: FieldRule = FieldRule { field: Field::Passphrase, required: true, multiline: false };

/// An API key and an API secret of one line.
pub(crate) const KEY_AND_SECRET: &[FieldRule] = &[API_KEY, SECRET_LINE];
/// An API key and an API secret that may be a private key as PEM.
pub(crate) const KEY_AND_PEM: &[FieldRule] = &[API_KEY, SECRET_LINES];
/// An API key, an API secret of one line, and a passphrase.
pub(crate) const KEY_SECRET_AND_PASSPHRASE: &[FieldRule] = &[API_KEY, SECRET_LINE, PASSPHRASE];
/// Every field that an unknown exchange may ask for.
pub(crate) const ANY: &[FieldRule] =
    &[API_KEY, SECRET_LINES, FieldRule { field: Field::Passphrase, required: false, multiline: false }];

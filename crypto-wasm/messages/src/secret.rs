use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A text that must not be printed: wiped when dropped, shown by `Debug` as nothing, read by [`expose`](Self::expose) only.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Takes the text over.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself. Every use is a place where a secret leaves its type.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText")
    }
}

/// What an exchange key consists of; which fields an exchange has is said by [`Exchange::fields`](crate::Exchange::fields).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The API key, or Coinbase's key name.
    pub api_key: SecretText,
    /// The API secret, or a private key as PEM.
    pub api_secret: SecretText,
    /// The passphrase, where the exchange has one.
    pub passphrase: Option<SecretText>,
}

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A secret text. It is wiped when dropped, not printed by `Debug`, and read with
/// [`expose`](Self::expose) only.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    /// Wraps a text.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Returns the text. At every use, a secret leaves the protection of this type.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns whether the text is empty.
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

/// The credentials of an exchange key. [`Exchange::fields`](crystallum_exchanges::Exchange::fields) tells which
/// fields an exchange uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The API key, or Coinbase's key name.
    pub api_key: SecretText,
    /// The API secret, or a private key as PEM.
    pub api_secret: SecretText,
    /// The passphrase, if the exchange uses one.
    pub passphrase: Option<SecretText>,
}

//! Serialises the types of `crystallum-exchanges`, which has no dependencies.

use crystallum_exchanges::Field;
use serde::{Deserialize, Serialize};

/// Serialises an exchange as its code, such as `okx`.
pub(crate) mod exchange_code {
    use crystallum_exchanges::Exchange;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(exchange: &Exchange, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(exchange.code())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Exchange, D::Error> {
        let code = String::deserialize(deserializer)?;
        Exchange::from_code(&code).ok_or_else(|| D::Error::custom("unknown exchange"))
    }
}

/// Describes [`Field`] to serde.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Field", rename_all = "snake_case")]
pub(crate) enum FieldName {
    ApiKey,
    ApiSecret,
    Passphrase,
}

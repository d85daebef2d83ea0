use serde::{Deserialize, Serialize};

/// The exchanges that are known by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exchange {
    /// Binance.
    Binance,
    /// Bitfinex.
    Bitfinex,
    /// Bitget.
    Bitget,
    /// Bybit.
    Bybit,
    /// Coinbase Advanced.
    Coinbase,
    /// Gate.
    Gate,
    /// Kraken.
    Kraken,
    /// KuCoin.
    Kucoin,
    /// OKX.
    Okx,
    /// Any other place.
    Other,
}

/// One input of a key's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// [`Credentials::api_key`](crate::Credentials::api_key).
    ApiKey,
    /// [`Credentials::api_secret`](crate::Credentials::api_secret).
    ApiSecret,
    /// [`Credentials::passphrase`](crate::Credentials::passphrase).
    Passphrase,
}

/// How an exchange wants one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldRule {
    /// Which field.
    pub field: Field,
    /// Whether a key is complete without it.
    pub required: bool,
    /// Whether it spans lines (a PEM key).
    pub multiline: bool,
}

impl Exchange {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 10] = [
        Self::Binance,
        Self::Bybit,
        Self::Okx,
        Self::Kraken,
        Self::Coinbase,
        Self::Kucoin,
        Self::Bitget,
        Self::Gate,
        Self::Bitfinex,
        Self::Other,
    ];

    /// The name people know.
    pub fn name(self) -> &'static str {
        match self {
            Self::Binance => "Binance",
            Self::Bitfinex => "Bitfinex",
            Self::Bitget => "Bitget",
            Self::Bybit => "Bybit",
            Self::Coinbase => "Coinbase",
            Self::Gate => "Gate",
            Self::Kraken => "Kraken",
            Self::Kucoin => "KuCoin",
            Self::Okx => "OKX",
            Self::Other => "Other",
        }
    }

    /// The fields that a key of this exchange has, in the order of the form.
    pub fn fields(self) -> &'static [FieldRule] {
        const fn rule(field: Field, required: bool, multiline: bool) -> FieldRule {
            FieldRule { field, required, multiline }
        }
        const PLAIN: [FieldRule; 2] = [rule(Field::ApiKey, true, false), rule(Field::ApiSecret, true, false)];
        // Binance signs with HMAC secrets or with RSA and Ed25519 keys, which are PEM.
        const PEM: [FieldRule; 2] = [rule(Field::ApiKey, true, false), rule(Field::ApiSecret, true, true)];
        const PASSPHRASE: [FieldRule; 3] = [
            rule(Field::ApiKey, true, false),
            rule(Field::ApiSecret, true, false),
            rule(Field::Passphrase, true, false),
        ];
        const ANY: [FieldRule; 3] = [
            rule(Field::ApiKey, true, false),
            rule(Field::ApiSecret, true, true),
            rule(Field::Passphrase, false, false),
        ];
        match self {
            Self::Bitfinex | Self::Gate | Self::Kraken => &PLAIN,
            Self::Binance | Self::Bybit | Self::Coinbase => &PEM,
            Self::Bitget | Self::Kucoin | Self::Okx => &PASSPHRASE,
            Self::Other => &ANY,
        }
    }
}

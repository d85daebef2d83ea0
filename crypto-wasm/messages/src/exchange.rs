use serde::{Deserialize, Serialize};

/// The supported exchanges.
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
    /// Any other exchange.
    Other,
}

/// One field of an exchange key's credentials.
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

impl Exchange {
    /// Every exchange, in the order in which they are offered.
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

    /// Returns the display name.
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

    /// Returns the fields of this exchange's keys, in the order of the form.
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

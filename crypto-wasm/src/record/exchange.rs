use crate::Malformed;

macro_rules! exchanges {
    ($($(#[$doc:meta])* $name:ident = $text:literal)*) => {
        /// The exchange that a key is for, as the formats spell it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ExchangeCode {
            $($(#[$doc])* $name,)*
        }

        impl ExchangeCode {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its spelling.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// The exchange with this spelling.
            pub fn parse(text: &str) -> Result<Self, Malformed> {
                match text {
                    $($text => Ok(Self::$name),)*
                    _ => Err(Malformed),
                }
            }
        }
    };
}

exchanges! {
    /// Binance.
    Binance = "binance"
    /// Bitfinex.
    Bitfinex = "bitfinex"
    /// Bitget.
    Bitget = "bitget"
    /// Bybit.
    Bybit = "bybit"
    /// Coinbase Advanced.
    Coinbase = "coinbase"
    /// Gate.
    Gate = "gate"
    /// Kraken.
    Kraken = "kraken"
    /// KuCoin.
    Kucoin = "kucoin"
    /// OKX.
    Okx = "okx"
    /// Any other place.
    Other = "other"
}

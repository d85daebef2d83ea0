use crystallum_format::encoding::Malformed;

macro_rules! exchanges {
    ($($(#[$doc:meta])* $name:ident = $text:literal)*) => {
        /// The exchange that a key is for, as encoded in the format.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ExchangeCode {
            $($(#[$doc])* $name,)*
        }

        impl ExchangeCode {
            /// Every exchange.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns the encoded name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// Returns the exchange with this encoded name.
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
    /// Any other exchange.
    Other = "other"
}

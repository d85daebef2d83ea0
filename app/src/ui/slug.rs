//! The name of an exchange in addresses and style sheets.

use crystallum_messages::Exchange;

/// Returns the name of an exchange in addresses and style sheets.
pub(crate) fn exchange_slug(exchange: Exchange) -> &'static str {
    match exchange {
        Exchange::Binance => "binance",
        Exchange::Bitfinex => "bitfinex",
        Exchange::Bitget => "bitget",
        Exchange::Bybit => "bybit",
        Exchange::Coinbase => "coinbase",
        Exchange::Gate => "gate",
        Exchange::Kraken => "kraken",
        Exchange::Kucoin => "kucoin",
        Exchange::Okx => "okx",
        Exchange::Other => "other",
    }
}

/// Returns the exchange with this name.
pub(crate) fn parse_exchange_slug(word: &str) -> Option<Exchange> {
    Exchange::ALL.into_iter().find(|&exchange| exchange_slug(exchange) == word)
}

/// Returns the two letters on the exchange's tile.
pub(crate) fn initials(exchange: Exchange) -> &'static str {
    match exchange {
        Exchange::Binance => "Bn",
        Exchange::Bitfinex => "Bf",
        Exchange::Bitget => "Bg",
        Exchange::Bybit => "By",
        Exchange::Coinbase => "Cb",
        Exchange::Gate => "Ga",
        Exchange::Kraken => "Kr",
        Exchange::Kucoin => "Ku",
        Exchange::Okx => "Ok",
        Exchange::Other => "··",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exchange_has_one_word() {
        for known in Exchange::ALL {
            assert_eq!(parse_exchange_slug(exchange_slug(known)), Some(known));
        }
        assert_eq!(parse_exchange_slug("nowhere"), None);
    }
}

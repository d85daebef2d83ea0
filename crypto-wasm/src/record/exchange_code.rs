use crystallum_exchanges::Exchange;
use crystallum_format::encoding::Malformed;
use crystallum_format::limits::MAX_EXCHANGE_CODE;

/// The exchange of a key, by its code: 1 to 32 of the characters `a` to `z`, `0` to `9` and `-`. A
/// newer version may have written one that this version does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeCode(String);

impl ExchangeCode {
    pub(super) fn parse(code: &[u8]) -> Result<Self, Malformed> {
        let allowed = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if !(1..=MAX_EXCHANGE_CODE).contains(&code.len()) || !code.iter().all(allowed) {
            return Err(Malformed);
        }
        String::from_utf8(code.to_vec()).map(Self).map_err(|_| Malformed)
    }

    /// Returns the code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the exchange, or `None` if this version does not know it.
    pub fn known(&self) -> Option<Exchange> {
        Exchange::from_code(&self.0)
    }
}

impl From<Exchange> for ExchangeCode {
    fn from(exchange: Exchange) -> Self {
        Self(exchange.code().to_owned())
    }
}

//! Tidies what people paste into the fields of a key, and finds common mistakes.

use crystallum_messages::Exchange;
use zeroize::Zeroizing;

const PEM_BEGIN: &str = "-----BEGIN ";
const PEM_END: &str = "-----END ";

/// A mistake that can be found without asking the exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// The private key ends before its last line.
    CutOff,
    /// A private key is in the field for the API key.
    PrivateKeyAsApiKey,
    /// The API key and the API secret are swapped.
    Swapped,
}

/// Removes what surrounds a pasted value, and replaces `\n` escapes in a private key with line
/// breaks.
pub(crate) fn tidy(text: &str) -> Zeroizing<String> {
    let bare = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'));
    if bare.contains(PEM_BEGIN) {
        let inner = bare.trim_matches(|c| matches!(c, '"' | '\'' | ','));
        let lines = Zeroizing::new(inner.replace("\\n", "\n"));
        Zeroizing::new(lines.replace("\r\n", "\n").trim().to_owned())
    } else {
        Zeroizing::new(bare.to_owned())
    }
}

/// Normalises a typed or pasted phrase: lower case, single spaces, and no list numbers.
pub(crate) fn normalize_phrase(text: &str) -> Zeroizing<String> {
    let mut tidy = Zeroizing::new(String::with_capacity(text.len()));
    for piece in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '\u{200b}' | '\u{feff}')) {
        let numbered = piece.trim_start_matches(|c: char| c.is_ascii_digit());
        let word = numbered.trim_matches(|c: char| c.is_ascii_punctuation());
        if !word.is_empty() {
            if !tidy.is_empty() {
                tidy.push(' ');
            }
            tidy.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        }
    }
    tidy
}

/// Returns whether the text is a private key in PEM format.
pub(crate) fn is_pem(text: &str) -> bool {
    text.contains(PEM_BEGIN)
}

/// Returns the mistake in the API key and secret of an exchange, if there is one.
pub(crate) fn find_mistake(exchange: Exchange, api_key: &str, api_secret: &str) -> Option<Mistake> {
    if is_pem(api_key) {
        return Some(if api_secret.is_empty() { Mistake::PrivateKeyAsApiKey } else { Mistake::Swapped });
    }
    if is_pem(api_secret) && !api_secret.contains(PEM_END) {
        return Some(Mistake::CutOff);
    }
    let (is_key, is_secret) = shapes(exchange)?;
    let swapped = is_secret(api_key) && is_key(api_secret) && !is_key(api_key) && !is_secret(api_secret);
    swapped.then_some(Mistake::Swapped)
}

type Shape = fn(&str) -> bool;

/// Returns checks for the format of key and secret, for exchanges where the two differ. A mismatch
/// is only a hint and never an error.
fn shapes(exchange: Exchange) -> Option<(Shape, Shape)> {
    match exchange {
        Exchange::Bybit => Some((|text| text.len() == 18, |text| text.len() == 36)),
        Exchange::Coinbase => Some((|text| text.starts_with("organizations/"), is_pem)),
        Exchange::Gate => Some((|text| is_hex(text, 32), |text| is_hex(text, 64))),
        Exchange::Kraken => Some((|text| text.len() == 56, |text| text.len() == 88 && text.ends_with('='))),
        Exchange::Kucoin => Some((|text| is_hex(text, 24), is_uuid)),
        Exchange::Okx => Some((is_uuid, |text| is_hex(text, 32))),
        Exchange::Bitget => Some((|text| text.starts_with("bg_"), |text| is_hex(text, 64))),
        Exchange::Binance | Exchange::Bitfinex | Exchange::Other => None,
    }
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_uuid(text: &str) -> bool {
    let mut groups = text.split('-');
    [8, 4, 4, 4, 12].into_iter().all(|digits| groups.next().is_some_and(|group| is_hex(group, digits)))
        && groups.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEM: &str = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    const UUID: &str = "01234567-89ab-cdef-0123-456789abcdef";

    #[test]
    fn surrounding_text_is_removed() {
        assert_eq!(*tidy(" \u{feff}abc\u{a0}\n"), "abc");
        assert_eq!(*tidy("a b"), "a b");
        assert_eq!(*tidy("\"a\""), "\"a\"", "quotes may belong to a secret");
    }

    #[test]
    fn a_private_key_comes_out_in_lines() {
        assert_eq!(*tidy(&format!("\"{}\",", PEM.replace('\n', "\\n"))), PEM);
        assert_eq!(*tidy(&format!("  {}\r\n", PEM.replace('\n', "\r\n"))), PEM);
    }

    #[test]
    fn phrases_come_from_lists_and_lines() {
        assert_eq!(
            *normalize_phrase(" 1. Abandon\n2) ability,3: able\tabout "),
            "abandon ability able about"
        );
        assert_eq!(*normalize_phrase("aband0n ability"), "aband0n ability", "a slip stays, to be named");
        assert_eq!(*normalize_phrase("12 13"), "");
    }

    #[test]
    fn mistakes_are_seen() {
        assert_eq!(find_mistake(Exchange::Binance, PEM, ""), Some(Mistake::PrivateKeyAsApiKey));
        assert_eq!(find_mistake(Exchange::Binance, PEM, "key"), Some(Mistake::Swapped));
        assert_eq!(
            find_mistake(Exchange::Binance, "key", &PEM.replace("-----END ", "")),
            Some(Mistake::CutOff)
        );
        assert_eq!(find_mistake(Exchange::Okx, &"A".repeat(32), UUID), Some(Mistake::Swapped));
        assert_eq!(find_mistake(Exchange::Kucoin, UUID, &"a".repeat(24)), Some(Mistake::Swapped));
    }

    #[test]
    fn right_and_unknown_forms_pass() {
        assert_eq!(find_mistake(Exchange::Okx, UUID, &"A".repeat(32)), None);
        assert_eq!(find_mistake(Exchange::Binance, "key", PEM), None);
        assert_eq!(find_mistake(Exchange::Other, "secret", "key"), None);
        assert_eq!(find_mistake(Exchange::Gate, "", ""), None);
    }
}

//! Tidies what people paste into the fields of a key, and finds common mistakes.

use crystallum_exchanges::{Exchange, Shape};
use zeroize::Zeroizing;

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
    if is_pem(bare) {
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
    Shape::Pem.matches(text)
}

/// Returns the mistake in the API key and secret of an exchange, if there is one.
pub(crate) fn find_mistake(exchange: Exchange, api_key: &str, api_secret: &str) -> Option<Mistake> {
    if is_pem(api_key) {
        return Some(if api_secret.is_empty() { Mistake::PrivateKeyAsApiKey } else { Mistake::Swapped });
    }
    if is_pem(api_secret) && !api_secret.contains(PEM_END) {
        return Some(Mistake::CutOff);
    }
    let shapes = exchange.shapes()?;
    let swapped = shapes.api_secret.matches(api_key)
        && shapes.api_key.matches(api_secret)
        && !shapes.api_key.matches(api_key)
        && !shapes.api_secret.matches(api_secret);
    swapped.then_some(Mistake::Swapped)
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

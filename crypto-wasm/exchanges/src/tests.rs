use std::collections::BTreeSet;

use super::*;

#[test]
fn every_exchange_has_one_code() {
    for exchange in Exchange::ALL {
        let code = exchange.code();
        assert_eq!(Exchange::from_code(code), Some(exchange));
        assert!((1..=32).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase()));
        assert_eq!(Exchange::from_code(&code.to_uppercase()), None);
    }
    for nobody in ["", "nowhere", "krake", "krakenn"] {
        assert_eq!(Exchange::from_code(nobody), None);
    }
}

#[test]
fn the_format_lists_every_code() {
    let codes = Exchange::ALL.map(Exchange::code).join(" ");
    assert!(include_str!("../../FORMAT.md").contains(&format!("`{codes}`")), "{codes}");
}

#[test]
fn no_two_exchanges_look_alike() {
    let names: BTreeSet<_> = Exchange::ALL.into_iter().map(Exchange::name).collect();
    let tiles: BTreeSet<_> = Exchange::ALL.into_iter().map(|exchange| exchange.initials()).collect();
    assert_eq!((names.len(), tiles.len()), (Exchange::ALL.len(), Exchange::ALL.len()));
}

#[test]
fn the_last_one_takes_any_key() {
    assert_eq!(Exchange::ALL.last(), Some(&Exchange::Other));
}

#[test]
fn shapes_are_told_apart() {
    assert!(Shape::Hex(4).matches("0aF9") && !Shape::Hex(4).matches("0aG9") && !Shape::Hex(4).matches("0a"));
    assert!(Shape::Length(2).matches("ab") && !Shape::Length(2).matches("abc"));
    assert!(Shape::Padded(4).matches("abc=") && !Shape::Padded(4).matches("abcd"));
    assert!(Shape::Pem.matches(" -----BEGIN EC PRIVATE KEY-----") && !Shape::Pem.matches("BEGIN"));
    assert!(Shape::Prefix("bg_").matches("bg_1") && !Shape::Prefix("bg_").matches("1bg_"));
    let uuid = "01234567-89ab-cdef-0123-456789abcdef";
    assert!(Shape::Uuid.matches(uuid) && !Shape::Uuid.matches(&format!("{uuid}-")));
}

#[test]
fn every_exchange_says_where_its_key_is_and_what_it_should_do() {
    for exchange in Exchange::ALL {
        let guide = exchange.guide();
        for text in [guide.location, guide.grant, guide.withhold, guide.api_secret, guide.passphrase] {
            assert!(!text.is_empty() && !text.contains('!'), "{exchange:?}");
        }
    }
}

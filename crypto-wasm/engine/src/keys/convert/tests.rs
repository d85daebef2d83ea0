use super::*;

fn draft(api_key: &str, api_secret: &str, passphrase: Option<&str>) -> Credentials {
    Credentials {
        api_key: SecretText::new(api_key.to_owned()),
        api_secret: SecretText::new(api_secret.to_owned()),
        passphrase: passphrase.map(|text| SecretText::new(text.to_owned())),
    }
}

#[test]
fn a_short_key_shows_nothing_of_itself() {
    assert_eq!(mask_api_key("abcdefghijkl"), "abcd…ijkl");
    assert_eq!(mask_api_key("abcdefghijk"), "••••");
    assert_eq!(mask_api_key(""), "••••");
    assert_eq!(mask_api_key("ключключключ"), "ключ…ключ");
}

#[test]
fn an_exchange_gets_the_fields_that_it_has() {
    let all = draft(" key ", "secret\n", Some("pass"));
    let okx = parse_credentials(Exchange::Okx, &all).unwrap();
    assert_eq!((okx.api_key.as_str(), okx.api_secret.as_str()), ("key", "secret"));
    assert_eq!(okx.passphrase.as_ref().map(|text| text.as_str()), Some("pass"));
    assert!(
        parse_credentials(Exchange::Kraken, &all).unwrap().passphrase.is_none(),
        "Kraken has no passphrase"
    );

    let rejected = |exchange, draft: Credentials| parse_credentials(exchange, &draft).err();
    let missing = Failure::FieldRejected(Field::Passphrase);
    assert_eq!(rejected(Exchange::Okx, draft("key", "secret", None)), Some(missing));
    assert_eq!(rejected(Exchange::Other, draft("key", "secret", None)), None);
    let secret = Failure::FieldRejected(Field::ApiSecret);
    assert_eq!(rejected(Exchange::Kraken, draft("key", "  ", None)), Some(secret.clone()));
    assert_eq!(rejected(Exchange::Kraken, draft("key", "two\nlines", None)), Some(secret.clone()));
    assert_eq!(rejected(Exchange::Coinbase, draft("key", "two\nlines", None)), None);
    assert_eq!(rejected(Exchange::Other, draft("key", &"x".repeat(MAX_CREDENTIAL + 1), None)), Some(secret));
}

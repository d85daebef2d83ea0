//! Bodies of the fuzz targets, which run the parsers of heads, wraps, plaintexts, shares, codes and
//! sheets on any input. They run as tests over the corpus and seeded mutations, and under
//! cargo-fuzz.

use crystallum_format::head::SignedHead;
use crystallum_format::leaf::blob_hash;

use crate::keyslot::wrap::Wrap;
use crate::record::content::{Overview, Secret};
use crate::recovery::RecoveryCode;
use crate::sheet::{parse_sheet, sheet_text};
use crate::wallet::share::SealedShare;

/// Checks that a head that parses is encoded back to the same bytes.
pub fn head(input: &[u8]) {
    if let Ok(head) = SignedHead::from_bytes(input) {
        assert_eq!(head.to_bytes(), input, "a head has one spelling");
    }
}

/// Checks that a wrap that parses is encoded back to the same bytes.
pub fn wrap(input: &[u8]) {
    if let Ok(wrap) = Wrap::from_bytes(input) {
        assert_eq!(wrap.to_bytes(), input, "a wrap has one spelling");
    }
}

/// Checks that the plaintext of a part that parses is encoded back to the same bytes.
pub fn content(input: &[u8]) {
    if let Ok(overview) = Overview::decode(input) {
        let again = overview.encode().expect("what was read is within limits");
        assert_eq!(again.as_slice(), input, "an overview has one spelling");
    }
    if let Ok(secret) = Secret::decode(input) {
        let again = secret.encode().expect("what was read is within limits");
        assert_eq!(again.as_slice(), input, "a secret has one spelling");
    }
}

/// Checks that a share that parses is encoded back to the same bytes and that its leaf describes a
/// valid dealing.
pub fn share(input: &[u8]) {
    if let Ok(share) = SealedShare::from_bytes(input) {
        assert_eq!(share.to_bytes(), input, "a share has one spelling");
        let leaf = share.leaf();
        assert!(2 <= leaf.k && leaf.k <= leaf.n && leaf.n <= 16 && leaf.epoch > 0, "a possible dealing");
        assert!((1..=leaf.n).contains(&leaf.index), "an index of it");
        assert_eq!(leaf.hash, blob_hash(input), "the leaf names these bytes");
    }
}

/// Checks that a typed code that parses has the characters of its own text, and that this text
/// parses to the same code.
pub fn code(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(code) = RecoveryCode::parse(text) {
        let own = code.text();
        let typed: String = text
            .chars()
            .filter(|typed| !matches!(typed, ' ' | '-'))
            .map(|typed| match typed.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        assert_eq!(*own, typed, "the characters that were typed");
        assert!(RecoveryCode::parse(&own).is_ok_and(|again| again.text() == own), "its own text is it again");
    }
}

/// Checks that the text of a sheet that parses is encoded back to the same text, and that a text
/// without a floor is a code.
pub fn sheet(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match parse_sheet(text) {
        Ok((code, Some(floor))) => {
            assert_eq!(*sheet_text(&code, &floor), text, "a sheet has one spelling");
            assert!(floor.counter > 0, "heads count from 1");
        }
        Ok((code, None)) => {
            assert!(RecoveryCode::parse(text).is_ok_and(|again| again.text() == code.text()), "a typed code");
        }
        Err(_) => assert!(RecoveryCode::parse(text).is_err(), "a code alone is taken"),
    }
}

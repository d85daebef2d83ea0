//! Bodies of the fuzz targets: the parsers of heads, wraps and plaintexts on any input. They run as tests over the corpus and seeded mutations, and under cargo-fuzz.

use crate::record::{Overview, Secret};
use crate::{SignedHead, Wrap};

/// A head that parses is written back the same.
pub fn head(input: &[u8]) {
    if let Ok(head) = SignedHead::from_bytes(input) {
        assert_eq!(head.to_bytes(), input, "a head has one spelling");
    }
}

/// A wrap that parses is written back the same.
pub fn wrap(input: &[u8]) {
    if let Ok(wrap) = Wrap::from_bytes(input) {
        assert_eq!(wrap.to_bytes(), input, "a wrap has one spelling");
    }
}

/// The plaintext of a part that parses is written back the same.
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

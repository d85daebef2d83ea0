//! Content hashes: SHA-384 in the form of `integrity` attributes, short hashes for file names, and
//! SHA-256 over several parts.

use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256, Sha384};

/// Returns the value of an `integrity` attribute.
pub(crate) fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", BASE64.encode(&Sha384::digest(bytes)))
}

/// Returns sixteen hex digits for a file name: the first eight bytes of SHA-384.
pub(crate) fn short_hash(bytes: &[u8]) -> String {
    Sha384::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Hashes parts with SHA-256, each after its length, so that their boundaries matter.
pub(crate) fn hash_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        let length = u64::try_from(part.len()).expect("a length fits 64 bits");
        hash.update(length.to_be_bytes());
        hash.update(part);
    }
    HEXLOWER.encode(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrity_is_what_browsers_expect() {
        // FIPS 180-4, the message "abc".
        assert_eq!(integrity(b"abc"), format!("sha384-{}", expected()));
        assert_eq!(short_hash(b"abc"), "cb00753f45a35e8b");
    }

    fn expected() -> String {
        let hex = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed\
                   8086072ba1e7cc2358baeca134c825a7";
        BASE64.encode(&HEXLOWER.decode(hex.as_bytes()).unwrap())
    }

    #[test]
    fn borders_between_parts_count() {
        assert_ne!(hash_parts([b"ab".as_slice(), b"c"]), hash_parts([b"a".as_slice(), b"bc"]));
        assert_ne!(hash_parts([b"".as_slice()]), hash_parts([]));
    }
}

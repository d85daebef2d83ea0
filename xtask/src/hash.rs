//! Content hashes: SHA-384 as `integrity` attributes write it, and short names for files.

use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256, Sha384};

/// The value of an `integrity` attribute.
pub(crate) fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", BASE64.encode(&Sha384::digest(bytes)))
}

/// Sixteen hex digits for a file's name.
pub(crate) fn short(bytes: &[u8]) -> String {
    Sha384::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 over parts whose borders count.
pub(crate) fn parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
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
        assert_eq!(short(b"abc"), "cb00753f45a35e8b");
    }

    fn expected() -> String {
        let hex = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed\
                   8086072ba1e7cc2358baeca134c825a7";
        BASE64.encode(&HEXLOWER.decode(hex.as_bytes()).unwrap())
    }

    #[test]
    fn borders_between_parts_count() {
        assert_ne!(parts([b"ab".as_slice(), b"c"]), parts([b"a".as_slice(), b"bc"]));
        assert_ne!(parts([b"".as_slice()]), parts([]));
    }
}

//! The canonical encoding of FORMAT.md, section 1.1, for the few values that the server verifies.

/// Format 1, suite 1.
const FORMAT_AND_SUITE: [u8; 2] = [1, 1];

/// Encodes `enc(label, fields)`. The fields must be in tag order, each shorter than 64 KiB.
pub(crate) fn encode(label: &str, fields: &[(u8, &[u8])]) -> Vec<u8> {
    let short = |length: usize| u8::try_from(length).expect("labels and lists of fields are short");
    let mut out = vec![short(label.len())];
    out.extend_from_slice(label.as_bytes());
    out.extend_from_slice(&FORMAT_AND_SUITE);
    out.push(short(fields.len()));
    for (tag, value) in fields {
        let length = u16::try_from(value.len()).expect("fields are bounded before they come here");
        out.push(*tag);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(value);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_with_tag_and_length() {
        let long = [7; 258];
        let encoded = encode("ab", &[(1, b"x"), (9, &long)]);
        let mut expected = b"\x02ab\x01\x01\x02\x01\x00\x01x\x09\x01\x02".to_vec();
        expected.extend_from_slice(&long);
        assert_eq!(encoded, expected);
    }
}

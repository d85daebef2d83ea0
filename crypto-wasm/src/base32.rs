//! Crockford's base 32, as recovery codes and sheets use it: most significant bits first, zero bits at the end.

use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The character of a value below 32.
pub(crate) fn character(value: u8) -> char {
    char::from(ALPHABET[usize::from(value & 31)])
}

/// The value of a character; lower case is taken, and `O` for 0, `I` and `L` for 1.
pub(crate) fn value(character: char) -> Option<u8> {
    let upper = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET.iter().position(|known| char::from(*known) == upper)?;
    u8::try_from(at).ok()
}

/// `bytes` as characters.
pub(crate) fn encode(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 8 / 5 + 1));
    let (mut held, mut bits) = (0_u16, 0);
    for byte in bytes {
        held = (held & 0x1f) << 8 | u16::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(character((held >> bits).to_be_bytes()[1]));
        }
    }
    if bits > 0 {
        text.push(character((held << (5 - bits)).to_be_bytes()[1]));
    }
    text
}

/// The bytes that these values are, or `None` when there are too many or too few, or a bit after the last byte is set.
pub(crate) fn decode<const N: usize>(values: &[u8]) -> Option<Zeroizing<[u8; N]>> {
    if values.len() != (N * 8).div_ceil(5) {
        return None;
    }
    let mut bytes = Zeroizing::new([0; N]);
    let (mut held, mut bits, mut at) = (0_u16, 0, 0);
    for value in values {
        held = (held & 0xff) << 5 | u16::from(*value & 31);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes[at] = (held >> bits).to_be_bytes()[1];
            at += 1;
        }
    }
    let left = held & ((1 << bits) - 1);
    (left == 0).then_some(bytes)
}

/// The bytes that a text of capitals and digits is, in its one spelling.
pub(crate) fn decode_strict<const N: usize>(text: &str) -> Option<[u8; N]> {
    let values: Option<Vec<u8>> =
        text.chars().map(|one| value(one).filter(|value| character(*value) == one)).collect();
    decode(&values?).map(|bytes| *bytes)
}

#[cfg(test)]
mod tests;

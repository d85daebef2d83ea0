//! Crockford's base 32 as used by recovery codes and sheets: most significant bits first, padded
//! with zero bits.

use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Returns the character of a value below 32.
pub(crate) fn character(value: u8) -> char {
    char::from(ALPHABET[usize::from(value & 31)])
}

/// Returns the value of a character. Accepts lower case, `O` for 0, and `I` and `L` for 1.
pub(crate) fn value(character: char) -> Option<u8> {
    let upper = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET.iter().position(|known| char::from(*known) == upper)?;
    u8::try_from(at).ok()
}

/// Encodes bytes as characters.
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

/// Decodes values to bytes. Returns `None` if there are too many or too few values, or if a padding
/// bit is set.
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

/// Decodes a text of capitals and digits. Rejects every other spelling of the same bytes.
pub(crate) fn decode_strict<const N: usize>(text: &str) -> Option<[u8; N]> {
    let values: Option<Vec<u8>> =
        text.chars().map(|one| value(one).filter(|value| character(*value) == one)).collect();
    decode(&values?).map(|bytes| *bytes)
}

#[cfg(test)]
mod tests;

use super::*;

#[test]
fn the_alphabet_is_crockfords() {
    let all: String = (0..32).map(character).collect();
    assert_eq!(all, "0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    for at in 0..32 {
        assert_eq!(value(character(at)), Some(at));
        assert_eq!(value(character(at).to_ascii_lowercase()), Some(at));
    }
    for (typed, meant) in [('O', 0), ('o', 0), ('I', 1), ('i', 1), ('L', 1), ('l', 1)] {
        assert_eq!(value(typed), Some(meant));
    }
    let known = (0..=u32::from(char::MAX)).filter_map(char::from_u32).filter(|one| value(*one).is_some());
    assert_eq!(known.count(), 10 + 22 + 22 + 6, "digits, letters of both cases, and what stands for 0 and 1");
}

#[test]
fn bytes_go_around() {
    for byte in 0..=255 {
        let bytes: [u8; 16] = std::array::from_fn(|at| byte ^ u8::try_from(at * 17).unwrap_or(0));
        let text = encode(&bytes);
        assert_eq!(text.len(), 26);
        assert_eq!(decode_strict::<16>(&text), Some(bytes));
        let values: Vec<u8> = text.chars().filter_map(value).collect();
        assert_eq!(decode::<16>(&values).map(|read| *read), Some(bytes));
    }
    assert_eq!(*encode(&[0xff; 5]), "ZZZZZZZZ");
    assert_eq!(*encode(&[0xff]), "ZW", "the last bits are zero");
    assert_eq!(*encode(&[0x00, 0x01]), "000G");
    assert_eq!(encode(&[7; 32]).len(), 52);
}

#[test]
fn other_lengths_and_set_bits_are_refused() {
    let values = [31; 27];
    for length in (0..=27).filter(|length| *length != 26) {
        assert!(decode::<16>(&values[..length]).is_none(), "{length}");
    }
    for last in 0..32 {
        let mut values = [31; 26];
        values[25] = last;
        assert_eq!(decode::<16>(&values).is_some(), last % 4 == 0, "{last}");
    }
    let text = encode(&[0xa5; 16]);
    assert!(decode_strict::<16>(&text.to_lowercase()).is_none(), "capitals alone");
    assert!(decode_strict::<16>(&text.replace('1', "I")).is_none() || !text.contains('1'));
    assert!(decode_strict::<16>(&[&text, "0"].concat()).is_none());
}

use super::*;

const LABEL: &str = "crystallum/1/test/encoding";

fn sample() -> Vec<u8> {
    Encoder::new(LABEL).field(1, b"one").field(3, &[0; 8]).finish().to_vec()
}

/// Fields 1, 2 (optional) and 3.
type Fields = (Vec<u8>, Option<Vec<u8>>, u64);

fn read(bytes: &[u8]) -> Result<Fields, Malformed> {
    let mut decoder = Decoder::new(LABEL, bytes)?;
    let one = decoder.bytes(1)?.to_vec();
    let two = decoder.optional(2)?.map(<[u8]>::to_vec);
    let three = decoder.u64(3)?;
    decoder.finish()?;
    Ok((one, two, three))
}

#[test]
fn reads_what_it_wrote() {
    assert_eq!(read(&sample()), Ok((b"one".to_vec(), None, 0)));
    let with_two = Encoder::new(LABEL).field(1, b"one").field_if(2, Some(b"")).field(3, &[0; 8]).finish();
    assert_eq!(read(&with_two), Ok((b"one".to_vec(), Some(vec![]), 0)));
}

#[test]
fn every_truncation_and_every_added_byte_is_refused() {
    let sample = sample();
    for length in 0..sample.len() {
        assert_eq!(read(&sample[..length]), Err(Malformed), "cut at {length}");
    }
    assert_eq!(read(&[sample.as_slice(), &[0]].concat()), Err(Malformed));
}

/// Attacks T57, T60 of `tests/ATTACKS.md`.
#[test]
fn missing_extra_repeated_and_reordered_fields_are_refused() {
    let refused = [
        Encoder::new(LABEL).field(1, b"one").finish(),
        Encoder::new(LABEL).field(3, &[0; 8]).finish(),
        Encoder::new(LABEL).field(1, b"one").field(3, &[0; 8]).field(4, b"").finish(),
        Encoder::new(LABEL).field(1, b"one").field(3, &[0; 7]).finish(),
        Encoder::new("crystallum/1/test/encodinh").field(1, b"one").field(3, &[0; 8]).finish(),
    ];
    for bytes in refused {
        assert_eq!(read(&bytes), Err(Malformed));
    }
    let header = 1 + LABEL.len() + 3;
    let mut reordered = sample()[..header].to_vec();
    reordered.extend_from_slice(&sample()[header + 6..]);
    reordered.extend_from_slice(&sample()[header..header + 6]);
    assert_eq!(read(&reordered), Err(Malformed));
    let mut repeated = sample();
    repeated.splice(header..header, *b"\x01\x00\x03one");
    repeated[header - 1] = 3;
    assert_eq!(read(&repeated), Err(Malformed));
}

/// Attack T57 of `tests/ATTACKS.md`.
#[test]
fn distinct_fields_give_distinct_bytes_when_a_border_moves() {
    let left = Encoder::new(LABEL).field(1, b"ab").field(2, b"c").finish();
    let right = Encoder::new(LABEL).field(1, b"a").field(2, b"bc").finish();
    assert_ne!(left.as_slice(), right.as_slice());
    // Only the lengths tell these apart.
    let left = Encoder::new(LABEL).field(1, b"a\x02b").field(2, b"c").finish();
    let right = Encoder::new(LABEL).field(1, b"a").field(2, b"b\x02c").finish();
    assert_ne!(left.as_slice(), right.as_slice());
}

#[test]
fn fields_stand_with_tag_and_length() {
    let long = [7; 258];
    let encoded = Encoder::new("ab").field(1, b"x").field(9, &long).finish();
    let mut expected = b"\x02ab\x01\x01\x02\x01\x00\x01x\x09\x01\x02".to_vec();
    expected.extend_from_slice(&long);
    assert_eq!(*encoded, expected);
}

use std::collections::BTreeSet;

use crystallum_format::encoding::Malformed;
use crystallum_format::limits::{MAX_TAG, MAX_TAGS};

use super::text::one_line;

/// The tags of a record: at most 8, each 1 to 32 bytes on one line, ordered by their bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(BTreeSet<String>);

impl Tags {
    /// Checks tags and puts them in order.
    pub fn new(tags: impl IntoIterator<Item = String>) -> Result<Self, Malformed> {
        let tags: BTreeSet<String> = tags.into_iter().collect();
        tags.iter().try_for_each(|tag| one_line(tag, 1, MAX_TAG).map(drop))?;
        if tags.len() <= MAX_TAGS { Ok(Self(tags)) } else { Err(Malformed) }
    }

    /// Iterates over the tags in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Encodes each tag as its length, one byte, and its text. No tags are no field.
    pub(super) fn encode(&self) -> Option<Vec<u8>> {
        let length = |tag: &str| u8::try_from(tag.len()).expect("a tag has at most 32 bytes");
        let encoded: Vec<u8> =
            self.iter().flat_map(|tag| std::iter::once(length(tag)).chain(tag.bytes())).collect();
        (!encoded.is_empty()).then_some(encoded)
    }

    pub(super) fn decode(bytes: Option<&[u8]>) -> Result<Self, Malformed> {
        let Some(mut rest) = bytes else { return Ok(Self::default()) };
        let mut tags = Vec::new();
        while let Some((length, tail)) = rest.split_first() {
            let (tag, tail) = tail.split_at_checked(usize::from(*length)).ok_or(Malformed)?;
            tags.push(std::str::from_utf8(tag).map_err(|_| Malformed)?.to_owned());
            rest = tail;
        }
        // Each set of tags has one encoding.
        let ordered = !tags.is_empty() && tags.is_sorted_by(|a, b| a < b);
        if ordered { Self::new(tags) } else { Err(Malformed) }
    }
}

/// Encodes the mark of a favourite: 1, or no field.
pub(super) fn encode_favourite(favourite: bool) -> Option<&'static [u8]> {
    favourite.then_some(&[1])
}

pub(super) fn decode_favourite(field: Option<&[u8]>) -> Result<bool, Malformed> {
    match field {
        None => Ok(false),
        Some([1]) => Ok(true),
        Some(_) => Err(Malformed),
    }
}

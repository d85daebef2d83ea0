//! The injective encoding of labelled, tagged fields (FORMAT.md, section 1.1).

use zeroize::Zeroizing;

use crate::defence::Defence;
use crate::version::{FORMAT, SUITE};

/// The bytes do not follow the format. Which rule they break is deliberately not reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bytes do not follow the format")]
pub struct Malformed;

/// Writes an encoding. The fields must be added in ascending tag order and be shorter than 64 KiB;
/// callers know both at compile time, so a violation is a bug. The bytes are wiped when dropped,
/// because some encodings hold secrets.
pub struct Encoder {
    out: Zeroizing<Vec<u8>>,
    count_at: usize,
    last_tag: u8,
}

impl Encoder {
    /// Starts an encoding with a label.
    ///
    /// # Panics
    ///
    /// Panics if the label is longer than 255 bytes.
    pub fn new(label: &str) -> Self {
        let length = u8::try_from(label.len()).expect("labels are short constants");
        let mut out = Zeroizing::new(Vec::with_capacity(256));
        out.push(length);
        out.extend_from_slice(label.as_bytes());
        out.extend_from_slice(&[FORMAT, SUITE, 0]);
        let count_at = out.len() - 1;
        Self { out, count_at, last_tag: 0 }
    }

    /// Appends a field.
    ///
    /// # Panics
    ///
    /// Panics if the tag is not above the one before it, or the value has 64 KiB or more.
    pub fn field(mut self, tag: u8, value: &[u8]) -> Self {
        assert!(tag > self.last_tag, "fields stand in tag order");
        let length = u16::try_from(value.len()).expect("values are bounded by their types");
        // Grows by hand, because a vector that reallocates leaves an unwiped copy behind.
        if self.out.capacity() - self.out.len() < value.len() + 3 {
            let mut larger = Zeroizing::new(Vec::with_capacity(2 * self.out.len() + value.len() + 256));
            larger.extend_from_slice(&self.out);
            self.out = larger;
        }
        self.out.push(tag);
        self.out.extend_from_slice(&length.to_be_bytes());
        self.out.extend_from_slice(value);
        self.out[self.count_at] += 1;
        self.last_tag = tag;
        self
    }

    /// Appends a field if there is a value.
    ///
    /// # Panics
    ///
    /// Panics like [`field`](Self::field).
    pub fn field_if(self, tag: u8, value: Option<&[u8]>) -> Self {
        match value {
            Some(value) => self.field(tag, value),
            None => self,
        }
    }

    /// Returns the encoding.
    pub fn finish(self) -> Zeroizing<Vec<u8>> {
        self.out
    }
}

/// Reads an encoding with a known label, field by field, to its end.
pub struct Decoder<'a> {
    rest: &'a [u8],
    left: u8,
    last_tag: u8,
}

impl<'a> Decoder<'a> {
    /// Starts to read an encoding, which must have this label.
    pub fn new(label: &str, bytes: &'a [u8]) -> Result<Self, Malformed> {
        let (&length, rest) = bytes.split_first().ok_or(Malformed)?;
        let (found, rest) = rest.split_at_checked(usize::from(length)).ok_or(Malformed)?;
        let (head, rest) = rest.split_first_chunk::<3>().ok_or(Malformed)?;
        if found != label.as_bytes() || head[0] != FORMAT || head[1] != SUITE {
            return Err(Malformed);
        }
        Ok(Self { rest, left: head[2], last_tag: 0 })
    }

    /// Reads the field `tag`, which must be the next one.
    pub fn bytes(&mut self, tag: u8) -> Result<&'a [u8], Malformed> {
        self.optional(tag)?.ok_or(Malformed)
    }

    /// Reads the field `tag` if it is the next one.
    pub fn optional(&mut self, tag: u8) -> Result<Option<&'a [u8]>, Malformed> {
        if self.left == 0 || self.rest.first() != Some(&tag) {
            return Ok(None);
        }
        let (head, rest) = self.rest.split_first_chunk::<3>().ok_or(Malformed)?;
        let length = usize::from(u16::from_be_bytes([head[1], head[2]]));
        let (value, rest) = rest.split_at_checked(length).ok_or(Malformed)?;
        if tag <= self.last_tag {
            return Err(Malformed);
        }
        self.rest = rest;
        self.left -= 1;
        self.last_tag = tag;
        Ok(Some(value))
    }

    /// Reads the field `tag`, which must have `N` bytes.
    pub fn array<const N: usize>(&mut self, tag: u8) -> Result<[u8; N], Malformed> {
        self.bytes(tag)?.try_into().map_err(|_| Malformed)
    }

    /// Reads the field `tag` as an integer of 1 byte.
    pub fn u8(&mut self, tag: u8) -> Result<u8, Malformed> {
        self.array::<1>(tag).map(|[value]| value)
    }

    /// Reads the field `tag` as an integer of 4 bytes.
    pub fn u32(&mut self, tag: u8) -> Result<u32, Malformed> {
        self.array(tag).map(u32::from_be_bytes)
    }

    /// Reads the integer in the field `tag` if it is the next one.
    pub fn optional_u64(&mut self, tag: u8) -> Result<Option<u64>, Malformed> {
        self.optional(tag)?
            .map(|value| value.try_into().map(u64::from_be_bytes).map_err(|_| Malformed))
            .transpose()
    }

    /// Reads the field `tag` as an integer of 8 bytes.
    pub fn u64(&mut self, tag: u8) -> Result<u64, Malformed> {
        self.array(tag).map(u64::from_be_bytes)
    }

    /// Reads the field `tag` as UTF-8 text of `min` to `max` bytes.
    pub fn text(&mut self, tag: u8, min: usize, max: usize) -> Result<&'a str, Malformed> {
        text(self.bytes(tag)?, min, max)
    }

    /// Checks that neither fields nor bytes are left.
    pub fn finish(self) -> Result<(), Malformed> {
        let is_whole = self.left == 0 && self.rest.is_empty();
        if is_whole || !Defence::WholeEncoding.holds() { Ok(()) } else { Err(Malformed) }
    }
}

/// Parses UTF-8 text of `min` to `max` bytes.
pub fn text(bytes: &[u8], min: usize, max: usize) -> Result<&str, Malformed> {
    if bytes.len() < min || bytes.len() > max {
        return Err(Malformed);
    }
    std::str::from_utf8(bytes).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests;

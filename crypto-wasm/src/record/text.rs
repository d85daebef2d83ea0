//! Texts in records. A reader alters nothing in them, so what could break a line of a list apart is
//! refused.

use crystallum_format::encoding::{Decoder, Malformed};

/// Checks a text of `min` to `max` bytes without control characters (U+0000 to U+001F).
pub(super) fn one_line(text: &str, min: usize, max: usize) -> Result<&str, Malformed> {
    checked(text, min, max, |byte| byte >= 0x20)
}

/// Checks a text of at most `max` bytes without control characters other than line end and tab.
pub(super) fn several_lines(text: &str, max: usize) -> Result<&str, Malformed> {
    checked(text, 0, max, |byte| byte >= 0x20 || byte == b'\n' || byte == b'\t')
}

/// Reads the field `tag` as a text of one line.
pub(super) fn line<'a>(
    fields: &mut Decoder<'a>,
    tag: u8,
    min: usize,
    max: usize,
) -> Result<&'a str, Malformed> {
    one_line(fields.text(tag, min, max)?, min, max)
}

/// Reads the field `tag` as a text of several lines.
pub(super) fn note<'a>(fields: &mut Decoder<'a>, tag: u8, max: usize) -> Result<&'a str, Malformed> {
    several_lines(fields.text(tag, 0, max)?, max)
}

fn checked(text: &str, min: usize, max: usize, allowed: fn(u8) -> bool) -> Result<&str, Malformed> {
    // The bytes of longer characters are all above 0x7f.
    let good = (min..=max).contains(&text.len()) && text.bytes().all(allowed);
    if good { Ok(text) } else { Err(Malformed) }
}

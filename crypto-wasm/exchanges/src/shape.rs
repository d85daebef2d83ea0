//! What API keys and API secrets look like. A mismatch is only a hint and never an error, since an
//! exchange may change its keys at any time.

/// What an exchange's API keys and API secrets look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shapes {
    /// The shape of the API key.
    pub api_key: Shape,
    /// The shape of the API secret.
    pub api_secret: Shape,
}

/// What a credential looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// It has this number of hexadecimal digits.
    Hex(usize),
    /// It has this number of bytes.
    Length(usize),
    /// It has this number of bytes, of which the last one is `=`, the padding of Base64.
    Padded(usize),
    /// It contains the first line of a PEM file.
    Pem,
    /// It starts with this text.
    Prefix(&'static str),
    /// It is a UUID.
    Uuid,
}

impl Shape {
    /// Returns whether the text looks like this.
    pub fn matches(self, text: &str) -> bool {
        match self {
            Self::Hex(digits) => is_hex(text, digits),
            Self::Length(length) => text.len() == length,
            Self::Padded(length) => text.len() == length && text.ends_with('='),
            Self::Pem => text.contains("-----BEGIN "),
            Self::Prefix(prefix) => text.starts_with(prefix),
            Self::Uuid => is_uuid(text),
        }
    }
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_uuid(text: &str) -> bool {
    let mut groups = text.split('-');
    [8, 4, 4, 4, 12].into_iter().all(|digits| groups.next().is_some_and(|group| is_hex(group, digits)))
        && groups.next().is_none()
}

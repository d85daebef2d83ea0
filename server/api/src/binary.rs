use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of any length, encoded as base64url without padding. Padding and non-zero trailing bits
/// are rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(
        value_type = String,
        pattern = "^([A-Za-z0-9_-]{4})*([A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])?$"
    )
)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// Returns the bytes as a slice.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64URL_NOPAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| D::Error::custom("not base64url"))?;
        Ok(Self(bytes))
    }
}

/// An identifier chosen by a client: 16 bytes, encoded as 22 characters of base64url.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(value_type = String, pattern = "^[A-Za-z0-9_-]{21}[AQgw]$")
)]
pub struct Id(pub [u8; 16]);

impl FromStr for Id {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or("an identifier is 22 characters of base64url")
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64URL_NOPAD.encode(&self.0))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = Bytes::deserialize(deserializer)?;
        let id = bytes.0.try_into().map_err(|_| D::Error::custom("an identifier is 16 bytes"))?;
        Ok(Self(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_one_way_only() {
        assert_eq!(serde_json::to_string(&Bytes(vec![0xff, 0xfe])).unwrap(), "\"__4\"");
        for wrong in ["\"__4=\"", "\"//4\"", "\"__5\"", "\"_\"", "\"__ 4\"", "17", "null"] {
            assert!(serde_json::from_str::<Bytes>(wrong).is_err(), "{wrong} was read");
        }
    }

    #[test]
    fn an_identifier_has_sixteen_bytes() {
        let id = Id([7; 16]);
        let text = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<Id>(&text).unwrap(), id);
        assert_eq!(id.to_string().parse::<Id>(), Ok(id));
        assert!("".parse::<Id>().is_err() && "BwcHBwcHBwcHBwcHBwcHBx".parse::<Id>().is_err());
        for length in [0usize, 15, 17] {
            let text = serde_json::to_string(&Bytes(vec![0; length])).unwrap();
            assert!(serde_json::from_str::<Id>(&text).is_err(), "{length} bytes were read");
        }
    }
}

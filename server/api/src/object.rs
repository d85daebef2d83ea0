//! Reading JSON objects. What serde derives for a type with named fields also reads a list of their
//! values, which is another spelling of the same bytes.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{MapAccess, Visitor};

/// A type that is read from the members of an object.
pub(crate) trait FromMembers: Sized {
    /// Reads the members.
    fn from_members<'de, A: MapAccess<'de>>(members: A) -> Result<Self, A::Error>;
}

struct Members<T>(PhantomData<T>);

impl<'de, T: FromMembers> Visitor<'de> for Members<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        T::from_members(members)
    }
}

/// Reads an object, and nothing else.
pub(crate) fn from_object<'de, T: FromMembers, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Members(PhantomData))
}

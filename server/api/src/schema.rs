//! What the OpenAPI document needs to know about the JSON types of bodies. Without the feature
//! `openapi`, nothing is known, so that the client's Wasm carries nothing of it.

#[cfg(feature = "openapi")]
use std::borrow::Cow;

#[cfg(feature = "openapi")]
use utoipa::openapi::RefOr;

/// A type that the OpenAPI document can describe.
#[cfg(feature = "openapi")]
pub(crate) trait Described: utoipa::ToSchema {}
#[cfg(feature = "openapi")]
impl<T: utoipa::ToSchema> Described for T {}

/// A type that the OpenAPI document can describe. Without the feature `openapi`, that is any type.
#[cfg(not(feature = "openapi"))]
pub(crate) trait Described {}
#[cfg(not(feature = "openapi"))]
impl<T> Described for T {}

/// The schemas of some types, by their names.
#[cfg(feature = "openapi")]
pub type Schemas = Vec<(String, RefOr<utoipa::openapi::Schema>)>;

/// The type of a JSON body.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Returns the type's name in the document.
    #[cfg(feature = "openapi")]
    pub name: fn() -> Cow<'static, str>,
    /// Adds the type's schema and those of all types that it refers to.
    #[cfg(feature = "openapi")]
    pub collect: fn(&mut Schemas),
}

impl Schema {
    /// Returns the schema of `T`.
    #[cfg(feature = "openapi")]
    pub const fn of<T: utoipa::ToSchema>() -> Self {
        Self {
            name: T::name,
            collect: |all| {
                all.push((T::name().into_owned(), T::schema()));
                T::schemas(all);
            },
        }
    }

    /// Returns the schema of `T`, of which nothing is known.
    #[cfg(not(feature = "openapi"))]
    pub(crate) const fn of<T: Described>() -> Self {
        Self {}
    }
}

use serde::{Deserialize, Serialize};

use crate::binary::{Bytes, Id};

/// The response to `GET /api/stores`: the share stores of this server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stores {
    /// The stores, always in the same order.
    pub stores: Vec<Store>,
}

/// A share store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Store {
    /// The store's id, generated when the store was set up.
    pub id: Id,
    /// The store's position in the list, counted from 1. It does not change when another store is
    /// missing.
    pub number: u8,
    /// Where the store is located.
    #[serde(rename = "place")]
    pub location: StoreLocation,
    /// Whether the store is currently available.
    pub available: bool,
}

/// Where a store is located.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = StorePlace))]
pub enum StoreLocation {
    /// In a file next to the server's own database.
    SameMachine,
}

/// The body of `POST /api/stores/{store}/shares/{share}`: stores a share, which is pending until a
/// commit names it. Repeating the request is harmless. Different contents under the same id are
/// rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutShare {
    /// The sealed share, at most [`MAX_SHARE`](crate::MAX_SHARE) bytes.
    pub share: Bytes,
    /// The SHA-256 of the store's credential, 32 bytes. Whoever knows the credential can read and
    /// delete the share.
    pub access_hash: Bytes,
}

/// The body of `POST /api/stores/{store}/shares/{share}/read` and `…/delete`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShareAccess {
    /// The store's credential, 32 bytes.
    pub credential: Bytes,
}

/// The response to `POST /api/stores/{store}/shares/{share}/read`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadShare {
    /// The sealed share.
    pub share: Bytes,
}

/// The response to `GET /api/stores/{store}/shares/{share}`: what the store reports about a share
/// without revealing it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShareState {
    /// The SHA-256 of the stored share, 32 bytes, computed for this request.
    pub hash: Bytes,
    /// Whether a commit has named it.
    pub claimed: bool,
}

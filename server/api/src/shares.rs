use serde::{Deserialize, Serialize};

use crate::{Bytes, Id};

/// Answer of `GET /api/stores`: the places that take shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stores {
    /// In a fixed order.
    pub stores: Vec<Store>,
}

/// A place that takes shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Store {
    /// Made by the store when it was set up.
    pub id: Id,
    /// Where it stands in the list, from 1; kept when a store is missing.
    pub number: u8,
    /// Where it is.
    pub place: StorePlace,
    /// Whether it can be used now.
    pub available: bool,
}

/// Where a store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StorePlace {
    /// A file beside the server's own database.
    SameMachine,
}

/// Body of `POST /api/stores/{store}/shares/{share}`: keeps a share as pending until a commit names it. The same request again is harmless;
/// other contents under the same id are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutShare {
    /// The sealed share, at most [`MAX_SHARE`](crate::MAX_SHARE) bytes.
    pub share: Bytes,
    /// SHA-256 of the store's credential, 32 bytes: who knows the credential can read and delete.
    pub access_hash: Bytes,
}

/// Body of `POST /api/stores/{store}/shares/{share}/read` and `…/delete`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShareAccess {
    /// The store's credential, 32 bytes.
    pub credential: Bytes,
}

/// Answer of `…/read`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadShare {
    /// The sealed share.
    pub share: Bytes,
}

/// Answer of `GET /api/stores/{store}/shares/{share}`: what the store says of a share without handing it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShareState {
    /// SHA-256 of what it holds, computed when asked, 32 bytes.
    pub hash: Bytes,
    /// Whether a commit has named it.
    pub claimed: bool,
}

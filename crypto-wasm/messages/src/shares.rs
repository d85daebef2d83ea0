//! The shares of a wallet, and what is known of them.

use serde::{Deserialize, Serialize};

use crate::ids::StoreId;

/// One share, and the store that is to hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareView {
    /// The index of the share, from 1.
    pub index: u8,
    /// The store.
    pub store: StoreId,
    /// The store's number as the user sees it, from 1; 0 if the server does not list the store.
    pub number: u8,
    /// What is known of it.
    pub state: ShareState,
}

/// What is known of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareState {
    /// The share was read and verified on this device.
    Good,
    /// The store claims to hold exactly this share.
    Held,
    /// The store does not have the share.
    Missing,
    /// The store does not answer.
    Unreachable,
    /// The store has not been asked.
    Unknown,
    /// The store holds something other than this share: an altered, older, truncated or different
    /// one.
    Wrong,
}

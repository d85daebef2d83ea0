//! Shares and their stores.

use crystallum_api as api;
use crystallum_core::{SealedShare, ShareId, StoreId};
use crystallum_messages::{self as messages, StoreLocation, StoreView};

/// The address of a share: its store and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShareAddress {
    pub(crate) store: StoreId,
    pub(crate) share: ShareId,
}

impl ShareAddress {
    pub(super) fn path(self, fill: fn(api::Id, api::Id) -> String) -> String {
        fill(api::Id(*self.store.as_bytes()), api::Id(*self.share.as_bytes()))
    }
}

pub(super) fn stores_from_wire(stores: api::Stores) -> Vec<StoreView> {
    let view = |store: api::Store| StoreView {
        id: messages::StoreId(store.id.0),
        number: store.number,
        location: match store.location {
            api::StoreLocation::SameMachine => StoreLocation::SameMachine,
        },
        available: store.available,
    };
    stores.stores.into_iter().map(view).collect()
}

pub(super) fn put_share(share: &SealedShare, access_hash: [u8; 32]) -> api::PutShare {
    api::PutShare { share: share.to_bytes().into(), access_hash: access_hash.as_slice().into() }
}

pub(super) fn share_access(credential: &[u8; 32]) -> api::ShareAccess {
    api::ShareAccess { credential: credential.as_slice().into() }
}

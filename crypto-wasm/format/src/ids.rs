//! Ids of objects: 16 bytes each, and one type for each kind of object.

use std::fmt;

use crate::entropy::Entropy;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Creates an id from its bytes.
            pub const fn new(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// Returns the bytes of the id.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }
    )*};
}

id! {
    /// A device of the vault.
    DeviceId
    /// A sign-in method. Both of its keyslots name it.
    MethodId
    /// A record, or its tombstone after it was deleted.
    RecordId
    /// A share of a wallet's key on a store.
    ShareId
    /// The shares of one wallet, in all its dealings.
    ShareSetId
    /// A keyslot.
    SlotId
    /// A share store. Its id is generated when the store is set up.
    StoreId
    /// A vault. It is also the id of the account at the server and the WebAuthn user handle.
    VaultId
}

/// Ids that clients generate.
macro_rules! random_id {
    ($($name:ident)*) => {$(
        impl $name {
            /// Generates a random id.
            pub fn random(entropy: &mut impl Entropy) -> Self {
                let mut id = [0; 16];
                entropy.fill(&mut id);
                Self::new(id)
            }
        }
    )*};
}
random_id! { DeviceId MethodId RecordId ShareId ShareSetId SlotId VaultId }

//! Devices that entered the vault, until somebody on this device has looked.

use crystallum_core::{DeviceId, SlotKind};

/// A device that another one than this admitted to the vault: itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Join {
    pub(crate) device: DeviceId,
    /// The number of the change.
    pub(crate) counter: u64,
    /// The time by the new device's clock, in milliseconds since 1970.
    pub(crate) time: u64,
    /// The id of the sign-in method.
    pub(crate) method: [u8; 16],
    pub(crate) kind: SlotKind,
}

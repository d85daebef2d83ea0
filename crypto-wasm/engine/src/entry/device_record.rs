//! The record by which a device describes itself as it enters a vault.

use crystallum_core::{DeviceId, DeviceOverview, Overview, RecordId, Secret, VaultKeys};

use crate::entry::platform::describe_platform;
use crate::ports::{Clock, Ports};
use crate::vault::change::SealedChange;
use crate::vault::seal::{TooLarge, seal_new_record};

/// Returns the change that adds the record of this device. It has no name before its owner gives it
/// one.
pub(super) fn describe_device<P: Ports>(
    ports: &mut P,
    keys: &VaultKeys,
    device: DeviceId,
) -> Result<SealedChange, TooLarge> {
    let record = RecordId::new(*device.as_bytes());
    let platform = describe_platform(&ports.user_agent());
    let overview = DeviceOverview { name: String::new(), joined: ports.clock().now(), platform };
    let parts = seal_new_record(ports.entropy(), keys, record, &Overview::Device(overview), &Secret::Device)?;
    Ok(parts.change_from(record, None))
}

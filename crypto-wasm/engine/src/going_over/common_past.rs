//! How far the history of this device and the one that the server shows are the same.

use crystallum_core::VaultState;
use crystallum_messages::session::Failure;
use crystallum_messages::{NotGoneOver, VaultFailure};

use crate::local::heads::load_log;
use crate::ports::Ports;
use crate::sync::floor::Floor;
use crate::vault::open_vault::OpenVault;
use crate::wire::client::Client;

/// Returns the number of the newest change that is part of both histories. The server proves that
/// it is part of its own, and a history that has a change has all before it, so a few requests find
/// it: as many as the length of the log has binary digits.
///
/// Returns `None` if this device entered the vault after the histories parted. One that knows its
/// vault from the beginning shares that with every history of the vault.
pub(super) async fn find_common_past<P: Ports>(
    ports: &P,
    vault: &OpenVault,
    other: &VaultState,
) -> Result<Option<u64>, Failure> {
    let log = load_log(ports.store(), &vault.state).await.map_err(VaultFailure::from)?;
    let client = Client(ports.transport());
    let first = log.first();
    let (mut known, mut last) = (first - 1, vault.counter().min(other.head().body().counter));
    while known < last {
        let middle = known + (last - known).div_ceil(2);
        let floor = Floor { counter: middle, head: log.hash_at(middle).copied() };
        if floor.head.is_some() && floor.is_reached(&client, other, None).await? {
            known = middle;
        } else {
            last = middle - 1;
        }
    }
    match known {
        0 => Err(Failure::NotGoneOver(NotGoneOver::Unproved)),
        known if known < first => Ok(None),
        known => Ok(Some(known)),
    }
}

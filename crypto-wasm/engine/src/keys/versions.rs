//! Earlier versions of an exchange key's secret. The signed chain says which versions there were;
//! the server returns their blobs.

use crystallum_core::{RecordId, Secret, blob_hash};
use crystallum_messages::{
    Credentials, DeviceId, KeyEdit, Saved, ServerFailure, VaultFailure, Version, keys::Failure,
};

use crate::keys::{convert, records};
use crate::ports::Ports;
use crate::vault::history::SecretVersion;
use crate::vault::ids::record_id;
use crate::vault::open_vault::OpenVault;
use crate::vault::seal::record_context;
use crate::wire::client::Client;
use crate::wire::refusal::{CallFailed, Refusal};

/// Lists the known versions of a record's secret, newest first.
pub(crate) fn list_versions(vault: &OpenVault, id: RecordId) -> Result<Vec<Version>, Failure> {
    let overview = vault.index.get(id).ok_or(VaultFailure::NoSuchRecord)?;
    let current = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?.secret.version;
    let mut entries = vault.objects.history.get(&id).cloned().unwrap_or_default();
    if entries.iter().all(|entry| entry.version != current) {
        entries.push(SecretVersion {
            version: current,
            hash: [0; 32],
            time: if current == 1 { overview.created } else { overview.updated },
            device: *vault.device.as_bytes(),
        });
    }
    let version = |entry: &SecretVersion| Version {
        number: entry.version,
        time: entry.time,
        device: DeviceId(entry.device),
        current: entry.version == current,
    };
    Ok(entries.iter().rev().map(version).collect())
}

/// Returns a version of a secret, earlier or current.
pub(crate) async fn reveal_version<P: Ports>(
    ports: &P,
    vault: &OpenVault,
    id: RecordId,
    number: u64,
) -> Result<Credentials, Failure> {
    vault.index.get(id).ok_or(VaultFailure::NoSuchRecord)?;
    let parts = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?;
    if parts.secret.version == number {
        return records::reveal_key(vault, record_id(id));
    }
    let known = vault.objects.history.get(&id).into_iter().flatten();
    let entry = known.into_iter().find(|entry| entry.version == number).ok_or(Failure::NoSuchVersion)?;
    let blob = match Client(ports.transport()).secret_version(id, number).await {
        Ok(blob) => blob,
        Err(CallFailed::Refused(Refusal::NotFound)) => return Err(Failure::NoSuchVersion),
        Err(failed) => return Err(failed.into()),
    };
    if blob_hash(blob.as_bytes()) != entry.hash {
        return Err(ServerFailure::StrangeAnswer.into());
    }
    match vault.keys.open_secret(record_context(id, number), &blob) {
        Ok(Secret::Key(secret)) => Ok(convert::credentials(&secret)),
        _ => Err(ServerFailure::StrangeAnswer.into()),
    }
}

/// Writes an earlier secret as the newest version.
pub(crate) async fn restore_version<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: RecordId,
    number: u64,
) -> Result<Saved, Failure> {
    let credentials = reveal_version(ports, vault, id, number).await?;
    let parts = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?;
    let base = parts.overview.overview_version();
    let edit = KeyEdit { id: record_id(id), base, label: None, note: None, credentials: Some(credentials) };
    records::edit_key(ports, vault, edit).await
}

//! Earlier versions of an exchange key's secret: the signed chain says which there were, the server hands them out.

use crystallum_api as api;
use crystallum_core::{Blob, RecordId, Secret, blob_hash};
use crystallum_messages::{Credentials, DeviceId, Failure, KeyEdit, Saved, Version};

use crate::client::Client;
use crate::convert;
use crate::history::Past;
use crate::ports::Ports;
use crate::records;
use crate::vault::{OpenVault, context};

/// What is known of a record's secrets, newest first.
pub(crate) fn list(vault: &OpenVault, id: RecordId) -> Result<Vec<Version>, Failure> {
    let overview = vault.index.get(id).ok_or(Failure::NoSuchRecord)?;
    let current = vault.parts(id).ok_or(Failure::NoSuchRecord)?.secret.version;
    let mut pasts = vault.objects.history.get(&id).cloned().unwrap_or_default();
    if pasts.iter().all(|past| past.version != current) {
        pasts.push(Past {
            version: current,
            hash: [0; 32],
            time: if current == 1 { overview.created } else { overview.updated },
            device: *vault.device.as_bytes(),
        });
    }
    let version = |past: &Past| Version {
        number: past.version,
        time: past.time,
        device: DeviceId(past.device),
        current: past.version == current,
    };
    Ok(pasts.iter().rev().map(version).collect())
}

/// An earlier secret, or the one in use.
pub(crate) async fn reveal<P: Ports>(
    ports: &P,
    vault: &OpenVault,
    id: RecordId,
    number: u64,
) -> Result<Credentials, Failure> {
    vault.index.get(id).ok_or(Failure::NoSuchRecord)?;
    let parts = vault.parts(id).ok_or(Failure::NoSuchRecord)?;
    if parts.secret.version == number {
        return records::reveal(vault, convert::record_id(id));
    }
    let known = vault.objects.history.get(&id).into_iter().flatten();
    let past = known.into_iter().find(|past| past.version == number).ok_or(Failure::NoSuchVersion)?;
    let part = match Client(ports.transport()).secret(api::Id(*id.as_bytes()), number).await {
        Ok(part) => part,
        Err(failed) if failed.code() == Some(api::Code::NotFound) => return Err(Failure::NoSuchVersion),
        Err(failed) => return Err(failed.into()),
    };
    let blob = Blob::from_bytes(part.blob.ok_or(Failure::StrangeAnswer)?.0);
    if blob_hash(blob.as_bytes()) != past.hash {
        return Err(Failure::StrangeAnswer);
    }
    match vault.keys.open_secret(context(id, number), &blob) {
        Ok(Secret::Key(secret)) => Ok(convert::credentials(&secret)),
        _ => Err(Failure::StrangeAnswer),
    }
}

/// Puts an earlier secret in the place of the one in use, as a new version.
pub(crate) async fn restore<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: RecordId,
    number: u64,
) -> Result<Saved, Failure> {
    let credentials = reveal(ports, vault, id, number).await?;
    let parts = vault.parts(id).ok_or(Failure::NoSuchRecord)?;
    let base = records::version_of(&parts.overview);
    let edit =
        KeyEdit { id: convert::record_id(id), base, label: None, note: None, credentials: Some(credentials) };
    records::edit(ports, vault, edit).await
}

//! Earlier versions of an exchange key's secret. The live secret names those that are genuine; the
//! server returns their blobs. When they were written is known from the chain, as far as this
//! device has followed it.

use crystallum_core::{Defence, RecordId, Secret, blob_hash};
use crystallum_messages::{
    Credentials, DeviceId, KeyEdit, Saved, ServerFailure, VaultFailure, Version, keys::Failure,
};

use crate::keys::{convert, records};
use crate::ports::Ports;
use crate::vault::ids::record_id;
use crate::vault::open_vault::OpenVault;
use crate::vault::seal::record_context;
use crate::wire::client::Client;
use crate::wire::refusal::{CallFailed, Refusal};

/// Lists the versions of a record's secret, newest first.
pub(crate) fn list_versions(vault: &OpenVault, id: RecordId) -> Result<Vec<Version>, Failure> {
    let overview = vault.index.get(id).ok_or(VaultFailure::NoSuchRecord)?;
    let parts = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?;
    let current = parts.secret.version();
    let seen = vault.objects.history.get(&id).map_or(&[][..], Vec::as_slice);
    let version = |number: u64| {
        let seen = seen.iter().find(|seen| seen.version == number);
        Version {
            number,
            time: seen.map(|seen| seen.time),
            device: seen.map(|seen| DeviceId(seen.device)),
            current: number == current,
        }
    };
    let mut newest = version(current);
    newest.time = newest.time.or(Some(if current == 1 { overview.created } else { overview.updated }));
    let earlier = records::named_secrets(vault, id, parts)?.into_iter().map(|named| version(named.version));
    Ok(std::iter::once(newest).chain(earlier).collect())
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
    if parts.secret.version() == number {
        return records::reveal_key(vault, record_id(id));
    }
    let mut named = records::named_secrets(vault, id, parts)?.into_iter();
    let named = named.find(|named| named.version == number);
    let named = named.ok_or(Failure::NoSuchVersion)?;
    let blob = match Client(ports.transport()).secret_version(id, number).await {
        Ok(blob) => blob,
        Err(CallFailed::Refused(Refusal::NotFound)) => return Err(Failure::NoSuchVersion),
        Err(failed) => return Err(failed.into()),
    };
    if Defence::VersionHash.holds() && blob_hash(blob.as_bytes()) != named.hash {
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

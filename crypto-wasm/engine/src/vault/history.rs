//! Earlier versions of a record's secret, collected from verified changes.

use crystallum_core::{HeadBody, RecordId};
use serde::{Deserialize, Serialize};

use crate::vault::change::SealedChange;

/// How many earlier versions of a secret are known besides the newest: as many as the server keeps.
pub(crate) const KEPT_VERSIONS: usize = 10;

/// One version of a secret. Its hash was part of a signed state, so the blob that the server
/// returns for it can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SecretVersion {
    /// Counts the writes of the secret from 1.
    pub(crate) version: u64,
    /// SHA-256 of the sealed secret.
    pub(crate) hash: [u8; 32],
    /// When it was written by the writer's clock, in milliseconds since 1970.
    pub(crate) time: u64,
    /// The device that wrote it.
    pub(crate) device: [u8; 16],
}

/// Returns the versions of secrets that changes wrote.
pub(crate) fn secret_versions<'a>(
    changes: &'a [SealedChange],
    head: &'a HeadBody,
) -> impl Iterator<Item = (RecordId, SecretVersion)> + 'a {
    changes.iter().filter_map(|change| {
        let SealedChange::Record { id, secret: Some(part), .. } = change else { return None };
        let entry = SecretVersion {
            version: part.version,
            hash: part.hash,
            time: head.time,
            device: *head.writer.as_bytes(),
        };
        Some((*id, entry))
    })
}

/// Adds new versions to the known ones. Keeps as many as the server does, and the current one.
pub(crate) fn merge_versions(known: &[SecretVersion], new: &[SecretVersion]) -> Vec<SecretVersion> {
    let mut all: Vec<SecretVersion> = known
        .iter()
        .filter(|old| new.iter().all(|entry| entry.version != old.version))
        .chain(new)
        .copied()
        .collect();
    all.sort_by_key(|entry| entry.version);
    let surplus = all.len().saturating_sub(KEPT_VERSIONS + 1);
    all.drain(..surplus);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(version: u64, time: u64) -> SecretVersion {
        SecretVersion { version, hash: [0; 32], time, device: [0; 16] }
    }

    #[test]
    fn the_newest_are_kept_and_none_is_there_twice() {
        let known: Vec<SecretVersion> = (1..=9).map(|version| entry(version, 0)).collect();
        let new: Vec<SecretVersion> = (9..=13).map(|version| entry(version, 1)).collect();
        let all = merge_versions(&known, &new);
        let versions: Vec<u64> = all.iter().map(|entry| entry.version).collect();
        assert_eq!(versions, (3..=13).collect::<Vec<u64>>());
        assert_eq!(all[6], entry(9, 1), "what was told last counts");
    }
}

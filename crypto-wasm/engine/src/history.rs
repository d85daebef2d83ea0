//! Earlier versions of a record's secret, as verified changes told them.

use crystallum_api as api;
use crystallum_core::{HeadBody, RecordId};
use serde::{Deserialize, Serialize};

/// One version of a secret. Its hash was part of a signed state, so what the server hands out for it can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Past {
    /// Counts the writes of the secret from 1.
    pub(crate) version: u64,
    /// SHA-256 of the sealed secret.
    pub(crate) hash: [u8; 32],
    /// When its writer says it was made.
    pub(crate) time: u64,
    /// Which device wrote it.
    pub(crate) device: [u8; 16],
}

/// The secrets that a change wrote.
pub(crate) fn pasts<'a>(
    changes: &'a [api::Change],
    head: &'a HeadBody,
) -> impl Iterator<Item = (RecordId, Past)> + 'a {
    changes.iter().filter_map(|change| {
        let api::Change::Record { id, secret: Some(part), .. } = change else { return None };
        let hash = part.hash.as_slice().try_into().ok()?;
        let past = Past { version: part.version, hash, time: head.time, device: *head.writer.as_bytes() };
        Some((RecordId::new(id.0), past))
    })
}

/// A list with later versions added; only as many as the server keeps, and the one in use.
pub(crate) fn extended(known: &[Past], new: &[Past]) -> Vec<Past> {
    let mut all: Vec<Past> = known
        .iter()
        .filter(|old| new.iter().all(|past| past.version != old.version))
        .chain(new)
        .copied()
        .collect();
    all.sort_by_key(|past| past.version);
    let surplus = all.len().saturating_sub(api::KEPT_VERSIONS + 1);
    all.drain(..surplus);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(version: u64, time: u64) -> Past {
        Past { version, hash: [0; 32], time, device: [0; 16] }
    }

    #[test]
    fn the_newest_are_kept_and_none_is_there_twice() {
        let known: Vec<Past> = (1..=9).map(|version| past(version, 0)).collect();
        let new: Vec<Past> = (9..=13).map(|version| past(version, 1)).collect();
        let all = extended(&known, &new);
        let versions: Vec<u64> = all.iter().map(|past| past.version).collect();
        assert_eq!(versions, (3..=13).collect::<Vec<u64>>());
        assert_eq!(all[6], past(9, 1), "what was told last counts");
    }
}

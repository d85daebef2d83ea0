//! What the history says about one record.

use std::collections::VecDeque;

use crystallum_api::{KEPT_VERSIONS, Part};

/// One version of a part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) number: u64,
    pub(crate) hash: [u8; 32],
    /// The counter of the commit that wrote this version.
    pub(crate) counter: u64,
}

/// A live record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) overview: Version,
    pub(crate) secret: Version,
    /// The earlier secrets that the server keeps, oldest first.
    pub(crate) earlier: VecDeque<Version>,
}

impl Record {
    /// Returns a record after the commit with this counter. The version of each changed part
    /// increases by one; a new record has both parts.
    pub(super) fn after(
        before: Option<&Self>,
        overview: Option<&Part>,
        secret: Option<&Part>,
        counter: u64,
    ) -> Option<Self> {
        let next = |part: Option<&Part>, before: Option<Version>| match part {
            None => before,
            Some(part) => {
                let expected = before.map_or(Some(1), |before| before.number.checked_add(1));
                let hash = part.hash.as_slice().try_into().ok()?;
                let next = Version { number: part.version, hash, counter };
                (Some(part.version) == expected).then_some(next)
            }
        };
        let mut earlier = before.map(|record| record.earlier.clone()).unwrap_or_default();
        if let (Some(_), Some(record)) = (secret, before) {
            earlier.push_back(record.secret);
            if earlier.len() > KEPT_VERSIONS {
                earlier.pop_front();
            }
        }
        (overview.is_some() || secret.is_some()).then_some(())?;
        Some(Self {
            overview: next(overview, before.map(|record| record.overview))?,
            secret: next(secret, before.map(|record| record.secret))?,
            earlier,
        })
    }
}

//! The sealed parts of a record.

use crystallum_core::{Blob, RecordId, RecordLeaf, blob_hash};
use crystallum_messages::{ImpossibleState, OverviewVersion};

use crate::vault::change::{PartChange, SealedChange};

/// One sealed part of a record, with its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) version: u64,
    pub(crate) blob: Blob,
}

impl Part {
    pub(crate) fn hash(&self) -> [u8; 32] {
        blob_hash(self.blob.as_bytes())
    }

    /// Returns the version that the next write of this part has.
    pub(crate) fn next_version(&self) -> Result<u64, ImpossibleState> {
        self.version.checked_add(1).ok_or(ImpossibleState::LastVersion)
    }

    /// Identifies this version of an overview for the page.
    pub(crate) fn overview_version(&self) -> OverviewVersion {
        OverviewVersion { number: self.version, hash: self.hash() }
    }

    fn to_change(&self) -> PartChange {
        PartChange { version: self.version, hash: self.hash(), blob: Some(self.blob.clone()) }
    }
}

/// The sealed secret of a record. A device that has just entered a vault has all overviews, and the
/// secrets come after them.
#[derive(Clone, Debug)]
pub(crate) enum SecretPart {
    /// It is on this device.
    Here(Part),
    /// It has not arrived yet. The vault's state says what it will be.
    Awaited {
        /// Its version.
        version: u64,
        /// The SHA-256 of the sealed secret.
        hash: [u8; 32],
    },
}

impl SecretPart {
    pub(crate) fn version(&self) -> u64 {
        match self {
            Self::Here(part) => part.version,
            Self::Awaited { version, .. } => *version,
        }
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        match self {
            Self::Here(part) => part.hash(),
            Self::Awaited { hash, .. } => *hash,
        }
    }

    /// Returns the secret, if it is on this device.
    pub(crate) fn here(&self) -> Option<&Part> {
        match self {
            Self::Here(part) => Some(part),
            Self::Awaited { .. } => None,
        }
    }

    /// Returns the version that the next write of the secret has.
    pub(crate) fn next_version(&self) -> Result<u64, ImpossibleState> {
        self.version().checked_add(1).ok_or(ImpossibleState::LastVersion)
    }

    fn to_change(&self) -> PartChange {
        let blob = self.here().map(|part| part.blob.clone());
        PartChange { version: self.version(), hash: self.hash(), blob }
    }
}

/// The hash stands for the ciphertext, whether that is here or not.
impl PartialEq for SecretPart {
    fn eq(&self, other: &Self) -> bool {
        (self.version(), self.hash()) == (other.version(), other.hash())
    }
}

impl Eq for SecretPart {}

/// Both parts of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) overview: Part,
    pub(crate) secret: SecretPart,
}

impl Parts {
    pub(crate) fn leaf(&self) -> RecordLeaf {
        RecordLeaf {
            overview_version: self.overview.version,
            overview_hash: self.overview.hash(),
            secret_version: self.secret.version(),
            secret_hash: self.secret.hash(),
        }
    }

    /// Builds the change that takes a record from `before` to these parts. It contains only the
    /// parts that differ.
    pub(crate) fn change_from(&self, id: RecordId, before: Option<&RecordLeaf>) -> SealedChange {
        let same_overview = before.is_some_and(|leaf| leaf.overview_version == self.overview.version);
        let same_secret = before.is_some_and(|leaf| leaf.secret_version == self.secret.version());
        SealedChange::Record {
            id,
            overview: (!same_overview).then(|| self.overview.to_change()),
            secret: (!same_secret).then(|| self.secret.to_change()),
        }
    }
}

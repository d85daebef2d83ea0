//! Records. Each has two parts that are sealed separately: an overview, which is open while the
//! vault is, and a secret, which is opened only when it is needed (FORMAT.md, section 5).

pub(crate) mod content;
pub(crate) mod device;
pub(crate) mod exchange_code;
pub(crate) mod key;
pub(crate) mod sign_in_method;
pub(crate) mod tags;
mod text;
pub(crate) mod wallet;

use crystallum_format::defence::Defence;
use crystallum_format::encoding::{Encoder, Malformed};
use crystallum_format::entropy::Entropy;
use crystallum_format::ids::{RecordId, VaultId};
use crystallum_format::labels;
use crystallum_format::limits::{OVERVIEW_CLASSES, SECRET_CLASSES};

use self::content::{Overview, Secret};
use crate::environment::Environment;
use crate::keys::VaultKeys;
use crate::seal::{AssociatedData, Blob, NotOpened};

/// The associated data that a caller binds one version of a part to. It comes from the verified
/// tree or from a change that is about to be signed, never from a server's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordContext {
    /// The record.
    pub record: RecordId,
    /// The part's version.
    pub version: u64,
    /// The environment.
    pub environment: Environment,
}

/// Why a part of a record cannot be read, although its hash is the one that the vault signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartUnreadable {
    /// It does not open with the keys of the vault in this place.
    #[error("the part does not open")]
    NotOpened,
    /// It opens, and its content has a form that this version does not know.
    #[error("the part has a form that this version does not know")]
    NotUnderstood,
}

impl From<NotOpened> for PartUnreadable {
    fn from(NotOpened: NotOpened) -> Self {
        Self::NotOpened
    }
}

impl From<Malformed> for PartUnreadable {
    fn from(Malformed: Malformed) -> Self {
        Self::NotUnderstood
    }
}

impl VaultKeys {
    /// Seals an overview. Returns [`Malformed`] if it exceeds a limit of the format.
    pub fn seal_overview(
        &self,
        context: RecordContext,
        overview: &Overview,
        entropy: &mut impl Entropy,
    ) -> Result<Blob, Malformed> {
        let aad = OverviewAad(self.aad(context));
        self.overview.seal(&aad, &overview.encode()?, entropy).ok_or(Malformed)
    }

    /// Opens an overview.
    pub fn open_overview(&self, context: RecordContext, blob: &Blob) -> Result<Overview, PartUnreadable> {
        let plaintext = self.overview.open(&OverviewAad(self.aad(context)), blob)?;
        Ok(Overview::decode(&plaintext)?)
    }

    /// Seals a secret. Returns [`Malformed`] if it exceeds a limit of the format.
    pub fn seal_secret(
        &self,
        context: RecordContext,
        secret: &Secret,
        entropy: &mut impl Entropy,
    ) -> Result<Blob, Malformed> {
        let aad = SecretAad(self.aad(context));
        self.secret.seal(&aad, &secret.encode()?, entropy).ok_or(Malformed)
    }

    /// Opens a secret.
    pub fn open_secret(&self, context: RecordContext, blob: &Blob) -> Result<Secret, PartUnreadable> {
        let plaintext = self.secret.open(&SecretAad(self.aad(context)), blob)?;
        Ok(Secret::decode(&plaintext)?)
    }

    fn aad(&self, record: RecordContext) -> RecordAad {
        RecordAad { vault: self.vault, epoch: self.epoch, record }
    }
}

/// The associated data that both parts of a record have in common.
struct RecordAad {
    vault: VaultId,
    epoch: u32,
    record: RecordContext,
}

impl RecordAad {
    fn fields(&self, part: u8, encoder: Encoder) -> Encoder {
        if !Defence::RecordPlace.holds() {
            return encoder;
        }
        encoder
            .field(2, self.vault.as_bytes())
            .field(3, &self.epoch.to_be_bytes())
            .field(4, self.record.record.as_bytes())
            .field(5, &[part])
            .field(6, &self.record.version.to_be_bytes())
            .field(7, &[self.record.environment.number()])
    }
}

struct OverviewAad(RecordAad);

impl AssociatedData for OverviewAad {
    const LABEL: &'static str = labels::SEAL_OVERVIEW;
    const CLASSES: &'static [usize] = &OVERVIEW_CLASSES;

    fn fields(&self, encoder: Encoder) -> Encoder {
        self.0.fields(1, encoder)
    }
}

struct SecretAad(RecordAad);

impl AssociatedData for SecretAad {
    const LABEL: &'static str = labels::SEAL_SECRET;
    const CLASSES: &'static [usize] = &SECRET_CLASSES;

    fn fields(&self, encoder: Encoder) -> Encoder {
        self.0.fields(2, encoder)
    }
}

#[cfg(test)]
mod tests;

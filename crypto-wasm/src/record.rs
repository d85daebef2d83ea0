//! Records in two parts: an overview for the list, a secret for one moment (FORMAT.md, section 5).

mod content;
mod exchange;
mod key;
mod wallet;
mod way;

pub use content::{Overview, Secret};
pub use exchange::ExchangeCode;
pub use key::{KeyOverview, KeySecret};
pub use wallet::WalletOverview;
pub use way::WayOverview;

use crate::encoding::Encoder;
use crate::keys::{Entropy, VaultKeys};
use crate::seal::Context;
use crate::{Blob, Malformed, NotOpened, RecordId, VaultId, labels};

/// Whether a record is about real money. A client is in one environment at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Real accounts.
    Real,
    /// Demo accounts and test networks.
    Practice,
}

impl Environment {
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Real => 1,
            Self::Practice => 2,
        }
    }
}

/// The place of one version of one part, taken from the verified tree or from what is about to be signed, never from an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordContext {
    /// The record.
    pub record: RecordId,
    /// The part's version.
    pub version: u64,
    /// The environment.
    pub environment: Environment,
}

impl VaultKeys {
    /// Seals an overview; [`Malformed`] when it breaks a limit of the format.
    pub fn seal_overview(
        &self,
        context: RecordContext,
        overview: &Overview,
        entropy: &mut impl Entropy,
    ) -> Result<Blob, Malformed> {
        let place = OverviewPlace(self.place(context));
        self.overview.seal(&place, &overview.encode()?, entropy).ok_or(Malformed)
    }

    /// Opens an overview.
    pub fn open_overview(&self, context: RecordContext, blob: &Blob) -> Result<Overview, NotOpened> {
        let plaintext = self.overview.open(&OverviewPlace(self.place(context)), blob)?;
        Overview::decode(&plaintext).map_err(|Malformed| NotOpened)
    }

    /// Seals a secret; [`Malformed`] when it breaks a limit of the format.
    pub fn seal_secret(
        &self,
        context: RecordContext,
        secret: &Secret,
        entropy: &mut impl Entropy,
    ) -> Result<Blob, Malformed> {
        let place = SecretPlace(self.place(context));
        self.secret.seal(&place, &secret.encode()?, entropy).ok_or(Malformed)
    }

    /// Opens a secret.
    pub fn open_secret(&self, context: RecordContext, blob: &Blob) -> Result<Secret, NotOpened> {
        let plaintext = self.secret.open(&SecretPlace(self.place(context)), blob)?;
        Secret::decode(&plaintext).map_err(|Malformed| NotOpened)
    }

    fn place(&self, record: RecordContext) -> Place {
        Place { vault: self.vault, epoch: self.epoch, record }
    }
}

struct Place {
    vault: VaultId,
    epoch: u32,
    record: RecordContext,
}

impl Place {
    fn fields(&self, part: u8, encoder: Encoder) -> Encoder {
        encoder
            .field(2, self.vault.as_bytes())
            .field(3, &self.epoch.to_be_bytes())
            .field(4, self.record.record.as_bytes())
            .field(5, &[part])
            .field(6, &self.record.version.to_be_bytes())
            .field(7, &[self.record.environment.number()])
    }
}

struct OverviewPlace(Place);

impl Context for OverviewPlace {
    const LABEL: &'static str = labels::SEAL_OVERVIEW;
    const CLASSES: &'static [usize] = &[512, 2048];

    fn fields(&self, encoder: Encoder) -> Encoder {
        self.0.fields(1, encoder)
    }
}

struct SecretPlace(Place);

impl Context for SecretPlace {
    const LABEL: &'static str = labels::SEAL_SECRET;
    const CLASSES: &'static [usize] = &[1024, 4096, 16384];

    fn fields(&self, encoder: Encoder) -> Encoder {
        self.0.fields(2, encoder)
    }
}

#[cfg(test)]
mod tests;

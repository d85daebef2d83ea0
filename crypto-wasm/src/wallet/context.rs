use crystallum_format::ids::{RecordId, ShareSetId, VaultId};

use crate::environment::Environment;

/// The associated data that binds one dealing of one wallet's key. It comes from the verified
/// record, never from a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalletContext {
    /// The vault.
    pub vault: VaultId,
    /// The key epoch.
    pub epoch: u32,
    /// The wallet's record.
    pub record: RecordId,
    /// The wallet's set of shares.
    pub set: ShareSetId,
    /// The number of the dealing, from 1.
    pub share_epoch: u32,
    /// The threshold: how many shares rebuild the key, from 2.
    pub k: u8,
    /// The number of shares, from `k` to 16.
    pub n: u8,
    /// The environment.
    pub environment: Environment,
}

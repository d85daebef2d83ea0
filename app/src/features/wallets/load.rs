use crystallum_messages::{RecordId, WalletDetail, wallets::Command};

use crate::{engine::Engine, features::records::loaded::RecordFuture};

/// Loads one wallet.
pub(super) fn load_wallet(engine: Engine, id: RecordId) -> RecordFuture<WalletDetail> {
    Box::pin(engine.load_wallet(Command::Open { id }))
}

use crystallum_messages::{Command, RecordId, WalletDetail};

use crate::{engine::Engine, features::records::loaded::RecordFuture};

/// Loads one wallet.
pub(super) fn load_wallet(engine: Engine, id: RecordId) -> RecordFuture<WalletDetail> {
    Box::pin(engine.load_wallet(Command::OpenWallet { id }))
}

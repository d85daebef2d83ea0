use crystallum_messages::{RecordId, WalletDetail, wallets::Command};

use crate::{
    engine::Engine,
    features::{
        records::loaded::{RecordFuture, RecordKind},
        wallets::words,
    },
};

/// Wallets, as records.
pub(super) const WALLET: RecordKind =
    RecordKind { list_path: "/wallets", back_label: words::BACK, loading_text: words::LOADING };

/// Loads one wallet.
pub(super) fn load_wallet(engine: Engine, id: RecordId) -> RecordFuture<WalletDetail> {
    Box::pin(engine.load_wallet(Command::Open { id }))
}

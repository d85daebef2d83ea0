use std::hint::black_box;

use crystallum_core::{DealtShare, Environment, RecordId, ShareSetId, VaultId, WalletContext, WalletKey};
use wasm_bindgen::prelude::wasm_bindgen;

use super::entropy::BrowserEntropy;

const CONTEXT: WalletContext = WalletContext {
    vault: VaultId::new([0x11; 16]),
    epoch: 1,
    record: RecordId::new([0x43; 16]),
    set: ShareSetId::new([0x51; 16]),
    share_epoch: 1,
    k: 3,
    n: 5,
    environment: Environment::Real,
};

/// A wallet's key of 32 bytes and five shares of it, of which three make it.
#[wasm_bindgen]
pub struct Sharing {
    key: WalletKey,
    shares: Vec<DealtShare>,
}

#[wasm_bindgen]
impl Sharing {
    /// A fresh key, dealt once.
    pub fn deal() -> Self {
        let key = WalletKey::random(&mut BrowserEntropy);
        let mut shares = deal(&key);
        shares.truncate(3);
        Self { key, shares }
    }

    /// Deals the key.
    pub fn split(&self) -> usize {
        black_box(deal(&self.key)).len()
    }

    /// Makes the key of three shares; whether it is the right one is part of that.
    pub fn combine(&self) -> bool {
        WalletKey::combine(&CONTEXT, black_box(&self.shares)).is_ok_and(|made| made.left_out.is_empty())
    }
}

fn deal(key: &WalletKey) -> Vec<DealtShare> {
    key.deal(black_box(&CONTEXT), &mut BrowserEntropy).expect("3 of 5 is possible")
}

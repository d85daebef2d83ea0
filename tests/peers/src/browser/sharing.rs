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

/// A wallet key of 32 bytes and three of its five shares, which are enough to combine it.
#[wasm_bindgen]
pub struct Sharing {
    key: WalletKey,
    shares: Vec<DealtShare>,
}

#[wasm_bindgen]
impl Sharing {
    /// Creates a random key and deals its shares.
    pub fn deal() -> Self {
        let key = WalletKey::random(&mut BrowserEntropy);
        let mut shares = deal(&key);
        shares.truncate(3);
        Self { key, shares }
    }

    /// Deals the key into five shares and returns their number.
    pub fn split(&self) -> usize {
        black_box(deal(&self.key)).len()
    }

    /// Combines three shares to the key, which includes the check that it is the right one.
    pub fn combine(&self) -> bool {
        WalletKey::combine(&CONTEXT, black_box(&self.shares)).is_ok_and(|made| made.left_out.is_empty())
    }
}

fn deal(key: &WalletKey) -> Vec<DealtShare> {
    key.deal(black_box(&CONTEXT), &mut BrowserEntropy).expect("3 of 5 is possible")
}

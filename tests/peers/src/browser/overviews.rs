use crystallum_core::{
    Blob, Environment, ExchangeCode, KeyOverview, Overview, RecordContext, RecordId, Root, VaultId, VaultKeys,
};
use wasm_bindgen::prelude::wasm_bindgen;

use super::entropy::{BrowserEntropy, Fixed};

const VAULT: VaultId = VaultId::new([0x11; 16]);

/// An open vault with many exchange keys, their overviews sealed one after the other.
#[wasm_bindgen]
pub struct Overviews {
    keys: VaultKeys,
    sealed: Vec<u8>,
    each: usize,
}

#[wasm_bindgen]
impl Overviews {
    /// Seals so many overviews under the keys of this root.
    pub fn seal(root: &[u8], count: u32) -> Self {
        let root: [u8; 32] = root.try_into().expect("a root has 32 bytes");
        let (keys, _) = Root::random(&mut Fixed(root)).unlock(VAULT, 1);
        let mut sealed = Vec::new();
        let mut each = 0;
        for number in 0..count {
            let blob = keys.seal_overview(context(number), &overview(number), &mut BrowserEntropy);
            let blob = blob.expect("within the limits of the format");
            each = blob.as_bytes().len();
            sealed.extend_from_slice(blob.as_bytes());
        }
        Self { keys, sealed, each }
    }

    /// All of them, one after the other.
    pub fn sealed(&self) -> Vec<u8> {
        self.sealed.clone()
    }

    /// Bytes of each.
    pub fn each(&self) -> usize {
        self.each
    }

    /// Opens and reads all that are in `sealed` and keeps them; bytes of all labels and notes together.
    pub fn open(&self, sealed: &[u8]) -> usize {
        let opened: Vec<KeyOverview> = (0..)
            .zip(sealed.chunks_exact(self.each))
            .map(|(number, blob)| {
                match self.keys.open_overview(context(number), &Blob::from_bytes(blob.to_vec())) {
                    Ok(Overview::Key(overview)) => overview,
                    _ => panic!("an overview that was sealed does not open"),
                }
            })
            .collect();
        opened.iter().map(|overview| overview.label.len() + overview.note.len()).sum()
    }
}

/// The record's number is its id.
fn context(number: u32) -> RecordContext {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    RecordContext { record: RecordId::new(id), version: 1, environment: Environment::Real }
}

fn overview(number: u32) -> Overview {
    Overview::Key(KeyOverview {
        exchange: ExchangeCode::Kraken,
        label: format!("Savings {number}, read only"),
        masked: "abcd…wxyz".to_owned(),
        note: "for the tax report".to_owned(),
        created: 1_700_000_000_000,
        updated: 1_700_000_000_001,
        has_passphrase: false,
        deleted: None,
    })
}

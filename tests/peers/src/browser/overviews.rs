use crystallum_core::{
    Blob, Environment, Exchange, KeyOverview, Overview, RecordContext, RecordId, Root, Tags, VaultId,
    VaultKeys,
};
use wasm_bindgen::prelude::wasm_bindgen;

use super::entropy::{BrowserEntropy, Fixed};

const VAULT: VaultId = VaultId::new([0x11; 16]);

/// An open vault with the sealed overviews of many exchange keys.
#[wasm_bindgen]
pub struct Overviews {
    keys: VaultKeys,
    sealed: Vec<u8>,
    each: usize,
}

#[wasm_bindgen]
impl Overviews {
    /// Seals `count` overviews with the keys of this root.
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

    /// Returns all sealed overviews, concatenated.
    pub fn sealed(&self) -> Vec<u8> {
        self.sealed.clone()
    }

    /// Returns the length of one sealed overview in bytes.
    pub fn each(&self) -> usize {
        self.each
    }

    /// Opens and parses all overviews in `sealed`. Returns the total bytes of their labels and
    /// notes.
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

/// Returns the context of a record whose id is its number.
fn context(number: u32) -> RecordContext {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    RecordContext { record: RecordId::new(id), version: 1, environment: Environment::Real }
}

fn overview(number: u32) -> Overview {
    Overview::Key(KeyOverview {
        exchange: Exchange::Kraken.into(),
        label: format!("Savings {number}, read only"),
        masked: "abcd…wxyz".to_owned(),
        note: "for the tax report".to_owned(),
        created: 1_700_000_000_000,
        updated: 1_700_000_000_001,
        has_passphrase: false,
        deleted: None,
        favourite: false,
        tags: Tags::default(),
        copy_of: None,
    })
}

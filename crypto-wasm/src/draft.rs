//! Drafts: what was typed into a form and not saved, sealed for the device that it was typed on
//! (FORMAT.md, sections 2 and 3).

use crystallum_format::encoding::Encoder;
use crystallum_format::entropy::Entropy;
use crystallum_format::ids::VaultId;
use crystallum_format::labels;
use crystallum_format::limits::DRAFT_CLASSES;
use zeroize::Zeroizing;

use crate::keys::VaultKeys;
use crate::seal::{AssociatedData, Blob, NotOpened};

impl VaultKeys {
    /// Seals a draft. Returns `None` if it is too long.
    pub fn seal_draft(&self, draft: &[u8], entropy: &mut impl Entropy) -> Option<Blob> {
        self.local.seal(&self.draft_aad(), draft, entropy)
    }

    /// Opens a draft.
    pub fn open_draft(&self, blob: &Blob) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        self.local.open(&self.draft_aad(), blob)
    }

    fn draft_aad(&self) -> DraftAad {
        DraftAad { vault: self.vault, epoch: self.epoch }
    }
}

struct DraftAad {
    vault: VaultId,
    epoch: u32,
}

impl AssociatedData for DraftAad {
    const LABEL: &'static str = labels::SEAL_DRAFT;
    const CLASSES: &'static [usize] = &DRAFT_CLASSES;

    fn fields(&self, encoder: Encoder) -> Encoder {
        encoder.field(2, self.vault.as_bytes()).field(3, &self.epoch.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Root;
    use crate::tests::support::Fixed;

    fn keys(seed: u64, vault: u8) -> VaultKeys {
        Root::random(&mut Fixed::new(seed)).unlock(VaultId::new([vault; 16]), 1).0
    }

    #[test]
    fn a_draft_opens_in_its_vault_only() {
        let blob = keys(1, 1).seal_draft(b"half a key", &mut Fixed::new(2)).expect("it is short");
        assert_eq!(keys(1, 1).open_draft(&blob).map(|draft| draft.to_vec()), Ok(b"half a key".to_vec()));
        assert!(keys(1, 2).open_draft(&blob).is_err(), "another vault");
        assert!(keys(3, 1).open_draft(&blob).is_err(), "another root");
    }

    #[test]
    fn a_draft_is_bounded() {
        let largest = DRAFT_CLASSES[DRAFT_CLASSES.len() - 1] - 4;
        assert!(keys(1, 1).seal_draft(&vec![b'a'; largest], &mut Fixed::new(2)).is_some());
        assert!(keys(1, 1).seal_draft(&vec![b'a'; largest + 1], &mut Fixed::new(2)).is_none());
    }
}

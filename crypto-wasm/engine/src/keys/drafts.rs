//! The draft of an exchange key: what was typed into a form when the vault locked. It is sealed for
//! this vault, stays on this device, and is one at most.

use crystallum_messages::{SecretText, VaultFailure};
use zeroize::Zeroizing;

use crate::local::notes;
use crate::ports::Ports;
use crate::vault::open_vault::OpenVault;

/// Stores a draft in place of an earlier one, or removes it.
pub(crate) async fn save_draft<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    draft: Option<SecretText>,
) -> Result<(), VaultFailure> {
    let blob = match draft {
        // EXPOSE: it is sealed right here.
        Some(draft) => {
            let sealed = vault.keys.seal_draft(draft.expose().as_bytes(), ports.entropy());
            Some(sealed.ok_or(VaultFailure::StorageFailed)?)
        }
        None => None,
    };
    Ok(notes::save_draft(ports.store(), vault.state.head(), blob.as_ref()).await?)
}

/// Returns the stored draft. One that does not open any more counts as none.
pub(crate) async fn load_draft<P: Ports>(
    ports: &P,
    vault: &OpenVault,
) -> Result<Option<SecretText>, VaultFailure> {
    let stored =
        notes::load_draft(ports.store(), vault.id()).await.map_err(|_| VaultFailure::StorageFailed)?;
    // EXPOSE: the draft goes back into the form that it was typed into.
    let text = |mut draft: Zeroizing<Vec<u8>>| String::from_utf8(std::mem::take(&mut *draft)).ok();
    Ok(stored.and_then(|blob| vault.keys.open_draft(&blob).ok()).and_then(text).map(SecretText::new))
}

/// Returns the first line of the stored draft, which names the form and contains no secret.
pub(crate) async fn load_draft_form<P: Ports>(
    ports: &P,
    vault: &OpenVault,
) -> Result<Option<String>, VaultFailure> {
    let draft = load_draft(ports, vault).await?;
    // EXPOSE: only its first line leaves the engine.
    Ok(draft.and_then(|draft| Some(draft.expose().split_once('\n')?.0.to_owned())))
}

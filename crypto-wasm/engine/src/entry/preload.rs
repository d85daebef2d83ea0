//! Loading a stored vault before the user asks for it. It takes no key, so that after the passkey
//! ceremony only the overviews remain to be opened.

use std::mem;

use crystallum_core::VaultId;
use futures_util::future::{FutureExt, LocalBoxFuture};

use crate::local::verified::{load_verified, stored_head};
use crate::ports::LocalStore;
use crate::vault::verified_vault::VerifiedVault;

/// At most one vault that is loaded, or is about to be.
#[derive(Default)]
pub(crate) enum Preload {
    #[default]
    Nothing,
    Due(VaultId),
    /// A request to the browser's storage has to be waited for, so this is never dropped.
    Loading(VaultId, LocalBoxFuture<'static, Option<Box<VerifiedVault>>>),
    /// `None` if it could not be loaded. Unlocking finds out why.
    Loaded(VaultId, Option<Box<VerifiedVault>>),
}

impl Preload {
    /// Plans to load a vault, unless it is being loaded or there already.
    pub(crate) fn plan(&mut self, vault: VaultId) {
        match self {
            Self::Loading(..) => {}
            Self::Due(planned) | Self::Loaded(planned, _) if *planned == vault => {}
            Self::Nothing | Self::Due(_) | Self::Loaded(..) => *self = Self::Due(vault),
        }
    }

    /// Returns whether there is anything to load.
    pub(crate) fn is_due(&self) -> bool {
        matches!(self, Self::Due(_) | Self::Loading(..))
    }

    /// Loads and verifies the vault. If the future is dropped, the next call goes on.
    pub(crate) async fn load(&mut self, store: &impl LocalStore) {
        if let Self::Due(vault) = *self {
            let store = store.clone();
            let loading = async move { load_verified(&store, vault).await.ok().flatten().map(Box::new) };
            *self = Self::Loading(vault, loading.boxed_local());
        }
        if let Self::Loading(vault, loading) = self {
            let loaded = loading.await;
            *self = Self::Loaded(*vault, loaded);
        }
    }

    /// Loads this vault, unless what is loaded is what is stored.
    pub(crate) async fn load_current(&mut self, store: &impl LocalStore, vault: VaultId) {
        if let Self::Loading(..) = self {
            self.load(store).await;
        }
        let head = stored_head(store, vault).await.ok().flatten();
        let is_current = match self {
            Self::Loaded(loaded, Some(verified)) if *loaded == vault => {
                head.is_some_and(|head| verified.is_at(&head))
            }
            _ => false,
        };
        if !is_current {
            *self = Self::Due(vault);
            self.load(store).await;
        }
    }

    /// Drops what is loaded or planned.
    pub(crate) fn discard(&mut self) {
        if !matches!(self, Self::Loading(..)) {
            *self = Self::Nothing;
        }
    }

    /// Returns the vault if it is loaded, and keeps nothing.
    pub(crate) fn take(&mut self, vault: VaultId) -> Option<VerifiedVault> {
        match self {
            Self::Loading(..) => None,
            Self::Nothing | Self::Due(_) | Self::Loaded(..) => match mem::take(self) {
                Self::Loaded(loaded, verified) if loaded == vault => verified.map(|verified| *verified),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests;

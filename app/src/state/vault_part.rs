use std::pin::Pin;

use crystallum_messages::Failure;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    engine::boot::StartError,
    state::alarms::{Alarms, Blocked},
};

/// What pages need of the part of the Wasm that only an open vault needs.
#[derive(Clone, Copy)]
pub(crate) struct VaultScreens {
    /// Renders an open vault with the page that the address names.
    pub(crate) open_vault: fn() -> AnyView,
    /// Renders what differs between two histories of the vault.
    pub(crate) going_over: fn() -> AnyView,
    /// Renders the recovery sheet that was just made: whether it replaces a code that was used, and
    /// what follows.
    pub(crate) sheet_step: fn(replaced: bool, done: Callback<bool>) -> AnyView,
}

/// Loads that part of the Wasm.
pub(crate) type LoadScreens = fn() -> Pin<Box<dyn Future<Output = Result<VaultScreens, StartError>>>>;

/// The part of the Wasm that only an open vault needs, which is loaded once the page works. Copies
/// share the same state.
#[derive(Clone, Copy)]
pub(crate) struct VaultPart {
    /// The screens, once they are loaded.
    pub(crate) screens: RwSignal<Option<VaultScreens>>,
    load: LoadScreens,
    alarms: Alarms,
}

impl VaultPart {
    /// Creates the state and puts it into the context.
    pub(crate) fn provide(load: LoadScreens, alarms: Alarms) -> Self {
        let part = Self { screens: RwSignal::new(None), load, alarms };
        provide_context(part);
        part
    }

    /// Returns the state from the context.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Loads the part ahead of its use. A failure counts only when the part is needed, after
    /// another try.
    pub(super) fn load_ahead(self) {
        spawn_local(async move {
            let _loaded = self.load().await;
        });
    }

    /// Loads the part for a vault that is open already. If that fails, only a message can be shown.
    pub(crate) fn load_now(self) {
        spawn_local(async move {
            if let Err(error) = self.load().await {
                self.alarms.blocked.set(Some(Blocked::NotLoaded(error)));
            }
        });
    }

    /// Loads the part before something is done that cannot be shown without it.
    pub(crate) async fn require(self) -> Result<(), Failure> {
        self.load().await.map_err(|error| {
            if error != StartError::Unreachable {
                self.alarms.blocked.set(Some(Blocked::NotLoaded(error)));
            }
            Failure::Unreachable
        })
    }

    async fn load(self) -> Result<(), StartError> {
        if self.screens.with_untracked(Option::is_none) {
            let screens = (self.load)().await?;
            // Whoever waited for the same file may have been first.
            if self.screens.with_untracked(Option::is_none) {
                self.screens.set(Some(screens));
            }
        }
        Ok(())
    }
}

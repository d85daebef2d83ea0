use crystallum_messages::{Failure, Notice, Opened, SignUp, VaultId, Welcome};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    state::{clipboard::Clipboard, drafts::Drafts, unsaved_changes::UnsavedChanges},
};

/// Who may create a vault on this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignUpState {
    /// The server has not answered yet.
    Loading,
    /// The server does not answer.
    Unreachable,
    /// The server's answer.
    Known(SignUp),
}

/// The vault: what is known before it is open, what is shown of it while it is, and whether it is
/// being locked. Copies share the same state. It never holds a secret.
#[derive(Clone, Copy)]
pub(crate) struct VaultState {
    /// What this device knows. `None` until the engine has reported it.
    pub(crate) welcome: RwSignal<Option<Result<Welcome, Failure>>>,
    /// Who may create a vault on this server.
    pub(crate) sign_up: RwSignal<SignUpState>,
    /// Facts that the user must accept before the vault is shown.
    pub(crate) notice: RwSignal<Option<Notice>>,
    /// Whether the vault is being opened with a recovery code.
    pub(crate) recovering: RwSignal<bool>,
    /// The open vault.
    pub(crate) opened: RwSignal<Option<Opened>>,
    /// Whether the vault is being locked. Every page is removed before the address changes.
    pub(crate) locking: RwSignal<bool>,
    /// The engine, which holds the vault's keys.
    pub(super) engine: Engine,
    /// The form on screen, which is kept when the vault locks.
    pub(super) drafts: Drafts,
    /// What is lost when the vault locks.
    pub(super) unsaved: UnsavedChanges,
    clipboard: Clipboard,
}

impl VaultState {
    /// Creates the state and puts it into the context.
    pub(super) fn provide(engine: Engine, clipboard: Clipboard) -> Self {
        let locking = RwSignal::new(false);
        let vault = Self {
            welcome: RwSignal::new(None),
            sign_up: RwSignal::new(SignUpState::Loading),
            notice: RwSignal::new(None),
            recovering: RwSignal::new(false),
            opened: RwSignal::new(None),
            locking,
            engine,
            drafts: Drafts::provide(engine, locking),
            unsaved: UnsavedChanges::provide(locking),
            clipboard,
        };
        provide_context(vault);
        vault
    }

    /// Returns the state from the context.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Returns whether a vault is open, without subscribing to changes.
    pub(crate) fn is_open(self) -> bool {
        !self.locking.get_untracked() && self.opened.with_untracked(Option::is_some)
    }

    /// Returns whether the engine holds keys of a vault that is open or about to be.
    pub(crate) fn has_keys(self) -> bool {
        let is_entering = self.notice.with_untracked(Option::is_some) || self.recovering.get_untracked();
        self.is_open() || (is_entering && !self.locking.get_untracked())
    }

    /// Returns the open vault, without subscribing to changes.
    pub(crate) fn open_id(self) -> Option<VaultId> {
        self.opened.with_untracked(|opened| opened.as_ref().map(|opened| opened.id))
    }

    /// Returns the name of the open vault, without subscribing to changes.
    pub(crate) fn name(self) -> String {
        let name = self.opened.with_untracked(|opened| opened.as_ref().map(|opened| opened.name.clone()));
        name.unwrap_or_default()
    }

    /// Returns the number of the newest change of the open vault.
    pub(crate) fn change(self) -> Option<u64> {
        self.opened.with(|opened| opened.as_ref().map(|opened| opened.change))
    }

    /// Asks the server who may create a vault, unless it has answered already.
    pub(crate) fn load_sign_up(self) {
        if matches!(self.sign_up.get_untracked(), SignUpState::Known(_)) {
            return;
        }
        self.sign_up.set(SignUpState::Loading);
        spawn_local(async move {
            let found = self.engine.load_sign_up().await.ok().flatten();
            self.sign_up.set(found.map_or(SignUpState::Unreachable, SignUpState::Known));
        });
    }

    /// Counts the sign-in methods again after they may have changed.
    pub(crate) fn refresh_method_count(self) {
        spawn_local(async move {
            let Ok(methods) = self.engine.list_sign_in_methods().await else { return };
            let counting = methods.iter().filter(|method| method.counts).count();
            let counting = u8::try_from(counting).unwrap_or(u8::MAX);
            if self.opened.with_untracked(|opened| {
                opened.as_ref().is_some_and(|opened| opened.sign_in_methods != counting)
            }) {
                self.update_opened(|opened| opened.sign_in_methods = counting);
            }
        });
    }

    /// Removes everything from the screen and begins to clear the clipboard. Returns a future that
    /// says whether a secret may be left on the clipboard, or `None` if locking had begun already.
    pub(super) fn begin_locking(self) -> Option<impl Future<Output = bool>> {
        if self.locking.get_untracked() {
            return None;
        }
        let clearing = self.clipboard.clear_before_locking();
        self.locking.set(true);
        Some(clearing)
    }

    /// Changes what is shown of the open vault, if there is one.
    pub(super) fn update_opened(self, change: impl FnOnce(&mut Opened)) {
        self.opened.update(|opened| {
            if let Some(opened) = opened {
                change(opened);
            }
        });
    }
}

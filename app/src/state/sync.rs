use crystallum_messages::{Failure, Opened, ShareView, SyncState, session::Command};
use leptos::{prelude::*, task::spawn_local};

use crate::state::{alarms::Alarms, vault::VaultState};

/// How far the open vault is in sync with the server, and what was received from it. Copies share
/// the same state.
#[derive(Clone, Copy)]
pub(crate) struct Synchronisation {
    /// How far this device is in sync with the server.
    pub(crate) status: RwSignal<SyncState>,
    /// How many secrets have not arrived on this device yet.
    pub(crate) awaited: RwSignal<u32>,
    /// Counts changes of records.
    pub(crate) changes: RwSignal<u32>,
    /// The shares that the engine reported since a page last cleared them.
    pub(crate) shares: RwSignal<Vec<ShareView>>,
    /// Whether the user is being asked to sign in to the server again.
    pub(crate) renewing: RwSignal<bool>,
    retry: StoredValue<Option<Box<dyn Fn()>>, LocalStorage>,
    vault: VaultState,
    alarms: Alarms,
}

impl Synchronisation {
    /// Creates the state and puts it into the context.
    pub(super) fn provide(vault: VaultState, alarms: Alarms) -> Self {
        let sync = Self {
            status: RwSignal::new(SyncState::Synced),
            awaited: RwSignal::new(0),
            changes: RwSignal::new(0),
            shares: RwSignal::new(Vec::new()),
            renewing: RwSignal::new(false),
            retry: StoredValue::new_local(None),
            vault,
            alarms,
        };
        provide_context(sync);
        sync
    }

    /// Returns the state from the context.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Stores the vault that was just opened, and how far it is in sync.
    pub(crate) fn set_open_vault(self, opened: Opened) {
        self.vault.notice.set(None);
        self.vault.recovering.set(false);
        self.status.set(opened.sync);
        self.vault.opened.set(Some(opened));
    }

    /// Asks the user to sign in again, and then repeats the action that failed.
    pub(crate) fn renew_then(self, retry: impl Fn() + 'static) {
        self.retry.set_value(Some(Box::new(retry)));
        self.renewing.set(true);
    }

    /// Asks the user to sign in again whenever the failure on the page is an expired session, and
    /// then calls `retry`. The page may have been removed by then.
    pub(crate) fn renew_on_expiry(
        self,
        failure: RwSignal<Option<Failure>>,
        retry: impl Fn() + Copy + Send + Sync + 'static,
    ) {
        Effect::new(move || {
            if failure.get() == Some(Failure::SessionExpired) {
                self.renew_then(retry);
            }
        });
    }

    /// Continues after the user has signed in again, with the action that waited for it.
    pub(crate) fn finish_renewal(self) {
        // The engine has said how far the vault is in sync by now.
        self.renewing.set(false);
        let retry = self.retry.try_update_value(Option::take).flatten();
        match retry {
            Some(retry) => retry(),
            None => spawn_local(async move {
                if let Err(failure) = self.synchronise().await {
                    self.alarms.handle_failure(&failure);
                }
            }),
        }
    }

    /// Continues without a session. The action that waited for it is not repeated.
    pub(crate) fn cancel_renewal(self) {
        self.renewing.set(false);
        self.retry.set_value(None);
    }

    /// Sends pending changes and fetches those of other devices.
    pub(super) async fn synchronise(self) -> Result<(), Failure> {
        let result = self.vault.engine.execute(Command::Sync).await;
        if result == Err(Failure::SessionExpired) {
            self.status.set(SyncState::SignedOut);
        }
        result
    }

    /// Returns whether a vault is open, without subscribing to changes.
    pub(super) fn is_open_untracked(self) -> bool {
        self.vault.is_open()
    }

    /// Returns whether a vault is open.
    pub(super) fn is_open(self) -> bool {
        self.vault.opened.with(Option::is_some) && !self.vault.locking.get()
    }
}

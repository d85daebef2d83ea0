//! The state that the pages share: the open vault, its synchronisation with the server, and
//! failures that concern every page.

use crystallum_messages::{
    Alarm, Event, Failure, LockReason, Notice, Opened, RecordId, ShareView, SignUp, SyncState, Welcome,
    session::Command,
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::clipboard::Clipboard,
    engine::{Engine, boot::StartError},
    state::{ceremony::CeremonyController, lock},
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

/// Why only a message can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blocked {
    /// A vault is open in another tab.
    AnotherTab,
    /// The engine ended before a vault was open.
    EngineEnded,
    /// The engine could not be started.
    NotStarted(StartError),
}

/// The shared state. Copies share the same state. It never holds a secret.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    /// What this device knows. `None` until the engine has reported it.
    pub(crate) welcome: RwSignal<Option<Result<Welcome, Failure>>>,
    /// Facts that the person must accept before the vault is shown.
    pub(crate) notice: RwSignal<Option<Notice>>,
    /// Whether the vault is being opened with a recovery code.
    pub(crate) recovering: RwSignal<bool>,
    /// The open vault.
    pub(crate) vault: RwSignal<Option<Opened>>,
    /// How far this device is in sync with the server.
    pub(crate) sync: RwSignal<SyncState>,
    /// Whether another device changed the sign-in methods. Cleared when the person has looked at
    /// them.
    pub(crate) sign_in_methods_changed: RwSignal<bool>,
    /// The alarm to show, if any. Cleared when the person dismisses it.
    pub(crate) alarm: RwSignal<Option<Alarm>>,
    /// The condition that prevents every page from working, if any.
    pub(crate) blocked: RwSignal<Option<Blocked>>,
    /// Counts changes of records.
    pub(crate) changes: RwSignal<u32>,
    /// The shares that the engine reported since a page last cleared them.
    pub(crate) shares: RwSignal<Vec<ShareView>>,
    /// A message about the last action, to be shown on the next page.
    pub(crate) flash_message: RwSignal<Option<String>>,
    /// The record that the message offers to restore from the trash.
    pub(crate) undo_delete: RwSignal<Option<RecordId>>,
    /// Whether the person is being asked to sign in to the server again.
    pub(crate) renewing: RwSignal<bool>,
    /// The number of open forms, whose content must not be lost.
    pub(crate) open_forms: RwSignal<u32>,
    /// The path to return to after unlocking.
    pub(crate) return_path: RwSignal<Option<String>>,
    /// Whether the vault is being locked. Every page is removed before the address changes.
    pub(crate) locking: RwSignal<bool>,
    /// Who may create a vault on this server.
    pub(crate) sign_up: RwSignal<SignUpState>,
    /// The text that screen readers announce.
    pub(crate) announcement: RwSignal<String>,
    clipboard: Clipboard,
    engine: Engine,
    retry: StoredValue<Option<Box<dyn Fn()>>, LocalStorage>,
}

impl Session {
    /// Creates the shared state and puts it into the context.
    pub(crate) fn provide(engine: Engine, clipboard: Clipboard) -> Self {
        let session = Self {
            welcome: RwSignal::new(None),
            notice: RwSignal::new(None),
            recovering: RwSignal::new(false),
            vault: RwSignal::new(None),
            sync: RwSignal::new(SyncState::Synced),
            sign_in_methods_changed: RwSignal::new(false),
            alarm: RwSignal::new(None),
            blocked: RwSignal::new(None),
            changes: RwSignal::new(0),
            shares: RwSignal::new(Vec::new()),
            flash_message: RwSignal::new(None),
            undo_delete: RwSignal::new(None),
            renewing: RwSignal::new(false),
            open_forms: RwSignal::new(0),
            return_path: RwSignal::new(None),
            locking: RwSignal::new(false),
            sign_up: RwSignal::new(SignUpState::Loading),
            announcement: RwSignal::new(String::new()),
            clipboard,
            engine,
            retry: StoredValue::new_local(None),
        };
        provide_context(session);
        session
    }

    /// Returns the shared state from the context.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Returns whether a vault is open, without subscribing to changes.
    pub(crate) fn is_open(self) -> bool {
        !self.locking.get_untracked() && self.vault.with_untracked(Option::is_some)
    }

    /// Returns whether the engine holds keys of a vault that is open or about to be.
    pub(crate) fn has_keys(self) -> bool {
        let is_entering = self.notice.with_untracked(Option::is_some) || self.recovering.get_untracked();
        self.is_open() || (is_entering && !self.locking.get_untracked())
    }

    /// Starts the engine and asks it what this device knows.
    pub(crate) fn start(self, ceremonies: CeremonyController) {
        spawn_local(async move {
            let on_event = move |event| self.handle_event(event, ceremonies);
            if let Err(error) = self.engine.start(on_event, move || self.handle_engine_end()).await {
                self.blocked.set(Some(Blocked::NotStarted(error)));
                return;
            }
            let welcome = self.engine.load_welcome().await;
            if let Err(failure) = &welcome
                && self.handle_failure(failure)
            {
                return;
            }
            self.welcome.set(Some(welcome));
        });
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

    /// Stores the vault that was just opened.
    pub(crate) fn set_open_vault(self, opened: Opened) {
        self.notice.set(None);
        self.recovering.set(false);
        self.sync.set(opened.sync);
        self.vault.set(Some(opened));
    }

    /// Shows a failure that concerns every page on a screen of its own. Returns whether it was one.
    pub(crate) fn handle_failure(self, failure: &Failure) -> bool {
        match failure {
            Failure::Alarm(alarm) => self.alarm.set(Some(alarm.clone())),
            Failure::AnotherTab => self.blocked.set(Some(Blocked::AnotherTab)),
            Failure::Locked => self.handle_engine_end(),
            _ => return false,
        }
        true
    }

    /// Asks the person to sign in again, and then repeats the action that failed.
    pub(crate) fn renew_then(self, retry: impl Fn() + 'static) {
        self.retry.set_value(Some(Box::new(retry)));
        self.renewing.set(true);
    }

    /// Continues after the person has signed in again, with the action that waited for it.
    pub(crate) fn finish_renewal(self) {
        self.renewing.set(false);
        self.sync.set(SyncState::Synced);
        let retry = self.retry.try_update_value(Option::take).flatten();
        match retry {
            Some(retry) => retry(),
            None => self.synchronise(),
        }
    }

    /// Continues without a session. The action that waited for it is not repeated.
    pub(crate) fn cancel_renewal(self) {
        self.renewing.set(false);
        self.retry.set_value(None);
    }

    /// Sends pending changes and fetches those of other devices.
    pub(crate) fn synchronise(self) {
        spawn_local(async move {
            match self.engine.execute(Command::Sync).await {
                Ok(()) => {}
                Err(Failure::SessionExpired) => self.sync.set(SyncState::SignedOut),
                Err(failure) => {
                    self.handle_failure(&failure);
                }
            }
        });
    }

    /// Counts the sign-in methods again after they may have changed.
    pub(crate) fn refresh_method_count(self) {
        spawn_local(async move {
            let Ok(methods) = self.engine.list_sign_in_methods().await else { return };
            let counting = methods.iter().filter(|method| method.counts).count();
            let counting = u8::try_from(counting).unwrap_or(u8::MAX);
            if self
                .vault
                .with_untracked(|vault| vault.as_ref().is_some_and(|vault| vault.sign_in_methods != counting))
            {
                self.vault.update(|vault| {
                    if let Some(vault) = vault {
                        vault.sign_in_methods = counting;
                    }
                });
            }
        });
    }

    /// Removes everything from the screen and the clipboard. Returns whether locking had not begun
    /// already.
    pub(crate) fn begin_locking(self) -> bool {
        let is_first = !self.locking.get_untracked();
        if is_first {
            self.clipboard.clear();
            self.locking.set(true);
        }
        is_first
    }

    fn handle_event(self, event: Event, ceremonies: CeremonyController) {
        match event {
            Event::Advanced { change, methods_changed } => {
                self.vault.update(|vault| {
                    if let Some(vault) = vault {
                        vault.change = change;
                    }
                });
                if methods_changed {
                    self.sign_in_methods_changed.set(true);
                }
            }
            Event::Alarm(alarm) => self.alarm.set(Some(alarm)),
            Event::Ceremony { ticket, ceremony } => ceremonies.begin(ticket, ceremony),
            Event::Changed => self.changes.update(|changes| *changes = changes.wrapping_add(1)),
            Event::Locked(reason) => lock::lock(self.engine, self, reason),
            Event::Share(share) => self.shares.update(|shares| shares.push(share)),
            Event::Sync(state) => {
                self.sync.set(state);
                if state == SyncState::SignedOut && self.open_forms.get_untracked() > 0 {
                    self.renewing.set(true);
                }
            }
        }
    }

    fn handle_engine_end(self) {
        if self.is_open() {
            lock::lock(self.engine, self, LockReason::Ended);
        } else if self.blocked.with_untracked(Option::is_none) {
            self.engine.terminate();
            self.blocked.set(Some(Blocked::EngineEnded));
        }
    }
}

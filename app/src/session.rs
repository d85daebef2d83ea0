//! What the screens share: whether a vault is open, how it stands to the server, and what went wrong.

use crystallum_messages::{
    Alarm, Command, Event, Failure, LockReason, Notice, Opened, RecordId, ShareView, SignUp, SyncState,
    Welcome,
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    ceremony::CeremonyController,
    clipboard::Clipboard,
    engine::{Engine, StartError},
    lock,
};

/// Who may make a vault, as far as the server has said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignUpState {
    /// It is being asked, or will be.
    Loading,
    /// It does not answer.
    Unreachable,
    /// It has said so.
    Known(SignUp),
}

/// Why there is nothing but a message to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blocked {
    /// A vault is open in another tab.
    AnotherTab,
    /// The engine ended before a vault was open.
    EngineEnded,
    /// The engine could not be started.
    NotStarted(StartError),
}

/// Shared state; a copy is the same state. No secret is ever in it.
#[derive(Clone, Copy)]
pub(crate) struct Session {
    /// What this device knows; `None` until the engine has said it.
    pub(crate) welcome: RwSignal<Option<Result<Welcome, Failure>>>,
    /// Facts to be accepted before the vault is shown.
    pub(crate) notice: RwSignal<Option<Notice>>,
    /// Whether it was a recovery code that brought the facts.
    pub(crate) recovering: RwSignal<bool>,
    /// The open vault.
    pub(crate) vault: RwSignal<Option<Opened>>,
    /// How this device stands to the server.
    pub(crate) sync: RwSignal<SyncState>,
    /// Whether another device changed the ways in, until the person has looked.
    pub(crate) sign_in_methods_changed: RwSignal<bool>,
    /// What was refused, until the person has read it.
    pub(crate) alarm: RwSignal<Option<Alarm>>,
    /// What keeps every page from working.
    pub(crate) blocked: RwSignal<Option<Blocked>>,
    /// Grows when records changed.
    pub(crate) changes: RwSignal<u32>,
    /// Shares as the engine reported them, since a page last asked for some.
    pub(crate) shares: RwSignal<Vec<ShareView>>,
    /// One line about the last thing done, shown on the next page.
    pub(crate) flash_message: RwSignal<Option<String>>,
    /// The record that the line offers to take out of the trash again.
    pub(crate) undo_delete: RwSignal<Option<RecordId>>,
    /// Whether the person is asked to renew the session at the server.
    pub(crate) renewing: RwSignal<bool>,
    /// Forms on screen whose content must survive.
    pub(crate) open_forms: RwSignal<u32>,
    /// Where the person wanted to go before unlocking.
    pub(crate) return_path: RwSignal<Option<String>>,
    /// Set once the vault locks: every page goes before the address changes.
    pub(crate) locking: RwSignal<bool>,
    /// Who may make a vault here.
    pub(crate) sign_up: RwSignal<SignUpState>,
    /// Text that a screen reader is told.
    pub(crate) announcement: RwSignal<String>,
    clipboard: Clipboard,
    engine: Engine,
    retry: StoredValue<Option<Box<dyn Fn()>>, LocalStorage>,
}

impl Session {
    /// Puts the shared state into the context.
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

    /// The state that the app provides.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Whether a vault is open, without following it.
    pub(crate) fn is_open(self) -> bool {
        !self.locking.get_untracked() && self.vault.with_untracked(Option::is_some)
    }

    /// Whether the engine holds keys of a vault, open or about to be opened.
    pub(crate) fn has_keys(self) -> bool {
        let is_entering = self.notice.with_untracked(Option::is_some) || self.recovering.get_untracked();
        self.is_open() || (is_entering && !self.locking.get_untracked())
    }

    /// Starts the engine and asks what this device knows.
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

    /// Asks the server who may make a vault, unless it has said so.
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

    /// Takes an open vault over.
    pub(crate) fn set_open_vault(self, opened: Opened) {
        self.notice.set(None);
        self.recovering.set(false);
        self.sync.set(opened.sync);
        self.vault.set(Some(opened));
    }

    /// Shows the failures that are not a page's own affair on a screen of their own; says whether it was one.
    pub(crate) fn handle_failure(self, failure: &Failure) -> bool {
        match failure {
            Failure::Alarm(alarm) => self.alarm.set(Some(alarm.clone())),
            Failure::AnotherTab => self.blocked.set(Some(Blocked::AnotherTab)),
            Failure::Locked => self.handle_engine_end(),
            _ => return false,
        }
        true
    }

    /// Asks for a touch that renews the session, and repeats what failed once it is there.
    pub(crate) fn renew_then(self, retry: impl Fn() + 'static) {
        self.retry.set_value(Some(Box::new(retry)));
        self.renewing.set(true);
    }

    /// The session is renewed: goes on with what waited for it.
    pub(crate) fn finish_renewal(self) {
        self.renewing.set(false);
        self.sync.set(SyncState::Synced);
        let retry = self.retry.try_update_value(Option::take).flatten();
        match retry {
            Some(retry) => retry(),
            None => self.synchronise(),
        }
    }

    /// The person goes on without a session; what waited is not repeated.
    pub(crate) fn cancel_renewal(self) {
        self.renewing.set(false);
        self.retry.set_value(None);
    }

    /// Sends what waits and fetches what others wrote.
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

    /// Counts the ways in anew, after they changed here or elsewhere.
    pub(crate) fn refresh_method_count(self) {
        spawn_local(async move {
            let Ok(methods) = self.engine.list_sign_in_methods().await else { return };
            let counting = methods.iter().filter(|method| method.counts).count();
            let counting = u8::try_from(counting).unwrap_or(u8::MAX);
            if self.vault.with_untracked(|vault| vault.as_ref().is_some_and(|vault| vault.ways != counting)) {
                self.vault.update(|vault| {
                    if let Some(vault) = vault {
                        vault.ways = counting;
                    }
                });
            }
        });
    }

    /// Takes everything from the screen and the clipboard before the page is left. Says whether it was not done already.
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
            Event::Advanced { change, ways } => {
                self.vault.update(|vault| {
                    if let Some(vault) = vault {
                        vault.change = change;
                    }
                });
                if ways {
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

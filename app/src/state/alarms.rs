use crystallum_messages::{Alarm, Failure, LockReason};
use leptos::prelude::*;

use crate::{
    engine::boot::StartError,
    state::{lock, vault::VaultState},
};

/// Why only a message can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blocked {
    /// A vault is open in another tab.
    AnotherTab,
    /// The engine ended before a vault was open.
    EngineEnded,
    /// What an open vault needs of the app could not be loaded.
    NotLoaded(StartError),
    /// The engine could not be started.
    NotStarted(StartError),
}

/// What the user must see, whatever page is open. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct Alarms {
    /// The alarm to show, if any. Cleared when the user dismisses it.
    pub(crate) alarm: RwSignal<Option<Alarm>>,
    /// Whether the engine has raised an alarm, after which it saves and sends nothing until the
    /// server has shown what it should have shown.
    pub(crate) has_stopped: RwSignal<bool>,
    /// The condition that prevents every page from working, if any.
    pub(crate) blocked: RwSignal<Option<Blocked>>,
    /// Whether another device changed the sign-in methods. Cleared when the user has looked at
    /// them.
    pub(crate) sign_in_methods_changed: RwSignal<bool>,
    vault: VaultState,
}

impl Alarms {
    /// Creates the state and puts it into the context.
    pub(super) fn provide(vault: VaultState) -> Self {
        let alarms = Self {
            alarm: RwSignal::new(None),
            has_stopped: RwSignal::new(false),
            blocked: RwSignal::new(None),
            sign_in_methods_changed: RwSignal::new(false),
            vault,
        };
        provide_context(alarms);
        alarms
    }

    /// Returns the state from the context.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Shows a failure on the full screen if it concerns every page. Returns whether it does.
    pub(crate) fn handle_failure(self, failure: &Failure) -> bool {
        match failure {
            Failure::Alarm(alarm) => self.alarm.set(Some(alarm.clone())),
            Failure::AnotherTab => self.blocked.set(Some(Blocked::AnotherTab)),
            Failure::Locked => self.handle_engine_end(),
            _ => return false,
        }
        true
    }

    /// Shows a failure on the full screen if it concerns every page, or else where the page shows
    /// its failures.
    pub(crate) fn report(self, problem: Failure, failure: RwSignal<Option<Failure>>) {
        if !self.handle_failure(&problem) {
            failure.try_set(Some(problem));
        }
    }

    /// Locks the vault after the engine has ended, or says that it has ended if no vault was open.
    pub(super) fn handle_engine_end(self) {
        if self.vault.is_open() {
            lock::lock(self.vault, LockReason::Ended);
        } else if self.blocked.with_untracked(Option::is_none) {
            self.vault.engine.terminate();
            self.blocked.set(Some(Blocked::EngineEnded));
        }
    }
}

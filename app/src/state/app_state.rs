use crystallum_messages::{Event, SyncState};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::passkey,
    engine::Engine,
    state::{
        alarms::{Alarms, Blocked},
        ceremony::CeremonyController,
        clipboard::Clipboard,
        lock,
        navigation::Navigation,
        sync::Synchronisation,
        vault::VaultState,
        vault_part::VaultPart,
    },
    ui::words::alarm,
};

/// The state that the pages share, in four parts. A component takes the parts that it needs from
/// the context. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct AppState {
    pub(crate) vault: VaultState,
    pub(crate) sync: Synchronisation,
    pub(crate) alarms: Alarms,
    pub(crate) navigation: Navigation,
}

impl AppState {
    /// Creates the four parts and puts each of them into the context.
    pub(crate) fn provide(engine: Engine, clipboard: Clipboard) -> Self {
        let vault = VaultState::provide(engine, clipboard);
        let alarms = Alarms::provide(vault);
        let sync = Synchronisation::provide(vault, alarms);
        Self { vault, sync, alarms, navigation: Navigation::provide() }
    }

    /// Starts the engine and asks it what this device knows.
    /// Then it fetches what an open vault needs.
    pub(crate) fn start_engine(self, ceremonies: CeremonyController, part: VaultPart) {
        let Self { vault, alarms, .. } = self;
        spawn_local(async move {
            let on_event = move |event| self.handle_event(event, ceremonies);
            if let Err(error) = vault.engine.start(on_event, move || alarms.handle_engine_end()).await {
                alarms.blocked.set(Some(Blocked::NotStarted(error)));
                return;
            }
            part.load_ahead();
            let welcome = vault.engine.load_welcome().await;
            if let Err(failure) = &welcome
                && alarms.handle_failure(failure)
            {
                return;
            }
            vault.welcome.set(Some(welcome));
        });
    }

    fn handle_event(self, event: Event, ceremonies: CeremonyController) {
        let Self { vault, sync, alarms, navigation } = self;
        match event {
            Event::Advanced { change, methods_changed } => {
                vault.update_opened(|opened| opened.change = change);
                if methods_changed {
                    alarms.sign_in_methods_changed.set(true);
                }
            }
            Event::Alarm(alarm) => {
                alarms.has_stopped.set(true);
                alarms.alarm.set(Some(alarm));
            }
            Event::AlarmEnded(_) => {
                alarms.has_stopped.set(false);
                alarms.alarm.set(None);
                navigation.announcement.set(alarm::OVER.to_owned());
                // The note of it appears, and whatever was refused until now.
                sync.changes.update(|changes| *changes = changes.wrapping_add(1));
            }
            Event::Ceremony { ticket, ceremony } => ceremonies.begin(ticket, ceremony),
            Event::CeremonyEnded { ticket } => ceremonies.end(ticket),
            Event::Changed => sync.changes.update(|changes| *changes = changes.wrapping_add(1)),
            Event::Locked(reason) => lock::lock(vault, reason),
            Event::SecretsAwaited(number) => sync.awaited.set(number),
            Event::Share(share) => sync.shares.update(|shares| shares.push(share)),
            Event::UnusedPasskey(id) => passkey::signal_unused(&id),
            Event::Sync(state) => {
                sync.status.set(state);
                if state == SyncState::SignedOut && navigation.open_forms.get_untracked() > 0 {
                    sync.renewing.set(true);
                }
            }
        }
    }
}

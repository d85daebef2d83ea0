//! Runs the WebAuthn ceremonies that the engine asks for, and tells the user what the device is
//! about to ask.

use crystallum_messages::{Ceremony, CeremonyReason, Outcome, Refusal};
use leptos::{prelude::*, task::spawn_local};

use crate::{browser::passkey, engine::Engine};

/// What the screen shows about the current ceremony.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The device asks for the passkey.
    Prompting(CeremonyReason),
    /// Another ceremony is needed, and it waits until the user clicks.
    WaitingForClick(CeremonyReason),
}

/// Runs one ceremony at a time. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct CeremonyController {
    /// What the screen shows about the current ceremony, if there is one.
    pub(crate) stage: RwSignal<Option<Stage>>,
    /// Whether the last ceremony succeeded.
    pub(crate) succeeded: RwSignal<bool>,
    engine: Engine,
    waiting: StoredValue<Option<(u32, Ceremony)>, LocalStorage>,
}

impl CeremonyController {
    /// Creates the controller and puts it into the context.
    pub(crate) fn provide(engine: Engine) -> Self {
        let ceremonies = Self {
            stage: RwSignal::new(None),
            succeeded: RwSignal::new(false),
            engine,
            waiting: StoredValue::new_local(None),
        };
        provide_context(ceremonies);
        ceremonies
    }

    /// Returns the controller from the context.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Starts a ceremony. A second ceremony in a row waits for a click, because the user would not
    /// understand why the device asks again.
    pub(crate) fn begin(self, ticket: u32, ceremony: Ceremony) {
        let reason = reason_of(&ceremony);
        self.succeeded.set(false);
        if needs_click(reason) {
            self.waiting.set_value(Some((ticket, ceremony)));
            self.stage.set(Some(Stage::WaitingForClick(reason)));
        } else {
            self.stage.set(Some(Stage::Prompting(reason)));
            self.run_ceremony(ticket, ceremony);
        }
    }

    /// Starts the waiting ceremony after the user clicked.
    pub(crate) fn resume(self) {
        if let Some((ticket, ceremony)) = self.take_waiting() {
            self.stage.set(Some(Stage::Prompting(reason_of(&ceremony))));
            self.run_ceremony(ticket, ceremony);
        }
    }

    /// Cancels the waiting ceremony.
    pub(crate) fn cancel(self) {
        if let Some((ticket, _)) = self.take_waiting() {
            self.send_outcome(ticket, Outcome::Refused(Refusal::Cancelled));
        }
    }

    fn take_waiting(self) -> Option<(u32, Ceremony)> {
        self.waiting.try_update_value(Option::take).flatten()
    }

    fn run_ceremony(self, ticket: u32, ceremony: Ceremony) {
        spawn_local(async move {
            let outcome = passkey::run_ceremony(&ceremony).await;
            self.send_outcome(ticket, outcome);
        });
    }

    fn send_outcome(self, ticket: u32, outcome: Outcome) {
        self.stage.set(None);
        self.succeeded.set(!matches!(outcome, Outcome::Refused(_)));
        self.engine.answer(ticket, outcome);
    }
}

/// Returns whether the ceremony follows another one. If it does, the page explains it first, and
/// the click gives the browser the user gesture that it requires.
fn needs_click(reason: CeremonyReason) -> bool {
    matches!(reason, CeremonyReason::Again | CeremonyReason::NextPasskey)
}

fn reason_of(ceremony: &Ceremony) -> CeremonyReason {
    match ceremony {
        Ceremony::Create(options) => options.reason,
        Ceremony::Get(options) => options.reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_second_touches_wait_for_a_click() {
        for reason in [
            CeremonyReason::Create,
            CeremonyReason::Confirm,
            CeremonyReason::NewPasskey,
            CeremonyReason::Wallet,
            CeremonyReason::Unlock,
            CeremonyReason::Renew,
        ] {
            assert!(!needs_click(reason), "{reason:?}");
        }
        assert!(needs_click(CeremonyReason::Again) && needs_click(CeremonyReason::NextPasskey));
    }
}

//! Runs the WebAuthn ceremonies that the engine asks for, and tells the user what the device is
//! about to ask.

use std::time::Duration;

use crystallum_messages::{Ceremony, CeremonyReason, Outcome, PasskeyFault, Refusal};
use futures_channel::oneshot;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::{passkey, time},
    engine::Engine,
};

/// A refusal that comes sooner than this, in milliseconds, comes from the browser and not from a
/// person.
const AT_ONCE: f64 = 500.0;

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
    /// The ceremony that waits for a click.
    waiting: StoredValue<Option<(u32, Ceremony)>, LocalStorage>,
    /// The ceremony that the device is asking about, and what ends it when it is dropped.
    running: StoredValue<Option<(u32, oneshot::Sender<()>)>, LocalStorage>,
    /// How many ceremonies of this page in a row were refused at once.
    at_once: StoredValue<u32>,
}

impl CeremonyController {
    /// Creates the controller and puts it into the context.
    pub(crate) fn provide(engine: Engine) -> Self {
        let ceremonies = Self {
            stage: RwSignal::new(None),
            succeeded: RwSignal::new(false),
            engine,
            waiting: StoredValue::new_local(None),
            running: StoredValue::new_local(None),
            at_once: StoredValue::new(0),
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
        self.waiting.set_value(None);
        self.running.set_value(None);
        if needs_click(reason) {
            // Nobody may click. The engine waits no longer for that than for the device.
            set_timeout(move || self.cancel_waiting(ticket), timeout_of(&ceremony));
            self.waiting.set_value(Some((ticket, ceremony)));
            self.stage.set(Some(Stage::WaitingForClick(reason)));
        } else {
            self.stage.set(Some(Stage::Prompting(reason)));
            self.run_ceremony(ticket, ceremony);
        }
    }

    /// Starts the waiting ceremony after the user clicked.
    pub(crate) fn resume(self) {
        if let Some((ticket, ceremony)) = self.waiting.try_update_value(Option::take).flatten() {
            self.stage.set(Some(Stage::Prompting(reason_of(&ceremony))));
            self.run_ceremony(ticket, ceremony);
        }
    }

    /// Cancels the ceremony that waits for a click or for the device, if there is one.
    pub(crate) fn cancel(self) {
        if let Some(ticket) = self.take_waiting().or_else(|| self.take_running()) {
            self.send_outcome(ticket, Outcome::Refused(Refusal::Cancelled));
        }
    }

    fn cancel_waiting(self, ticket: u32) {
        if self.is_waiting(ticket) {
            self.cancel();
        }
    }

    /// Closes the prompt of a ceremony that the engine no longer waits for.
    pub(crate) fn end(self, ticket: u32) {
        if self.is_waiting(ticket) || self.is_running(ticket) {
            self.waiting.set_value(None);
            self.running.set_value(None);
            self.stage.set(None);
        }
    }

    /// Cancels the ceremony of a page that is left. Refusals on another page are counted anew.
    pub(crate) fn leave(self) {
        self.cancel();
        self.at_once.set_value(0);
    }

    fn is_waiting(self, ticket: u32) -> bool {
        self.waiting.with_value(|waiting| matches!(waiting, Some((of, _)) if *of == ticket))
    }

    fn is_running(self, ticket: u32) -> bool {
        self.running.with_value(|running| matches!(running, Some((of, _)) if *of == ticket))
    }

    fn take_waiting(self) -> Option<u32> {
        self.waiting.try_update_value(Option::take).flatten().map(|(ticket, _)| ticket)
    }

    /// Ends the running ceremony.
    fn take_running(self) -> Option<u32> {
        self.running.try_update_value(Option::take).flatten().map(|(ticket, _)| ticket)
    }

    fn run_ceremony(self, ticket: u32, ceremony: Ceremony) {
        let (cancel, cancelled) = oneshot::channel();
        self.running.set_value(Some((ticket, cancel)));
        spawn_local(async move {
            let began = time::now();
            let outcome = passkey::run_ceremony(ceremony, cancelled).await;
            // Otherwise it was cancelled, and that has been sent.
            if self.is_running(ticket) {
                self.running.set_value(None);
                let took = time::now() - began;
                let at_once = count_at_once(self.at_once.get_value(), &outcome, took);
                self.at_once.set_value(at_once);
                self.send_outcome(ticket, explain_repeated(outcome, at_once));
            }
        });
    }

    fn send_outcome(self, ticket: u32, outcome: Outcome) {
        self.stage.set(None);
        self.succeeded.set(!matches!(outcome, Outcome::Refused(_)));
        self.engine.answer(ticket, outcome);
    }
}

/// Returns how many ceremonies in a row, this one included, were refused sooner than a person can
/// cancel.
fn count_at_once(before: u32, outcome: &Outcome, took: f64) -> u32 {
    match outcome {
        Outcome::Refused(Refusal::Cancelled) if (0.0..AT_ONCE).contains(&took) => before.saturating_add(1),
        _ => 0,
    }
}

/// Browsers report a person who cancels and a request that they refuse themselves alike. One quick
/// refusal may be a person's; a second one is not.
fn explain_repeated(outcome: Outcome, at_once: u32) -> Outcome {
    if at_once < 2 { outcome } else { Outcome::Refused(Refusal::Fault(PasskeyFault::AtOnce)) }
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

fn timeout_of(ceremony: &Ceremony) -> Duration {
    let timeout = match ceremony {
        Ceremony::Create(options) => options.timeout,
        Ceremony::Get(options) => options.timeout,
    };
    Duration::from_millis(timeout.into())
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

    #[test]
    fn the_second_refusal_that_nobody_can_have_made_is_the_browsers() {
        let refused = Outcome::Refused(Refusal::Cancelled);
        let first = count_at_once(0, &refused, 20.0);
        assert_eq!(explain_repeated(refused.clone(), first), refused);
        let second = count_at_once(first, &refused, 20.0);
        let explained = explain_repeated(refused.clone(), second);
        assert_eq!(explained, Outcome::Refused(Refusal::Fault(PasskeyFault::AtOnce)));
        for (outcome, took) in [(refused, AT_ONCE), (Outcome::Refused(Refusal::Duplicate), 20.0)] {
            assert_eq!(count_at_once(second, &outcome, took), 0, "{outcome:?}");
        }
    }
}

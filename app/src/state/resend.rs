//! Asks the server again by itself for as long as this device and the server do not agree: when the
//! browser is online again, when the user comes back to the page, and after growing pauses.

use std::time::Duration;

use crystallum_messages::{Failure, SyncState};
use leptos::{ev, prelude::*, task::spawn_local};

use crate::state::sync::Synchronisation;

/// The pause before the first attempt. Each further pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(15);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// The attempts to reach the server. Copies share the same state.
#[derive(Clone, Copy)]
struct Resend {
    sync: Synchronisation,
    /// Whether the server is to be asked at all.
    needed: Memo<bool>,
    attempts: StoredValue<u32>,
    is_running: StoredValue<bool>,
    /// Whether there is a new reason to ask while an attempt is running. That attempt may have
    /// begun before the browser was online.
    has_new_reason: StoredValue<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

/// Starts to watch whether something has to be asked or sent again.
pub(crate) fn resend_when_reachable(sync: Synchronisation) {
    let resend = Resend {
        sync,
        needed: Memo::new(move |_| sync.is_open() && is_apart(sync.status.get())),
        attempts: StoredValue::new(0),
        is_running: StoredValue::new(false),
        has_new_reason: StoredValue::new(false),
        timer: StoredValue::new(None),
    };
    Effect::new(move || {
        resend.attempts.set_value(0);
        if resend.needed.get() {
            resend.wait();
        } else {
            resend.cancel_timer();
        }
    });
    window_event_listener(ev::online, move |_| resend.try_at_once());
    window_event_listener(ev::focus, move |_| resend.try_at_once());
    window_event_listener(ev::pageshow, move |_| resend.try_at_once());
    window_event_listener(ev::visibilitychange, move |_| {
        if !document().hidden() {
            resend.try_at_once();
        }
    });
}

impl Resend {
    /// Asks now, and begins again with the shortest pause: what kept the server away may be over.
    fn try_at_once(self) {
        self.attempts.set_value(0);
        self.has_new_reason.set_value(true);
        self.attempt();
    }

    fn attempt(self) {
        if self.is_running.get_value() || !self.needed.get_untracked() {
            return;
        }
        self.cancel_timer();
        self.is_running.set_value(true);
        self.has_new_reason.set_value(false);
        spawn_local(async move {
            let result = self.sync.synchronise().await;
            self.is_running.set_value(false);
            self.attempts.update_value(|attempts| *attempts = attempts.saturating_add(1));
            // After an alarm nothing is sent any more, and it has been shown.
            if self.needed.get_untracked() && !matches!(result, Err(Failure::Alarm(_))) {
                if self.has_new_reason.get_value() { self.attempt() } else { self.wait() }
            }
        });
    }

    fn wait(self) {
        self.cancel_timer();
        let timer = set_timeout_with_handle(move || self.attempt(), pause(self.attempts.get_value()));
        self.timer.set_value(timer.ok());
    }

    fn cancel_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}

/// Returns whether the server has to be asked again. An ended session waits for the user.
fn is_apart(state: SyncState) -> bool {
    matches!(state, SyncState::Waiting | SyncState::Refused { .. } | SyncState::Offline)
}

/// Returns the pause after some attempts that failed.
fn pause(attempts: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(attempts)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound() {
        let seconds = [0, 1, 2, 3, u32::MAX].map(|attempts| pause(attempts).as_secs());
        assert_eq!(seconds, [15, 30, 60, 60, 60]);
    }

    #[test]
    fn an_ended_session_waits_for_the_person() {
        assert!(is_apart(SyncState::Waiting) && is_apart(SyncState::Offline));
        let settled = [SyncState::Synced, SyncState::SignedOut, SyncState::PasskeyLost];
        assert!(!settled.into_iter().any(is_apart));
    }
}

//! Locks a vault after a time without activity. The deadline is wall-clock time, so a machine that
//! slept past it locks when it wakes.

use std::time::Duration;

use crystallum_messages::LockReason;
use leptos::{ev, prelude::*};

use crate::state::{lock, preferences::Preferences, vault::VaultState};

const MINUTE_MS: f64 = 60_000.0;
/// How often the deadline is checked while the page is visible.
const CHECK_INTERVAL: Duration = Duration::from_secs(10);

/// Starts to watch the page for activity.
pub(crate) fn lock_when_idle(vault: VaultState, preferences: Preferences) {
    let last_activity = StoredValue::new(js_sys::Date::now());
    // The engine also holds keys before the user has accepted the notice or created the new
    // passkey. Obtaining the keys counts as activity.
    let (is_open, has_notice) = (
        Memo::new(move |_| vault.opened.with(Option::is_some)),
        Memo::new(move |_| vault.notice.with(Option::is_some)),
    );
    Effect::new(move || {
        if is_open.get() || has_notice.get() || vault.recovering.get() {
            last_activity.set_value(js_sys::Date::now());
        }
    });
    // The deadline is checked before activity moves it: a key press after a night must not keep the
    // vault open.
    let lock_if_idle = move || {
        let limit = f64::from(preferences.idle.get_untracked()) * MINUTE_MS;
        if vault.has_keys() && is_idle_too_long(last_activity.get_value(), js_sys::Date::now(), limit) {
            lock::lock(vault, LockReason::Idle);
        }
    };
    let note_activity = move || {
        lock_if_idle();
        last_activity.set_value(js_sys::Date::now());
    };
    window_event_listener(ev::pointerdown, move |_| note_activity());
    window_event_listener(ev::keydown, move |_| note_activity());
    window_event_listener(ev::wheel, move |_| note_activity());
    window_event_listener(ev::touchmove, move |_| note_activity());
    window_event_listener(ev::focus, move |_| lock_if_idle());
    window_event_listener(ev::pageshow, move |_| lock_if_idle());
    window_event_listener(ev::visibilitychange, move |_| lock_if_idle());
    set_interval(lock_if_idle, CHECK_INTERVAL);
}

/// Returns whether the limit has passed. A clock that was set back counts as passed, since the
/// elapsed time is then unknown.
fn is_idle_too_long(last_activity: f64, now: f64, limit: f64) -> bool {
    !(0.0..limit).contains(&(now - last_activity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_the_first_moment_over() {
        assert!(!is_idle_too_long(1_000.0, 1_000.0, MINUTE_MS));
        assert!(!is_idle_too_long(1_000.0, 60_999.0, MINUTE_MS));
        assert!(is_idle_too_long(1_000.0, 61_000.0, MINUTE_MS));
    }

    #[test]
    fn a_clock_set_back_locks() {
        assert!(is_idle_too_long(1_000.0, 999.0, 60.0 * MINUTE_MS));
    }
}

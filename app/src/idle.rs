//! Locks a vault that nobody uses. The deadline is wall-clock time, so a machine that slept past it locks when it wakes.

use std::time::Duration;

use crystallum_messages::LockReason;
use leptos::{ev, prelude::*};

use crate::{engine::Engine, lock, preferences::Preferences, session::Session};

/// Milliseconds.
const MINUTE: f64 = 60_000.0;
/// How often the clock is read while the page is in front.
const CHECK: Duration = Duration::from_secs(10);

/// Watches over the whole page.
pub(crate) fn watch(engine: Engine, session: Session, preferences: Preferences) {
    let used = StoredValue::new(js_sys::Date::now());
    // Keys are there, too, before the person has read the notice or made the passkey. Only that they come is a sign of life.
    let (open, told) = (
        Memo::new(move |_| session.vault.with(Option::is_some)),
        Memo::new(move |_| session.notice.with(Option::is_some)),
    );
    Effect::new(move || {
        if open.get() || told.get() || session.recovering.get() {
            used.set_value(js_sys::Date::now());
        }
    });
    // The deadline is looked at before a sign of life moves it: the first key after a night must not keep the vault open.
    let check = move || {
        let limit = f64::from(preferences.idle.get_untracked()) * MINUTE;
        if session.has_keys() && is_over(used.get_value(), js_sys::Date::now(), limit) {
            lock::lock(engine, session, LockReason::Idle);
        }
    };
    let alive = move || {
        check();
        used.set_value(js_sys::Date::now());
    };
    window_event_listener(ev::pointerdown, move |_| alive());
    window_event_listener(ev::keydown, move |_| alive());
    window_event_listener(ev::wheel, move |_| alive());
    window_event_listener(ev::touchmove, move |_| alive());
    window_event_listener(ev::focus, move |_| check());
    window_event_listener(ev::pageshow, move |_| check());
    window_event_listener(ev::visibilitychange, move |_| check());
    set_interval(check, CHECK);
}

/// Whether the limit has passed. A clock that was set back counts as passed, since nothing can be said about it.
fn is_over(used: f64, now: f64, limit: f64) -> bool {
    !(0.0..limit).contains(&(now - used))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_the_first_moment_over() {
        assert!(!is_over(1_000.0, 1_000.0, MINUTE));
        assert!(!is_over(1_000.0, 60_999.0, MINUTE));
        assert!(is_over(1_000.0, 61_000.0, MINUTE));
    }

    #[test]
    fn a_clock_set_back_locks() {
        assert!(is_over(1_000.0, 999.0, 60.0 * MINUTE));
    }
}

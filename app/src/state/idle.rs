//! Locks a vault after a time without activity, and says so before. The deadline is wall-clock
//! time, so a machine that slept past it locks when it wakes.

use std::time::Duration;

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
};

use crate::{
    browser::{keys::pressed_key, time},
    state::{
        lock::{self, Lost},
        preferences::Preferences,
        vault::VaultState,
    },
};

const SECOND_MS: f64 = 1_000.0;
const MINUTE_MS: f64 = 60.0 * SECOND_MS;
/// How long before the deadline the user is warned. WCAG 2.2.1 asks for 20 seconds at least.
const WARNING_MS: f64 = 30.0 * SECOND_MS;
/// How far a clock may step back without locking the vault: clocks are corrected by less.
const STEP_BACK_MS: f64 = MINUTE_MS;
/// The minutes that the lock waits at most for what is on screen.
const ON_SCREEN_MINUTES: u32 = 30;
/// How often the deadline is checked while the page is visible.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// What is on screen and makes the lock wait, because reading it or writing it down counts as use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnScreen {
    /// A phrase that is stored nowhere yet.
    NewPhrase,
    /// A recovery sheet.
    Sheet,
    /// A phrase that the shares can give again.
    StoredPhrase,
}

impl OnScreen {
    fn lost(self) -> Option<Lost> {
        match self {
            Self::NewPhrase => Some(Lost::Phrase),
            Self::Sheet => Some(Lost::Sheet),
            Self::StoredPhrase => None,
        }
    }
}

/// The deadline of an unused vault. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct IdleLock {
    /// Whether the user is being warned that the vault is about to lock.
    pub(crate) warning: RwSignal<bool>,
    /// The seconds until it locks, while the user is being warned.
    pub(crate) seconds_left: RwSignal<u32>,
    /// Whether the warning waits for an answer.
    is_asking: StoredValue<bool>,
    last_activity: StoredValue<f64>,
    /// What makes the lock wait, each with a number of its own.
    on_screen: StoredValue<Vec<(u32, OnScreen)>>,
    next_number: StoredValue<u32>,
    vault: VaultState,
    preferences: Preferences,
}

impl IdleLock {
    /// Creates the state, puts it into the context and starts to watch the page for activity.
    pub(crate) fn provide(vault: VaultState, preferences: Preferences) {
        let idle = Self {
            warning: RwSignal::new(false),
            seconds_left: RwSignal::new(0),
            is_asking: StoredValue::new(false),
            last_activity: StoredValue::new(time::now()),
            on_screen: StoredValue::new(Vec::new()),
            next_number: StoredValue::new(0),
            vault,
            preferences,
        };
        provide_context(idle);
        idle.watch_for_keys();
        window_event_listener(ev::pointerdown, move |_| idle.handle_activity());
        window_event_listener(ev::keydown, move |event| idle.handle_key(&event));
        window_event_listener(ev::wheel, move |_| idle.handle_activity());
        window_event_listener(ev::touchmove, move |_| idle.handle_activity());
        window_event_listener(ev::focus, move |_| idle.check());
        window_event_listener(ev::pageshow, move |_| idle.check());
        window_event_listener(ev::visibilitychange, move |_| idle.check());
        set_interval(move || idle.check(), CHECK_INTERVAL);
    }

    /// Returns the state from the context.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Answers the warning: the vault is in use. An answer after the deadline comes too late. The
    /// dialog also answers when it has closed, a moment after its button did; only the first
    /// counts.
    pub(crate) fn stay(self) {
        if !self.is_asking.get_value() {
            return;
        }
        self.check();
        self.is_asking.set_value(false);
        self.warning.set(false);
        self.last_activity.set_value(time::now());
    }

    /// Makes the lock wait while `is_shown` returns true and the component that calls this exists.
    pub(crate) fn wait_while(self, what: OnScreen, is_shown: impl Fn() -> bool + Send + Sync + 'static) {
        let number = self.next_number.try_update_value(|number| {
            *number = number.wrapping_add(1);
            *number
        });
        let Some(number) = number else { return };
        Effect::new(move || {
            if !is_shown() {
                self.remove(number);
            } else if !self.is_waiting_for(number) {
                self.on_screen.update_value(|all| all.push((number, what)));
            }
        });
        on_cleanup(move || self.remove(number));
    }

    /// Stops waiting. What was on screen was in use until now, unless the deadline has passed.
    fn remove(self, number: u32) {
        if self.is_waiting_for(number) {
            self.check();
            self.on_screen.update_value(|all| all.retain(|(other, _)| *other != number));
            self.last_activity.set_value(time::now());
        }
    }

    fn is_waiting_for(self, number: u32) -> bool {
        self.on_screen.with_value(|all| all.iter().any(|(other, _)| *other == number))
    }

    /// The engine also holds keys before the user has accepted the notice or created the new
    /// passkey. Obtaining the keys counts as activity.
    fn watch_for_keys(self) {
        let vault = self.vault;
        let (is_open, has_notice) = (
            Memo::new(move |_| vault.opened.with(Option::is_some)),
            Memo::new(move |_| vault.notice.with(Option::is_some)),
        );
        Effect::new(move || {
            if is_open.get() || has_notice.get() || vault.recovering.get() {
                self.last_activity.set_value(time::now());
            }
        });
    }

    /// The deadline is checked before activity moves it: a key press after a night must not keep
    /// the vault open. While the user is being warned, only the answer moves it.
    fn handle_activity(self) {
        self.check();
        if !self.warning.get_untracked() {
            self.last_activity.set_value(time::now());
        }
    }

    /// Takes Escape as the answer to the warning at once. The event that says that the dialog has
    /// closed comes later, when the deadline may have passed.
    fn handle_key(self, event: &KeyboardEvent) {
        if self.warning.get_untracked() && pressed_key(event).as_deref() == Some("Escape") {
            self.stay();
        } else {
            self.handle_activity();
        }
    }

    fn check(self) {
        if !self.vault.has_keys() {
            return;
        }
        let elapsed = time::now() - self.last_activity.get_value();
        let waits = self.on_screen.with_value(|all| !all.is_empty());
        let limit = limit_ms(self.preferences.idle.get_untracked(), waits);
        match judge(elapsed, limit) {
            Verdict::InUse => {}
            Verdict::Warn { seconds_left } => {
                if self.seconds_left.get_untracked() != seconds_left {
                    self.seconds_left.set(seconds_left);
                }
                if !self.warning.get_untracked() {
                    self.is_asking.set_value(true);
                    self.warning.set(true);
                }
            }
            Verdict::Lock => lock::lock_unused(self.vault, self.lost()),
        }
    }

    /// Returns what is lost when the vault locks now.
    fn lost(self) -> Option<Lost> {
        let on_screen = self.on_screen.with_value(|all| all.iter().find_map(|(_, what)| what.lost()));
        on_screen.or_else(|| self.vault.unsaved.is_dirty().then_some(Lost::Form))
    }
}

/// Returns the minutes without activity after which the vault locks. `waits` says that something is
/// on screen that the lock waits for.
pub(crate) fn limit_minutes(chosen: u32, waits: bool) -> u32 {
    if waits { chosen.max(ON_SCREEN_MINUTES) } else { chosen }
}

fn limit_ms(chosen: u32, waits: bool) -> f64 {
    f64::from(limit_minutes(chosen, waits)) * MINUTE_MS
}

/// What to do about a vault after a time without activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    InUse,
    Lock,
    Warn { seconds_left: u32 },
}

/// Judges the time since the last activity. A clock that was set back further than clocks are
/// corrected locks the vault, since the elapsed time is then unknown.
fn judge(elapsed: f64, limit: f64) -> Verdict {
    let left = limit - elapsed;
    if elapsed <= -STEP_BACK_MS || left <= 0.0 {
        Verdict::Lock
    } else if left <= WARNING_MS {
        Verdict::Warn { seconds_left: whole_seconds(left / SECOND_MS) }
    } else {
        Verdict::InUse
    }
}

/// Rounds up to whole seconds, [`WARNING_MS`] at most.
fn whole_seconds(left: f64) -> u32 {
    (1..30).find(|&seconds| f64::from(seconds) >= left).unwrap_or(30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_the_first_moment_over() {
        assert_eq!(judge(0.0, MINUTE_MS), Verdict::InUse);
        assert_eq!(judge(59_999.0, MINUTE_MS), Verdict::Warn { seconds_left: 1 });
        assert_eq!(judge(60_000.0, MINUTE_MS), Verdict::Lock);
        assert_eq!(judge(8.0 * 60.0 * MINUTE_MS, MINUTE_MS), Verdict::Lock, "a night");
    }

    #[test]
    fn the_warning_comes_twenty_seconds_before_at_least() {
        for minutes in crate::state::preferences::IDLE_CHOICES {
            let limit = limit_ms(minutes, false);
            assert_eq!(judge(limit - 30_001.0, limit), Verdict::InUse, "{minutes}");
            assert_eq!(judge(limit - 30_000.0, limit), Verdict::Warn { seconds_left: 30 }, "{minutes}");
            assert_eq!(judge(limit - 20_000.0, limit), Verdict::Warn { seconds_left: 20 }, "{minutes}");
        }
    }

    #[test]
    fn the_lock_waits_thirty_minutes_for_what_is_on_screen() {
        assert_eq!(limit_minutes(10, false), 10);
        assert_eq!(limit_minutes(10, true), 30);
        assert_eq!(limit_minutes(60, true), 60);
    }

    #[test]
    fn a_clock_set_back_locks_and_a_clock_corrected_does_not() {
        let limit = 60.0 * MINUTE_MS;
        assert_eq!(judge(-1.0, limit), Verdict::InUse);
        assert_eq!(judge(-59_999.0, limit), Verdict::InUse);
        assert_eq!(judge(-60_000.0, limit), Verdict::Lock);
    }
}

//! Hides a revealed secret when its time is up, when the tab is hidden, and when its page is left.

use std::time::Duration;

use leptos::{ev, prelude::*};

use crate::browser::time;

/// The longest time that is left after a secret's time was extended, in seconds.
const EXTENDED_LIMIT: f64 = 600.0;

/// Counts down the time that a secret stays revealed. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct RevealTimer {
    until: RwSignal<Option<f64>>,
    /// The time that it started with, in seconds.
    seconds: StoredValue<u32>,
    seconds_left: RwSignal<u32>,
    ticking: StoredValue<Option<IntervalHandle>>,
    wipe: Callback<()>,
}

impl RevealTimer {
    /// Creates a timer. `wipe` removes the secret from the page.
    pub(crate) fn new(wipe: impl Fn() + Send + Sync + 'static) -> Self {
        let timer = Self {
            until: RwSignal::new(None),
            seconds: StoredValue::new(0),
            seconds_left: RwSignal::new(0),
            ticking: StoredValue::new(None),
            wipe: Callback::new(move |()| wipe()),
        };
        let visibility_change = window_event_listener(ev::visibilitychange, move |_| {
            if document().hidden() {
                timer.hide();
            }
        });
        // The back/forward cache must not keep the secret either.
        let page_hide = window_event_listener(ev::pagehide, move |_| timer.hide());
        on_cleanup(move || {
            visibility_change.remove();
            page_hide.remove();
            timer.hide();
        });
        timer
    }

    /// Starts the countdown.
    pub(crate) fn start(self, seconds: u32) {
        self.seconds.set_value(seconds);
        self.until.set(Some(time::now() + f64::from(seconds) * 1_000.0));
        self.update_countdown();
        self.stop_ticking();
        let ticking = set_interval_with_handle(move || self.update_countdown(), Duration::from_millis(250));
        self.ticking.set_value(ticking.ok());
    }

    /// Adds the time that the countdown started with, if the secret is still revealed.
    pub(crate) fn extend(self) {
        self.update_countdown();
        self.until.update(|until| {
            if let Some(until) = until {
                *until = extended(*until, self.seconds.get_value(), time::now());
            }
        });
        self.update_countdown();
    }

    /// Hides the secret.
    pub(crate) fn hide(self) {
        self.wipe.try_run(());
        self.stop_ticking();
        self.until.try_set(None);
    }

    /// Returns whether the secret is revealed.
    pub(crate) fn is_revealed(self) -> bool {
        self.until.with(Option::is_some)
    }

    /// Like [`Self::is_revealed`], without subscribing to changes.
    pub(crate) fn is_revealed_untracked(self) -> bool {
        self.until.with_untracked(Option::is_some)
    }

    /// Returns the number of seconds until the secret is hidden.
    pub(crate) fn seconds_left(self) -> u32 {
        self.seconds_left.get()
    }

    /// Updates the countdown from the clock, since ticks may be delayed.
    fn update_countdown(self) {
        let Some(until) = self.until.try_get_untracked().flatten() else { return };
        let left = ((until - time::now()) / 1_000.0).ceil();
        if left < 1.0 {
            self.hide();
        } else if self.seconds_left.get_untracked() != whole_seconds(left) {
            self.seconds_left.set(whole_seconds(left));
        }
    }

    fn stop_ticking(self) {
        if let Some(ticking) = self.ticking.try_update_value(Option::take).flatten() {
            ticking.clear();
        }
    }
}

/// Returns the later time. All times but `seconds` are in milliseconds.
fn extended(until: f64, seconds: u32, now: f64) -> f64 {
    let limit = f64::max(until, now + EXTENDED_LIMIT * 1_000.0);
    f64::min(until + f64::from(seconds) * 1_000.0, limit)
}

/// Converts seconds to an integer, rounded up.
fn whole_seconds(left: f64) -> u32 {
    let seconds = Duration::try_from_secs_f64(left.ceil()).map_or(0, |left| left.as_secs());
    u32::try_from(seconds).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_whole_and_bounded() {
        assert_eq!(whole_seconds(30.0), 30);
        assert_eq!(whole_seconds(29.2), 30);
        assert_eq!(whole_seconds(0.0), 0);
        assert_eq!(whole_seconds(-1.0), 0);
        assert_eq!(whole_seconds(1e12), u32::MAX);
    }

    #[test]
    fn time_is_added_up_to_a_limit_and_never_taken() {
        assert_eq!(extended(40_000.0, 30, 20_000.0), 70_000.0);
        assert_eq!(extended(590_000.0, 30, 0.0), 600_000.0);
        assert_eq!(extended(900_000.0, 30, 0.0), 900_000.0);
    }
}

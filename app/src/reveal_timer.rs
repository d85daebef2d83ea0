//! A secret that is on screen for a while: it hides itself when its time is up, when the tab goes out of sight, when its page is left.

use std::time::Duration;

use leptos::{ev, prelude::*};

use crate::time;

/// The time that is left for what is shown; a copy is the same.
#[derive(Clone, Copy)]
pub(crate) struct RevealTimer {
    until: RwSignal<Option<f64>>,
    seconds_left: RwSignal<u32>,
    ticking: StoredValue<Option<IntervalHandle>>,
    wipe: Callback<()>,
}

impl RevealTimer {
    /// `wipe` takes the secret out of the page.
    pub(crate) fn new(wipe: impl Fn() + Send + Sync + 'static) -> Self {
        let timer = Self {
            until: RwSignal::new(None),
            seconds_left: RwSignal::new(0),
            ticking: StoredValue::new(None),
            wipe: Callback::new(move |()| wipe()),
        };
        let visibility_change = window_event_listener(ev::visibilitychange, move |_| {
            if document().hidden() {
                timer.hide();
            }
        });
        // A page that the browser keeps for Back must not hold it either.
        let page_hide = window_event_listener(ev::pagehide, move |_| timer.hide());
        on_cleanup(move || {
            visibility_change.remove();
            page_hide.remove();
            timer.hide();
        });
        timer
    }

    /// It is on screen from now on.
    pub(crate) fn start(self, seconds: u32) {
        self.until.set(Some(time::now() + f64::from(seconds) * 1_000.0));
        self.update_countdown();
        self.stop_ticking();
        let ticking = set_interval_with_handle(move || self.update_countdown(), Duration::from_millis(250));
        self.ticking.set_value(ticking.ok());
    }

    /// Takes it off the screen.
    pub(crate) fn hide(self) {
        self.wipe.try_run(());
        self.stop_ticking();
        self.until.try_set(None);
    }

    /// Whether it is on screen.
    pub(crate) fn is_revealed(self) -> bool {
        self.until.with(Option::is_some)
    }

    /// The same, without following it.
    pub(crate) fn is_revealed_untracked(self) -> bool {
        self.until.with_untracked(Option::is_some)
    }

    /// Seconds until it hides itself.
    pub(crate) fn seconds_left(self) -> u32 {
        self.seconds_left.get()
    }

    /// Brings the countdown up to date, by the clock and not by the number of ticks.
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

/// A small whole number as such.
fn whole_seconds(left: f64) -> u32 {
    (0..60).find(|&seconds| f64::from(seconds) >= left).unwrap_or(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_whole_and_bounded() {
        assert_eq!(whole_seconds(30.0), 30);
        assert_eq!(whole_seconds(0.0), 0);
        assert_eq!(whole_seconds(1e9), 60);
    }
}

//! A secret that is on screen for a while: it hides itself when its time is up, when the tab goes out of sight, when its page is left.

use std::time::Duration;

use leptos::{ev, prelude::*};

use crate::time;

/// The time that is left for what is shown; a copy is the same.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    until: RwSignal<Option<f64>>,
    left: RwSignal<u32>,
    ticking: StoredValue<Option<IntervalHandle>>,
    wipe: Callback<()>,
}

impl Shown {
    /// `wipe` takes the secret out of the page.
    pub(crate) fn new(wipe: impl Fn() + Send + Sync + 'static) -> Self {
        let shown = Self {
            until: RwSignal::new(None),
            left: RwSignal::new(0),
            ticking: StoredValue::new(None),
            wipe: Callback::new(move |()| wipe()),
        };
        let hidden = window_event_listener(ev::visibilitychange, move |_| {
            if document().hidden() {
                shown.hide();
            }
        });
        // A page that the browser keeps for Back must not hold it either.
        let gone = window_event_listener(ev::pagehide, move |_| shown.hide());
        on_cleanup(move || {
            hidden.remove();
            gone.remove();
            shown.hide();
        });
        shown
    }

    /// It is on screen from now on.
    pub(crate) fn start(self, seconds: u32) {
        self.until.set(Some(time::now() + f64::from(seconds) * 1_000.0));
        self.count();
        self.stop();
        let ticking = set_interval_with_handle(move || self.count(), Duration::from_millis(250));
        self.ticking.set_value(ticking.ok());
    }

    /// Takes it off the screen.
    pub(crate) fn hide(self) {
        self.wipe.try_run(());
        self.stop();
        self.until.try_set(None);
    }

    /// Whether it is on screen.
    pub(crate) fn is(self) -> bool {
        self.until.with(Option::is_some)
    }

    /// The same, without following it.
    pub(crate) fn is_now(self) -> bool {
        self.until.with_untracked(Option::is_some)
    }

    /// Seconds until it hides itself.
    pub(crate) fn left(self) -> u32 {
        self.left.get()
    }

    /// Brings the countdown up to date, by the clock and not by the number of ticks.
    fn count(self) {
        let Some(until) = self.until.try_get_untracked().flatten() else { return };
        let left = ((until - time::now()) / 1_000.0).ceil();
        if left < 1.0 {
            self.hide();
        } else if self.left.get_untracked() != seconds(left) {
            self.left.set(seconds(left));
        }
    }

    fn stop(self) {
        if let Some(ticking) = self.ticking.try_update_value(Option::take).flatten() {
            ticking.clear();
        }
    }
}

/// A small whole number as such.
fn seconds(left: f64) -> u32 {
    (0..60).find(|&whole| f64::from(whole) >= left).unwrap_or(60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_whole_and_bounded() {
        assert_eq!(seconds(30.0), 30);
        assert_eq!(seconds(0.0), 0);
        assert_eq!(seconds(1e9), 60);
    }
}

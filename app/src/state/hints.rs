//! The server's hints: while a vault is open, the server tells the newest change at once, so that
//! what another device wrote appears within seconds. A hint is no more than a reason to ask: what
//! the server then shows is verified like any answer.

use std::time::Duration;

use crystallum_messages::{Failure, SyncState};
use gloo_timers::future::sleep;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

use crate::state::{sync::Synchronisation, vault::VaultState};

/// The shortest time between two questions to the server.
const SHORTEST_PAUSE: Duration = Duration::from_secs(2);
/// The longest time, after hints that nothing came of.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// When a stream is opened again that the server has refused.
const REOPEN_AFTER: Duration = Duration::from_secs(30);

#[derive(Clone, Copy)]
struct Hints {
    vault: VaultState,
    sync: Synchronisation,
    stream: StoredValue<Option<Stream>, LocalStorage>,
    /// The newest change that the server has told of.
    newest: StoredValue<u64>,
    is_asking: StoredValue<bool>,
}

/// An open stream with what listens to it.
struct Stream {
    source: EventSource,
    _listeners: [Closure<dyn FnMut(MessageEvent)>; 3],
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// Follows the server's hints for as long as the calling component is shown. Without a session
/// there are none.
pub(crate) fn follow_hints(vault: VaultState, sync: Synchronisation) {
    let hints = Hints {
        vault,
        sync,
        stream: StoredValue::new_local(None),
        newest: StoredValue::new(0),
        is_asking: StoredValue::new(false),
    };
    let wanted = Memo::new(move |_| sync.is_open() && sync.status.get() != SyncState::SignedOut);
    Effect::new(move || if wanted.get() { hints.open() } else { hints.close() });
    on_cleanup(move || hints.close());
}

impl Hints {
    fn open(self) {
        let Ok(source) = EventSource::new("/api/hints") else { return };
        let told = Closure::new(move |event: MessageEvent| {
            if let Some(counter) = event.data().as_string().and_then(|text| text.parse::<u64>().ok()) {
                self.newest.update_value(|newest| *newest = counter.max(*newest));
                self.ask();
            }
        });
        // The session is over, which the next question finds out.
        let ended = Closure::new(move |_| {
            self.close();
            spawn_local(async move { drop(self.sync.synchronise().await) });
        });
        let failed = Closure::new(move |_| self.reopen_if_refused());
        source.set_onmessage(Some(told.as_ref().unchecked_ref()));
        source.set_onerror(Some(failed.as_ref().unchecked_ref()));
        let listening = source.add_event_listener_with_callback("ended", ended.as_ref().unchecked_ref());
        if listening.is_ok() {
            self.stream.set_value(Some(Stream { source, _listeners: [told, ended, failed] }));
        }
    }

    fn close(self) {
        // A listener may be running, so what it belongs to is dropped later.
        let stream = self.stream.try_update_value(Option::take).flatten();
        if let Some(stream) = stream {
            stream.source.close();
            set_timeout(move || drop(stream), Duration::ZERO);
        }
    }

    /// A browser connects again by itself after a failure of the network, but not after a refusal.
    fn reopen_if_refused(self) {
        let is_refused = self.stream.with_value(|stream| {
            stream.as_ref().is_some_and(|stream| stream.source.ready_state() == EventSource::CLOSED)
        });
        if is_refused {
            self.close();
            set_timeout(
                move || {
                    let is_wanted = self.stream.try_with_value(Option::is_none) == Some(true)
                        && self.sync.is_open_untracked()
                        && self.sync.status.get_untracked() != SyncState::SignedOut;
                    if is_wanted {
                        self.open();
                    }
                },
                REOPEN_AFTER,
            );
        }
    }

    /// Asks the server for what is newer until this device has it.
    fn ask(self) {
        if self.is_asking.get_value() || !self.is_behind() {
            return;
        }
        self.is_asking.set_value(true);
        spawn_local(async move {
            let mut pause = SHORTEST_PAUSE;
            while self.is_behind() {
                let before = self.known();
                let result = self.sync.synchronise().await;
                if matches!(result, Err(Failure::Alarm(_) | Failure::SessionExpired)) {
                    break;
                }
                if result.is_ok() {
                    // The server has shown what it has. A hint of more was false.
                    self.newest.try_update_value(|newest| *newest = (*newest).min(self.known()));
                }
                pause = next_pause(pause, self.known() > before);
                sleep(pause).await;
            }
            let _ended = self.is_asking.try_update_value(|asking| *asking = false);
        });
    }

    /// Returns whether the server has told of a change that this device does not have.
    fn is_behind(self) -> bool {
        self.sync.is_open_untracked()
            && self.newest.try_get_value().is_some_and(|newest| newest > self.known())
    }

    /// Returns the newest change that this device has.
    fn known(self) -> u64 {
        self.vault.opened.with_untracked(|opened| opened.as_ref().map_or(u64::MAX, |opened| opened.change))
    }
}

/// Returns the pause before the next question, after one that something came of or nothing.
fn next_pause(pause: Duration, came: bool) -> Duration {
    if came { SHORTEST_PAUSE } else { pause.saturating_mul(2).min(LONGEST_PAUSE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn false_hints_are_followed_ever_more_rarely() {
        let mut pause = SHORTEST_PAUSE;
        let mut seen = Vec::new();
        for _ in 0..6 {
            pause = next_pause(pause, false);
            seen.push(pause.as_secs());
        }
        assert_eq!(seen, [4, 8, 16, 32, 60, 60]);
        assert_eq!(next_pause(pause, true), SHORTEST_PAUSE);
    }
}

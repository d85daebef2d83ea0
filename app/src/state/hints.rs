//! The server's hints: while a vault is open, the server tells the newest change at once, so that
//! what another device wrote appears within seconds. A hint is no more than a reason to ask: what
//! the server then shows is verified like any answer.

use std::time::Duration;

use crystallum_messages::{Failure, SyncState};
use gloo_timers::future::sleep;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

use crate::state::{hint_progress::HintProgress, sync::Synchronisation, vault::VaultState};

/// When a stream is opened again that the server has refused.
const REOPEN_AFTER: Duration = Duration::from_secs(30);

#[derive(Clone, Copy)]
struct Hints {
    vault: VaultState,
    sync: Synchronisation,
    stream: StoredValue<Option<Stream>, LocalStorage>,
    progress: StoredValue<HintProgress>,
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
        progress: StoredValue::new(HintProgress::new()),
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
                self.progress.update_value(|progress| progress.note_told(counter));
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
        let begin = move || {
            let known = self.sync.is_open_untracked().then(|| self.known())?;
            self.progress.try_update_value(|progress| progress.begin(known))?
        };
        let Some(mut question) = begin() else { return };
        spawn_local(async move {
            loop {
                let result = self.sync.synchronise().await;
                let pause = self
                    .progress
                    .try_update_value(|progress| progress.answer(question, result.is_ok(), self.known()));
                let Some(pause) = pause else { return };
                sleep(pause).await;
                self.progress.try_update_value(HintProgress::end);
                if matches!(result, Err(Failure::Alarm(_) | Failure::SessionExpired)) {
                    return;
                }
                match begin() {
                    Some(next) => question = next,
                    None => return,
                }
            }
        });
    }

    /// Returns the newest change that this device has.
    fn known(self) -> u64 {
        self.vault.opened.with_untracked(|opened| opened.as_ref().map_or(u64::MAX, |opened| opened.change))
    }
}

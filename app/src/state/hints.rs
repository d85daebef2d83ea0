//! The server's hints: while a vault is open, the server tells the newest change at once, so that
//! what another device wrote appears within seconds. A hint is no more than a reason to ask: what
//! the server then shows is verified like any answer. While the server refuses a stream, this
//! device asks from time to time, and when the user comes back to the page.

use std::time::Duration;

use crystallum_messages::{Failure, SyncState};
use gloo_timers::future::sleep;
use leptos::{ev, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

use crate::state::{hint_progress::HintProgress, sync::Synchronisation, vault::VaultState};

#[derive(Clone, Copy)]
struct Hints {
    vault: VaultState,
    sync: Synchronisation,
    stream: StoredValue<Option<Stream>, LocalStorage>,
    progress: StoredValue<HintProgress>,
    /// When the stream is opened again that the server has refused.
    reopening: StoredValue<Option<TimeoutHandle>>,
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
        reopening: StoredValue::new(None),
    };
    // Another vault has another session, and counts its changes by itself.
    let wanted = Memo::new(move |_| {
        let is_wanted = sync.is_open() && has_session(sync.status.get());
        vault.opened.with(|opened| opened.as_ref().map(|opened| opened.id)).filter(|_| is_wanted)
    });
    Effect::new(move || {
        hints.close();
        if wanted.get().is_some() {
            hints.progress.set_value(HintProgress::new());
            hints.open();
        }
    });
    let focus = window_event_listener(ev::focus, move |_| hints.reopen());
    on_cleanup(move || {
        focus.remove();
        hints.close();
    });
}

/// Returns whether there may be a session that tells of changes.
fn has_session(status: SyncState) -> bool {
    !matches!(status, SyncState::SignedOut | SyncState::PasskeyLost)
}

impl Hints {
    fn open(self) {
        self.cancel_reopening();
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
        self.cancel_reopening();
        // A listener may be running, so what it belongs to is dropped later.
        let stream = self.stream.try_update_value(Option::take).flatten();
        if let Some(stream) = stream {
            stream.source.close();
            set_timeout(move || drop(stream), Duration::ZERO);
        }
    }

    /// A browser connects again by itself after a failure of the network, but not after a refusal:
    /// the session is over, or there are too many streams. Until there is one, this device asks
    /// each time that one is refused.
    fn reopen_if_refused(self) {
        let is_refused = self.stream.with_value(|stream| {
            stream.as_ref().is_some_and(|stream| stream.source.ready_state() == EventSource::CLOSED)
        });
        if is_refused {
            self.close();
            let pause = self.progress.try_update_value(HintProgress::note_refused);
            let timer = pause.and_then(|pause| set_timeout_with_handle(move || self.reopen(), pause).ok());
            self.reopening.set_value(timer);
            self.ask();
        }
    }

    /// Opens a stream if one was refused, and is still wanted.
    fn reopen(self) {
        let is_wanted = self.stream.try_with_value(Option::is_none) == Some(true)
            && self.sync.is_open_untracked()
            && has_session(self.sync.status.get_untracked());
        if is_wanted {
            self.open();
        }
    }

    fn cancel_reopening(self) {
        if let Some(timer) = self.reopening.try_update_value(Option::take).flatten() {
            timer.clear();
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

//! What this page has copied, and its removal from the clipboard. Browsers let a page write to the
//! clipboard only after a click or a key press, so what is due is removed at the next one.

mod attempt;

use std::time::Duration;

use crystallum_messages::{Field, SecretText};
use futures_channel::oneshot;
use leptos::{ev, prelude::*, task::spawn_local};

use crate::{
    browser::{
        clipboard::{self, ReadAccess},
        clipboard_mark,
        fingerprint::Fingerprint,
        time,
    },
    state::preferences::Preferences,
};
use attempt::{Outcome, Trace};

const TIMER_TOLERANCE_MS: f64 = 50.0;

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// A recovery code.
    Code,
    /// A field of an exchange key.
    Field(Field),
}

/// What happened to the last copy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum CopyState {
    /// The clipboard was cleared.
    Cleared,
    /// The browser refused to copy.
    Failed,
    /// The time is over. It is cleared at the next click or key press.
    Due(Item),
    /// The browser refused to clear the clipboard although the user asked for it.
    NotCleared,
    /// The secret is on the clipboard. It is due at this time, in milliseconds since 1970.
    OnClipboard { item: Item, until: f64, access: ReadAccess },
    /// Something else was copied meanwhile, and was left there.
    Replaced,
    /// The time is over, and the page cannot know whether something else was copied meanwhile.
    Unknown { item: Item, access: ReadAccess },
}

impl CopyState {
    /// Returns whether the secret may still be on the clipboard.
    pub(crate) fn can_be_cleared(self) -> bool {
        !matches!(self, Self::Cleared | Self::Failed | Self::Replaced)
    }
}

/// A secret that this page has put on the clipboard.
#[derive(Clone, Debug)]
struct Copied {
    /// Tells this copy from later ones.
    number: u32,
    item: Item,
    owner: u32,
    until: f64,
    trace: Trace,
}

/// The clipboard, as far as this page has filled it. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct Clipboard {
    /// Identifies the component that copies with this handle, if it is one component.
    owner: u32,
    /// The components on screen that report their own copies.
    reporting: RwSignal<Vec<u32>>,
    last_number: StoredValue<u32>,
    /// What happened to the last copy, and which component made it.
    state: RwSignal<Option<(u32, CopyState)>>,
    copied: StoredValue<Option<Copied>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    is_clearing: StoredValue<bool>,
    preferences: Preferences,
}

impl Clipboard {
    /// Creates the clipboard state, puts it into the context, and begins to watch for clicks.
    pub(crate) fn provide(preferences: Preferences) -> Self {
        let clipboard = Self {
            owner: 0,
            reporting: RwSignal::new(Vec::new()),
            last_number: StoredValue::new(0),
            state: RwSignal::new(None),
            copied: StoredValue::new(None),
            timer: StoredValue::new(None),
            is_clearing: StoredValue::new(false),
            preferences,
        };
        provide_context(clipboard);
        window_event_listener(ev::pointerup, move |_| clipboard.clear_if_due(true));
        window_event_listener(ev::click, move |_| clipboard.clear_if_due(true));
        window_event_listener(ev::keydown, move |_| clipboard.clear_if_due(true));
        window_event_listener(ev::focus, move |_| clipboard.clear_if_due(false));
        window_event_listener(ev::blur, move |_| clipboard.note_other_copies());
        window_event_listener(ev::visibilitychange, move |_| clipboard.note_other_copies());
        window_event_listener(ev::copy, move |_| clipboard.note_other_copies());
        window_event_listener(ev::cut, move |_| clipboard.note_other_copies());
        clipboard
    }

    /// Returns the handle that reports the copies of components that are no longer on screen.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Returns a handle for one component. It reports only that component's copies, so a page that
    /// is shown again does not report earlier ones.
    pub(crate) fn for_component() -> Self {
        let clipboard = Self::from_context();
        let owner = clipboard.next_number();
        clipboard.reporting.update(|all| all.push(owner));
        on_cleanup(move || clipboard.reporting.update(|all| all.retain(|other| *other != owner)));
        Self { owner, ..clipboard }
    }

    fn next_number(self) -> u32 {
        self.last_number.update_value(|number| *number = number.wrapping_add(1));
        self.last_number.get_value()
    }

    /// Returns what happened to the last copy, if it is for this handle to report.
    pub(crate) fn copy_state(self) -> Option<CopyState> {
        let (owner, copied) = self.state.get()?;
        let reporter = if self.reporting.with(|all| all.contains(&owner)) { owner } else { 0 };
        (reporter == self.owner).then_some(copied)
    }

    /// Drops the report of a copy that is over, because the user goes to another page.
    pub(crate) fn drop_finished_report(self) {
        if self.state.get_untracked().is_some_and(|(_, copied)| !copied.can_be_cleared()) {
            self.state.set(None);
        }
    }

    /// Copies a secret that is still to be fetched. This must be called by the handler of a click
    /// itself. Without a secret the clipboard stays as it is.
    pub(crate) fn copy(self, item: Item, secret: impl Future<Output = Option<SecretText>> + 'static) {
        let (sender, found) = oneshot::channel();
        let writing = clipboard::write(async move {
            let secret = secret.await?;
            let _sent = sender.send(Fingerprint::of(secret.expose()).await);
            Some(secret)
        });
        spawn_local(async move {
            let written = writing.await;
            // A browser may refuse before there is a secret. Whoever fetches it says why there is
            // none.
            let Ok(fingerprint) = found.await else { return };
            match written {
                Ok(()) => self.begin_countdown(item, fingerprint).await,
                Err(_) => self.state.set(Some((self.owner, CopyState::Failed))),
            }
        });
    }

    async fn begin_countdown(self, item: Item, fingerprint: Option<Fingerprint>) {
        let access = clipboard::read_access().await;
        let wait = Duration::from_secs(self.preferences.clipboard_seconds.get_untracked().into());
        let until = time::now() + wait.as_secs_f64() * 1_000.0;
        self.cancel_timer();
        clipboard_mark::set(true);
        self.copied.set_value(Some(Copied {
            number: self.next_number(),
            item,
            owner: self.owner,
            until,
            trace: Trace { fingerprint, access, is_uncertain: !document().has_focus().unwrap_or(false) },
        }));
        self.state.set(Some((self.owner, CopyState::OnClipboard { item, until, access })));
        let timer = set_timeout_with_handle(move || self.clear_if_due(false), wait);
        self.timer.set_value(timer.ok());
    }

    /// Clears the clipboard because the user asked for it. Where the page may look without asking,
    /// text that somebody else copied stays. This must be called by the handler of a click itself.
    pub(crate) fn clear_now(self) {
        let attempt = attempt::begin_on_request(self.copied.get_value().map(|copied| copied.trace));
        spawn_local(async move {
            let state = match attempt.finish().await {
                Outcome::Cleared => CopyState::Cleared,
                Outcome::Replaced => CopyState::Replaced,
                Outcome::Refused | Outcome::Unknown => CopyState::NotCleared,
            };
            if !state.can_be_cleared() {
                self.forget();
                clipboard_mark::set(false);
            }
            self.state.set(Some((self.owner, state)));
        });
    }

    /// Begins to clear the clipboard before the vault locks, if it holds a secret of this page.
    /// Returns whether the secret may still be there afterwards.
    pub(crate) fn clear_before_locking(self) -> impl Future<Output = bool> {
        let attempt = self.copied.get_value().map(|copied| attempt::begin(copied.trace, true));
        async move {
            let Some(attempt) = attempt else { return false };
            let is_left = matches!(attempt.finish().await, Outcome::Refused | Outcome::Unknown);
            if !is_left {
                clipboard_mark::set(false);
            }
            is_left
        }
    }

    /// Clears the clipboard if the time of what was copied is over. `by_touch` says that the user
    /// has just clicked or pressed a key.
    fn clear_if_due(self, by_touch: bool) {
        // Timers may run a moment too early.
        let is_due = |copied: &Copied| copied.until <= time::now() + TIMER_TOLERANCE_MS;
        let Some(copied) = self.copied.get_value().filter(is_due) else { return };
        if self.is_clearing.get_value() {
            return;
        }
        self.is_clearing.set_value(true);
        let (number, item, owner) = (copied.number, copied.item, copied.owner);
        let access = copied.trace.access;
        let is_last_try = by_touch && access == ReadAccess::Click;
        let can_try_later = !is_last_try && access == ReadAccess::Click;
        let attempt = attempt::begin(copied.trace, by_touch);
        spawn_local(async move {
            let outcome = attempt.finish().await;
            self.is_clearing.set_value(false);
            // The user may have cleared the clipboard, or copied something else, meanwhile.
            let is_current = self
                .copied
                .with_value(|copied| copied.as_ref().is_some_and(|copied| copied.number == number));
            if !is_current {
                return;
            }
            let state = match outcome {
                Outcome::Cleared => CopyState::Cleared,
                Outcome::Replaced => CopyState::Replaced,
                Outcome::Unknown if !can_try_later => CopyState::Unknown { item, access },
                Outcome::Refused | Outcome::Unknown => CopyState::Due(item),
            };
            if !state.can_be_cleared() {
                clipboard_mark::set(false);
            }
            // Where the browser asks the user about other text, it is asked once only.
            if !state.can_be_cleared() || (is_last_try && outcome == Outcome::Unknown) {
                self.forget();
            }
            self.state.set(Some((owner, state)));
        });
    }

    /// Notes that something else may have been copied.
    fn note_other_copies(self) {
        self.copied.update_value(|copied| {
            if let Some(copied) = copied {
                copied.trace.is_uncertain = true;
            }
        });
    }

    fn forget(self) {
        self.cancel_timer();
        self.copied.set_value(None);
    }

    fn cancel_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}

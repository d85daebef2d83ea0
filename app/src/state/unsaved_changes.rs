//! Asks for confirmation before a form with unsaved input, a new recovery phrase, or a recovery
//! sheet that is shown once, is left by a link, by Back, by locking, or by closing the tab.

use leptos::{
    ev::{self, MouseEvent},
    prelude::*,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, Event, HtmlAnchorElement};

use crate::state::navigation::Navigation;

/// Where the user wants to go.
pub(crate) enum Destination {
    /// Another page of this app.
    Address(String),
    /// One step back in the browser's history.
    Back,
    /// Whatever this function does.
    Step(Box<dyn FnOnce()>),
}

/// How the user leaves what is on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Departure {
    /// To another page or step.
    Leave,
    /// By locking the vault.
    Lock,
    /// By locking the vault, which keeps what was typed in place of an earlier draft.
    LockOverDraft,
}

/// What is lost by leaving the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// What was typed into a form.
    Input,
    /// A recovery phrase that was just made.
    Phrase,
    /// The code of a recovery sheet, which is shown only once.
    Sheet,
}

/// Whether the form on screen has unsaved input, and where the user wants to go instead. Copies
/// share the same state.
#[derive(Clone, Copy)]
pub(crate) struct UnsavedChanges {
    /// Whether the confirmation dialog is open.
    pub(crate) asking: RwSignal<bool>,
    /// What the user would lose.
    pub(crate) loss: RwSignal<Loss>,
    /// How the user would lose it.
    pub(crate) departure: RwSignal<Departure>,
    dirty: StoredValue<bool>,
    destination: StoredValue<Option<Destination>, LocalStorage>,
    /// The form's own address. When Back is noticed, the browser's address has already changed.
    form_address: StoredValue<String>,
}

impl UnsavedChanges {
    /// Creates the state, puts it into the context and starts to listen. Must be called before the
    /// router is created, because listeners on the window run in the order in which they were
    /// added. `locking` says whether the vault is being locked.
    pub(super) fn provide(locking: RwSignal<bool>) -> Self {
        let unsaved = Self {
            asking: RwSignal::new(false),
            loss: RwSignal::new(Loss::Input),
            departure: RwSignal::new(Departure::Leave),
            dirty: StoredValue::new(false),
            destination: StoredValue::new_local(None),
            form_address: StoredValue::new(String::new()),
        };
        provide_context(unsaved);
        add_capturing_listener("click", move |event| unsaved.handle_click(&event));
        add_capturing_listener("popstate", move |event| unsaved.handle_back(&event));
        window_event_listener(ev::beforeunload, move |event| {
            // Locking replaces the page on purpose.
            if unsaved.is_dirty() && !locking.get_untracked() {
                event.prevent_default();
            }
        });
        unsaved
    }

    /// Registers a form while it is on screen. The form calls [`Self::mark_dirty`] on the result
    /// when its input changes.
    pub(crate) fn track_form() -> Self {
        let (unsaved, navigation) = (expect_context::<Self>(), Navigation::from_context());
        navigation.open_forms.update(|open_forms| *open_forms += 1);
        on_cleanup(move || {
            navigation.open_forms.update(|open_forms| *open_forms = open_forms.saturating_sub(1));
            unsaved.mark_clean();
        });
        unsaved
    }

    /// Records that the form has unsaved input, unless more than that would be lost.
    pub(crate) fn mark_dirty(self) {
        if !self.is_dirty() {
            self.guard(Loss::Input);
        }
    }

    /// Records what leaving the page would lose.
    pub(crate) fn guard(self, loss: Loss) {
        self.loss.set(loss);
        if !self.is_dirty() {
            self.dirty.set_value(true);
            self.form_address.set_value(location().href().unwrap_or_default());
        }
    }

    /// Records that there is no unsaved input: it was saved or discarded.
    pub(crate) fn mark_clean(self) {
        self.dirty.try_update_value(|dirty| *dirty = false);
    }

    /// Leaves what is on screen by `go`, after a question if something would be lost.
    pub(crate) fn leave_by(self, departure: Departure, go: impl FnOnce() + 'static) {
        if self.is_dirty() {
            self.ask_before_leaving(departure, Destination::Step(Box::new(go)));
        } else {
            go();
        }
    }

    /// Discards the input and returns where the user wants to go.
    pub(crate) fn confirm_leaving(self) -> Option<Destination> {
        self.mark_clean();
        self.asking.set(false);
        self.destination.try_update_value(Option::take).flatten()
    }

    /// Returns whether there is unsaved input.
    pub(crate) fn is_dirty(self) -> bool {
        self.dirty.try_get_value().unwrap_or(false)
    }

    fn ask_before_leaving(self, departure: Departure, destination: Destination) {
        self.departure.set(departure);
        self.destination.set_value(Some(destination));
        self.asking.set(true);
    }

    fn handle_click(self, event: &Event) {
        if !self.is_dirty() {
            return;
        }
        // A form's own Cancel discards what was typed, but not what cannot be typed again.
        let cancels = self.loss.get_untracked() == Loss::Input;
        let Some(address) = event.dyn_ref().and_then(|event| link_target(event, cancels)) else { return };
        event.prevent_default();
        event.stop_propagation();
        self.ask_before_leaving(Departure::Leave, Destination::Address(address));
    }

    fn handle_back(self, event: &Event) {
        if !self.is_dirty() {
            return;
        }
        event.stop_immediate_propagation();
        let address = self.form_address.get_value();
        // Going back removed only the form's own history entry. This adds it again.
        if let Ok(history) = window().history() {
            drop(history.push_state_with_url(&JsValue::NULL, "", Some(&address)));
        }
        self.ask_before_leaving(Departure::Leave, Destination::Back);
    }
}

/// Returns the page of this app that a click leads to. Links with `data-discard` discard the input
/// on purpose and are ignored if `cancels` is true.
fn link_target(event: &MouseEvent, cancels: bool) -> Option<String> {
    if event.button() != 0 || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
        return None;
    }
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let link = target.closest("a[href]:not([target], [download])").ok()??;
    if cancels && link.has_attribute("data-discard") {
        return None;
    }
    let link = link.dyn_into::<HtmlAnchorElement>().ok()?;
    let here = location();
    let same_origin = link.origin() == here.origin().ok()?;
    // Links within the page only scroll.
    let other_page = link.hash().is_empty() || link.pathname() != here.pathname().ok()?;
    (same_origin && other_page).then(|| link.pathname() + &link.search())
}

/// Adds a listener to the window that runs before all listeners on elements, for as long as the
/// page lives.
fn add_capturing_listener(name: &'static str, handler: impl Fn(Event) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(handler);
    let function = listener.as_ref().unchecked_ref();
    drop(window().add_event_listener_with_callback_and_bool(name, function, true));
    listener.forget();
}

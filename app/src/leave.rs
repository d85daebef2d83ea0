//! A form that was typed into is not left without a question: not by a link, not by Back, not by closing the tab.

use leptos::{
    ev::{self, MouseEvent},
    prelude::*,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, Event, HtmlAnchorElement};

use crate::session::Session;

/// Where the person wants to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum To {
    /// Another page of this app.
    Address(String),
    /// One step back in the browser's history.
    Back,
}

/// Whether the form on screen was typed into, and where the person wants to go instead; a copy is the same state.
#[derive(Clone, Copy)]
pub(crate) struct Leaving {
    /// The question is on screen.
    pub(crate) asking: RwSignal<bool>,
    typed: StoredValue<bool>,
    to: StoredValue<Option<To>>,
    /// The form's own address, for when Back has changed it already.
    address: StoredValue<String>,
}

impl Leaving {
    /// Puts it into the context and starts to watch: before there is a router, since listeners at the window are called in their order.
    pub(crate) fn provide(session: Session) {
        let leaving = Self {
            asking: RwSignal::new(false),
            typed: StoredValue::new(false),
            to: StoredValue::new(None),
            address: StoredValue::new(String::new()),
        };
        provide_context(leaving);
        capture("click", move |event| leaving.clicked(&event));
        capture("popstate", move |event| leaving.went_back(&event));
        window_event_listener(ev::beforeunload, move |event| {
            // Locking replaces the page on purpose.
            if leaving.is_typed() && !session.leaving.get_untracked() {
                event.prevent_default();
            }
        });
    }

    /// Counts a form as a draft while it is on screen; the result is told when somebody types.
    pub(crate) fn keep() -> Self {
        let (leaving, session) = (expect_context::<Self>(), Session::here());
        session.drafts.update(|drafts| *drafts += 1);
        on_cleanup(move || {
            session.drafts.update(|drafts| *drafts = drafts.saturating_sub(1));
            leaving.forget();
        });
        leaving
    }

    /// Something was typed.
    pub(crate) fn typed(self) {
        if !self.is_typed() {
            self.typed.set_value(true);
            self.address.set_value(location().href().unwrap_or_default());
        }
    }

    /// There is nothing to lose any more: it is saved, or given up.
    pub(crate) fn forget(self) {
        self.typed.try_update_value(|typed| *typed = false);
    }

    /// The person goes on: where to.
    pub(crate) fn take(self) -> Option<To> {
        self.forget();
        self.asking.set(false);
        self.to.try_update_value(Option::take).flatten()
    }

    fn is_typed(self) -> bool {
        self.typed.try_get_value().unwrap_or(false)
    }

    fn ask(self, to: To) {
        self.to.set_value(Some(to));
        self.asking.set(true);
    }

    fn clicked(self, event: &Event) {
        let (true, Some(address)) = (self.is_typed(), event.dyn_ref::<MouseEvent>().and_then(destination))
        else {
            return;
        };
        event.prevent_default();
        event.stop_propagation();
        self.ask(To::Address(address));
    }

    fn went_back(self, event: &Event) {
        if !self.is_typed() {
            return;
        }
        event.stop_immediate_propagation();
        let address = self.address.get_value();
        // The step back dropped nothing but the form's own entry: this puts it there again.
        if let Ok(history) = window().history() {
            drop(history.push_state_with_url(&JsValue::NULL, "", Some(&address)));
        }
        self.ask(To::Back);
    }
}

/// The page of this app that a click leads to. Links with `data-discard` say themselves that what was typed goes.
fn destination(event: &MouseEvent) -> Option<String> {
    if event.button() != 0 || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
        return None;
    }
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let link = target.closest("a[href]:not([data-discard], [target], [download])").ok()??;
    let link = link.dyn_into::<HtmlAnchorElement>().ok()?;
    let here = location();
    let inside = link.origin() == here.origin().ok()?;
    // Links within the page only scroll.
    let elsewhere = link.hash().is_empty() || link.pathname() != here.pathname().ok()?;
    (inside && elsewhere).then(|| link.pathname() + &link.search())
}

/// Listens at the window, and before all else to what has a way there; for as long as the page lives.
fn capture(name: &'static str, heard: impl Fn(Event) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(heard);
    let function = listener.as_ref().unchecked_ref();
    drop(window().add_event_listener_with_callback_and_bool(name, function, true));
    listener.forget();
}

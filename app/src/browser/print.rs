//! Opens the browser's print dialog, and notices when there is none.

use std::{cell::Cell, rc::Rc};

use gloo_timers::future::TimeoutFuture;
use leptos::{ev, prelude::*};

/// How long a browser may take to begin, in milliseconds.
const PATIENCE_MS: u32 = 1_000;

/// Asks the browser to print. Returns whether it began to.
pub(crate) async fn print() -> bool {
    let has_begun = Rc::new(Cell::new(false));
    let begun = Rc::clone(&has_begun);
    let listener = window_event_listener(ev::beforeprint, move |_| begun.set(true));
    // Some browsers wait here until the dialog is closed.
    let is_asked = window().print().is_ok();
    if is_asked && !has_begun.get() {
        TimeoutFuture::new(PATIENCE_MS).await;
    }
    listener.remove();
    has_begun.get()
}
